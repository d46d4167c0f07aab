; classic: TF set and cleared by setst: on the bare machine two step traps, the second after the one that clears it
        .entry boot
        .org 0x1000
boot:   li sp, 0x8000
        la t0, gates
        setcr tvec, t0
        la t1, on_step
        sw t1, 8(t0)
        li t1, 1
        sw t1, 12(t0)
        li t1, 8
        setst t1
        nop
        setst zero
        li t0, 1
        out 0x50, t0
on_step: li t0, 's'
        out 0x10, t0
        iret
        .align 8
gates:  .space 512
