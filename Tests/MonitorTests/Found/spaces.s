; 200 directories, each loaded in turn, for ever: how much host time for how many cycles
        .entry boot
        .org 0x1000
boot:   li t0, 0x100000
        li t1, 200
        li t2, 0x11001
1:      sw t2, 0(t0)
        li a0, 0x1000
        add t0, t0, a0
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
        li s0, 3000
        li t0, 0x100000
        setcr ptbr, t0
        li a0, 1
        setcr mode, a0
3:      li a0, 0x1000
        add t0, t0, a0
        li a0, 0x1C8000
        bltu t0, a0, 4f
        li t0, 0x100000
4:      setcr ptbr, t0
        addi s0, s0, -1
        bnez s0, 3b
        li t0, 1
        out 0x50, t0
