; trap-storm.s - nothing but traps
;
; The attack: every trap brings the VMM in, and its work takes time. A guest that does nothing else tries to make the
; VMM work for it alone, at the others' cost.
; The wall: what the VMM does for a guest is counted as that guest's use of the CPU (Scheduler.swift, `countUse`), so
; the storm eats its own share. The timer brings the VMM back in the middle of it too.
; One sees: each trap has come to the guest's kernel, not one more or less; `vm list` beside another guest.

        .include "common.s"

        .equ    ROUNDS, 1000

        .org    0x1000
attack:
        call    paging_on
        la      s1, storms
1:      lw      a0, 0(s1)
        beqz    a0, 3f
        call    try
        la      t0, seen
        sw      zero, 12(t0)
        li      s2, ROUNDS
2:      lw      t0, 4(s1)
        jalr    ra, 0(t0)
        addi    s2, s2, -1
        bnez    s2, 2b
        la      t0, seen
        lw      s0, 12(t0)              ; so many came to the kernel
        sw      zero, 0(t0)
        call    outcome
        addi    s1, s1, 8
        j       1b
3:      j       off

storms: .word   text_undefined, undefined
        .word   text_page, page
        .word   text_misaligned, misaligned
        .word   text_divide, divide
        .word   text_breakpoint, breakpoint
        .word   text_hypercall, hypercall
        .word   text_int, software
        .word   text_step, single
        .word   text_privileged, privileged
        .word   text_flush, flush
        .word   0

undefined:
        .word   0
        ret
page:   lw      zero, -4(zero)
        ret
misaligned:
        lw      zero, 2(zero)
        ret
divide: div     s0, s0, zero
        ret
breakpoint:
        brk
        ret
hypercall:
        vmcall  3
        ret
software:                               ; by a gate that isn't there: each is a protection fault
        int     63
        ret
single: getst   t0
        ori     t1, t0, 8               ; TF: a trap follows each of the next two
        setst   t1
        nop
        setst   t0
        ret
privileged:                             ; no traps in its own eyes
        sti
        cli
        getst   t0
        setst   t0
        getcr   t0, ptbr
        ret
flush:  li      t0, DIRECTORY
        setcr   ptbr, t0
        ret

text_undefined:  .asciz "undefined instructions\n"
text_page:       .asciz "page faults\n"
text_misaligned: .asciz "misaligned loads\n"
text_divide:     .asciz "divisions by zero\n"
text_breakpoint: .asciz "breakpoints\n"
text_hypercall:  .asciz "vmcall\n"
text_int:        .asciz "int, without a gate\n"
text_step:       .asciz "step traps, two for each\n"
text_privileged: .asciz "privileged instructions\n"
text_flush:      .asciz "the TLBs emptied\n"
