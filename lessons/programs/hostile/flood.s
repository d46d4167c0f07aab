; flood.s - floods the switch with frames to everyone
;
; The attack: frames of the greatest size to address 255, everyone, one after the other without end, to fill other
; guests' memory or keep their kernels busy with interrupts.
; The wall: a frame goes only into a buffer that its receiver handed over, at most 16 wait at each card, more are
; dropped, and one buffer makes one interrupt (Network.swift, `arrive`). The sender's time is its own share.
; One sees: the neighbours' output is what it is without it; a kernel without a network driver never
; notices. This one never ends.

        .include "common.s"

        .equ    FRAME, 0x6000

        .org    0x1000
attack:
        la      a0, text_flood
        call    puts
        li      t0, FRAME
        li      t1, 0xFFFF              ; to everyone, from everyone
        sw      t1, 0(t0)
        out     NET_BUFFER, t0
        li      t0, 1514
        out     NET_LENGTH, t0
        li      t1, 1
send:
        out     NET_COMMAND, t1
1:      in      t0, NET_STATUS
        beq     t0, t1, 1b
        j       send

text_flood:     .asciz "frames to everyone, for ever\n"
