; thinks.s - a program that calculates, and asks its kernel for nothing until it is done

        .include "small-kernel.s"

program:
        li      s0, 20000
        li      s1, 1
again:
        mul     s1, s1, s0
        addi    s1, s1, 7
        addi    s0, s0, -1
        bnez    s0, again
        li      a0, 0
        int     32                      ; the end
