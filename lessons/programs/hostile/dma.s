; dma.s - lets disk and network card reach memory that isn't its own
;
; The attack: a device takes a physical address and asks no page table. This kernel gives the disk and the network
; card addresses beyond its 4 MiB (in the machine that is another guest's memory), across the end of it, at the end
; of the address space, and misaligned ones.
; The wall: a guest never reaches a real device. Each `out` traps, its devices are virtual, and the VMM carries
; their transfers out through the guest's map, frame by frame (GuestTransfers.swift): an address beyond the
; guest's memory is an error of its own disk, and nothing is moved.
; One sees: status 2 (error) for each, and 0 (done) for the last sector that fits.

        .include "common.s"

        .org    0x1000
attack:
        li      t0, 0x5000              ; a sector full of something
        li      t1, 0x5000 + 512
        li      t2, 0x5EED
1:      sw      t2, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 1b
        la      a0, text_own
        call    try
        li      a0, 2
        li      a1, 7
        li      a2, 0x5000
        li      a3, 0
        call    disk
        call    outcome

        la      s1, places              ; from the disk into memory, and from memory to the disk
2:      lw      a0, 0(s1)
        beqz    a0, 3f
        call    try
        lw      a2, 4(s1)
        li      a0, 1
        li      a1, 7
        li      a3, 0
        call    disk
        mv      s2, s0
        lw      a2, 4(s1)
        li      a0, 2
        li      a1, 8
        li      a3, 0
        call    disk
        slli    s2, s2, 4
        or      s0, s0, s2              ; both in one number
        call    outcome
        addi    s1, s1, 8
        j       2b

3:      la      a0, text_nothing        ; of the sector across the end not a word came
        call    try
        li      t0, MEMORY - 516        ; the last that fits came after it and begins higher
        lw      s0, 0(t0)
        call    outcome
        la      a0, text_sector
        call    try
        li      a0, 1                   ; what was sent to sector 8: from the last place only
        li      a1, 8
        li      a2, 0x6000
        li      a3, 0
        call    disk
        li      t0, 0x6000
        lw      s0, 508(t0)
        call    outcome

        la      s1, frames              ; the network card
4:      lw      a0, 0(s1)
        beqz    a0, 5f
        call    try
        lw      t0, 4(s1)
        out     NET_BUFFER, t0
        lw      t0, 8(s1)
        out     NET_LENGTH, t0
        li      t0, 1
        out     NET_COMMAND, t0
1:      in      s0, NET_STATUS
        addi    t1, s0, -1
        beqz    t1, 1b
        out     NET_STATUS, zero
        call    outcome
        addi    s1, s1, 12
        j       4b
5:      li      t0, MEMORY - 4          ; and a buffer for whatever may come: it never fits
        out     NET_BUFFER, t0
        li      t0, 2
        out     NET_COMMAND, t0
        j       off

places: .word   text_beyond, MEMORY
        .word   text_far, 0xFFFFFE00
        .word   text_wrap, 0xFFFFFFFC
        .word   text_across, MEMORY - 256
        .word   text_odd, 0x5002
        .word   text_fits, MEMORY - 512
        .word   0
frames: .word   text_send_beyond, MEMORY, 64
        .word   text_send_across, MEMORY - 32, 64
        .word   text_send_wrap, 0xFFFFFFF0, 64
        .word   text_send_odd, 0x5001, 64
        .word   text_send_short, 0x5000, 13
        .word   text_send_long, 0x5000, 1515
        .word   text_send_huge, 0x5000, 0xFFFFFFFF
        .word   text_send_fits, MEMORY - 64, 64
        .word   0

text_own:         .asciz "disk: write a sector of mine\n"
text_beyond:      .asciz "disk: beyond my memory, both ways\n"
text_far:         .asciz "disk: the last 512 bytes there are\n"
text_wrap:        .asciz "disk: round the end of addresses\n"
text_across:      .asciz "disk: across my end\n"
text_odd:         .asciz "disk: misaligned\n"
text_fits:        .asciz "disk: my last 512 bytes\n"
text_nothing:     .asciz "just before them\n"
text_sector:      .asciz "on the disk\n"
text_send_beyond: .asciz "network: beyond my memory\n"
text_send_across: .asciz "network: across my end\n"
text_send_wrap:   .asciz "network: round the end of addresses\n"
text_send_odd:    .asciz "network: misaligned\n"
text_send_short:  .asciz "network: a frame too short\n"
text_send_long:   .asciz "network: a frame too long\n"
text_send_huge:   .asciz "network: a frame of 4 GiB\n"
text_send_fits:   .asciz "network: my last 64 bytes\n"
