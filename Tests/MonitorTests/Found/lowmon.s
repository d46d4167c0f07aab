; every slot of the directory but 0 is taken, so the VMM moves to slot 0; then paging off: its place is low memory
        .entry boot
        .org 0x1000
boot:   li sp, 0x8000
        la t0, gates
        setcr tvec, t0
        la t1, on_page
        sw t1, 5*8(t0)
        li t1, 1
        sw t1, 5*8+4(t0)
        ; directory 0x10000: all slots -> table 0x11000 (identity of first 4 MiB), slot 0 too at first
        li t0, 0x10000
        li t1, 1024
        li t2, 0x11001
1:      sw t2, 0(t0)
        addi t0,t0,4
        addi t1,t1,-1
        bnez t1,1b
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
        la t0, high
        li t1, 0x400000
        add t0, t0, t1
        jr t0                   ; on at the second copy
high:   li t0, 0x410000         ; directory, at its second place
        sw zero, 0(t0)          ; slot 0 is free
        invlpg zero
        li t1, 0xFFC01000
        lw t2, 0(t1)            ; the VMM must move: to slot 0
        li t0, 'm'
        out 0x10, t0
        setcr mode, zero        ; pc is 4 MiB too high now: a page fault, told at on_page
        nop
on_page:
        li t0, 'p'
        out 0x10, t0
        li t0, 10
        out 0x10, t0
        li t0, 1
        out 0x50, t0
        .align 8
gates:  .space 512
