; a store to each entry of a page table that many slots share: host time per traced store
        .entry boot
        .org 0x1000
boot:   li t0, 0x10000
        li t2, 0x11001
        li t1, 1023
1:      sw t2, 0(t0)
        addi t0, t0, 4
        addi t1, t1, -1
        bnez t1, 1b
        li t0, 0x11000
        li t1, 0
2:      slli a0, t1, 12
        ori a0, a0, 3
        sw a0, 0(t0)
        addi t0,t0,4
        addi t1,t1,1
        li a0, 1024
        bltu t1,a0,2b
        li t0, 0x10000
        setcr ptbr, t0
        li a0, 1
        setcr mode, a0
        li t0, 0
        li t1, 200
        li a0, 0x400000
5:      lw t2, 0(t0)
        add t0, t0, a0
        addi t1, t1, -1
        bnez t1, 5b
        li s0, 3000
        li t0, 0x11FF0
6:      lw t1, 0(t0)
        sw t1, 0(t0)
        addi s0, s0, -1
        bnez s0, 6b
        li t0, 1
        out 0x50, t0
