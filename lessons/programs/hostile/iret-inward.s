; iret-inward.s - programs in outer rings try to become ring 0
;
; The attack: the rings change in two ways only, through a gate and by `iret`. Rings 3, 2 and 1 make up a frame that
; says ring 0 and return to it; they jump into the kernel, call a gate that isn't for them, and write
; the registers that rule the machine.
; The wall: twofold. The hardware's: the real CPU refuses each of these in the rings in which the guest really
; runs, and ring 0 is never among them. And the VMM's: what is refused is judged by the *virtual* ring (Entry.swift,
; `protection`), so the guest's own rings keep apart too, though its rings 0 and 1 share the real ring 1.
; One sees: refusals, told to the guest's kernel. On the strict profile `iret` is an error 1; on
; classic it is an error 5 (and there a guest's ring 1 goes wrong: one of classic's holes).

        .include "common.s"

        .org    0x1000
attack:
        la      t0, gates               ; gate 33 is for the kernel itself
        la      t1, secret
        sw      t1, 33 * 8(t0)
        li      t1, PRESENT
        sw      t1, 33 * 8 + 4(t0)
        call    paging_on
        li      s1, 3
1:      la      a0, text_ring           ; rings 3, 2, 1
        call    puts
        addi    a0, s1, '0'
        out     CONSOLE, a0
        li      a0, '\n'
        out     CONSOLE, a0
        slli    a0, s1, 2
        call    code_page
        la      s2, tries
2:      lw      a1, 0(s2)
        beqz    a1, 3f
        lw      a0, 4(s2)
        call    try
        lw      a1, 0(s2)
        mv      a0, s1
        li      a2, OUTER + 0x800
        call    go_out
        call    outcome
        addi    s2, s2, 8
        j       2b
3:      addi    s1, s1, -1
        bnez    s1, 1b
        j       off

secret: li      s0, 0x0BAD              ; only with a right to it
        int     32

tries:  .word   inward, text_iret
        .word   jump, text_jump
        .word   gate, text_gate
        .word   vmm, text_vmm
        .word   load, text_load
        .word   tables, text_tables
        .word   interrupts, text_cli
        .word   0

text_ring:      .asciz "ring "
text_iret:      .asciz "iret to ring 0\n"
text_jump:      .asciz "jump into the kernel\n"
text_gate:      .asciz "a gate for ring 0 only\n"
text_vmm:       .asciz "jump to the VMM\n"
text_load:      .asciz "read the kernel's gates\n"
text_tables:    .asciz "setcr ptbr\n"
text_cli:       .asciz "cli\n"

        .org    OUTER
        .page   ring=3, write=no
inward:
        la      sp, frame
        iret
        int     32
jump:
        la      t0, secret
        jr      t0
gate:
        int     33
        int     32
vmm:
        li      t0, 0xFFC00000
        jr      t0
load:
        la      t0, gates
        lw      s0, 0(t0)
        int     32
tables:
        setcr   ptbr, zero
        int     32
interrupts:
        cli
        int     32
frame:  .word   0, secret, 0, STACK     ; error, pc, status: ring 0, sp
