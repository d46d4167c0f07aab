; interrupt gate that leaves IF, never acknowledged; stack through the whole address space
        .entry boot
        .org 0x1000
boot:   li sp, 0x8000
        la t0, gates
        setcr tvec, t0
        la t1, on_tick
        sw t1, 16*8(t0)
        li t1, 9
        sw t1, 16*8+4(t0)
; every page of every table -> frame 0x20, but the first table: identity
        li t0, 0x10000
        li t1, 0
        li t2, 0x100000
1:      li a0, 0x20003
        sw a0, 0(t0)
        addi t0,t0,4
        addi t1,t1,1
        li a0, 1024
        bltu t1,a0,1b
        li t0, 0x11000
        li t1, 0
2:      slli a0, t1, 12
        ori a0, a0, 3
        sw a0, 0(t0)
        addi t0,t0,4
        addi t1,t1,1
        li a0, 1024
        bltu t1,a0,2b
        li t0, 0x12000
        li t1, 0
3:      li a0, 0x10001
        sw a0, 0(t0)
        addi t0,t0,4
        addi t1,t1,1
        li a0, 1024
        bltu t1,a0,3b
        li t0, 0x12000
        li a0, 0x11001
        sw a0, 0(t0)
        sw zero, 4092(t0)
        setcr ptbr, t0
        li a0, 1
        setcr mode, a0
        li sp, 0xFFC00000
        li t0, 'a'
        out 0x10, t0
        li t0, 100
        out 0x20, t0
        sti
1:      j 1b
on_tick: j on_tick
        .align 8
gates:  .space 512
