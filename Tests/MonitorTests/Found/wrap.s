; code at the very end of the address space runs on at 0; int there; stacks round the end
        .entry boot
        .org 0x1000
boot:   li sp, 0x8000
        la t0, gates
        setcr tvec, t0
        la t1, on_int
        sw t1, 33*8(t0)
        li t1, 1
        sw t1, 33*8+4(t0)
        li t0, 0x10000
        li t1, 0x11001
        sw t1, 0(t0)
        li t1, 0x12001
        sw t1, 4092(t0)
        li t0, 0x11000
        li t1, 0
2:      slli a0, t1, 12
        ori a0, a0, 3
        sw a0, 0(t0)
        addi t0,t0,4
        addi t1,t1,1
        li a0, 1024
        bltu t1,a0,2b
        li t0, 0x12FFC
        li t1, 0x20003
        sw t1, 0(t0)
        li t0, 0x20FF8
        li t1, 0x91000000
        sw t1, 0(t0)
        li t1, 0x80000021
        sw t1, 4(t0)
        la t1, back
        lw t2, 0(t1)
        sw t2, 0(zero)
        lw t2, 4(t1)
        sw t2, 4(zero)
        lw t2, 8(t1)
        sw t2, 8(zero)
        li t0, 0x10000
        setcr ptbr, t0
        li a0, 1
        setcr mode, a0
        li t0, -8
        li sp, 0xFFFFF800
        jr t0
back:   lui t0, 0
        ori t0, t0, lo(next)
        jr t0
next:   li t0, 'n'
        out 0x10, t0
        li t0, 1
        out 0x50, t0
on_int: lw a0, 4(sp)
        addi a0, a0, 'a'
        out 0x10, a0
        iret
        .align 8
gates:  .space 512
