; sti on the last word of a page, hlt on the first of the next: a pending interrupt must not slip between
        .entry boot
        .org 0x1000
boot:   li sp, 0x8000
        la t0, gates
        setcr tvec, t0
        la t1, on_disk
        sw t1, 18*8(t0)
        li t1, 1
        sw t1, 18*8+4(t0)
        li t0, 0x6000
        out 0x31, t0
        li t0, 1
        out 0x32, t0
1:      in t0, 0x33
        addi t0, t0, -1
        beqz t0, 1b
        j edge
on_disk: out 0x33, t0
        li t0, 'i'
        out 0x10, t0
        iret
        .align 8
gates:  .space 512
        .org 0x1FFC
edge:   sti
        .org 0x2000
        hlt
        li t0, 'w'
        out 0x10, t0
        li t0, 10
        out 0x10, t0
        li t0, 1
        out 0x50, t0
