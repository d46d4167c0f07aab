; asks.s - a program that asks its kernel for something 500 times, and does hardly anything else

        .include "small-kernel.s"

program:
        li      s0, 500
ask:
        li      a0, 1
        int     32                      ; a system call
answered:
        addi    s0, s0, -1
        bnez    s0, ask
        li      a0, 0
        int     32                      ; the end
