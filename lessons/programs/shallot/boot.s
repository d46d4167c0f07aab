; boot.s - from reset to the first process. Paging is off: addresses are physical.

boot:
        li      sp, BOOT_STACK          ; no stack until we say where
        la      t0, gates
        setcr   tvec, t0                ; a trap before this line would be the end
        call    set_gates
        call    find_memory
        call    free_all_frames
        call    build_shared_table
        la      a0, msg_hello
        call    kputs
        la      t0, free_frames
        lw      a0, 0(t0)
        call    kput_number
        la      a0, msg_frames
        call    kputs
        call    start_array
        call    start_network
        call    start_balloon

        la      a0, programs            ; the shell; everything else is a child of it
        li      a1, 0
        li      a2, 0
        li      a3, 0
        call    make_process
        la      t0, processes
        lw      t1, P_DIRECTORY(t0)
        setcr   ptbr, t1
        li      t1, 1
        setcr   mode, t1                ; from the next fetch on, every address is walked
paging_on:
        li      t0, SLICE
        out     INTERVAL, t0            ; the timer runs; IF is 0: no tick comes in yet
        j       choose

; find_memory: memory_end <- the first address that isn't there. Looking beyond memory is a page fault, also
; with paging off: so we look, step by step, until that trap comes.
find_memory:
        push    ra
        li      a0, 5
        la      a1, memory_ends
        li      a2, GATE
        call    set_gate
        li      t0, 0x10000
        li      t1, KERNEL_REACH
1:      bgeu    t0, t1, memory_found
        lw      t2, 0(t0)
        li      t2, 0x10000
        add     t0, t0, t2
        j       1b
memory_ends:
        addi    sp, sp, 16              ; the trap's four words; we don't go back
memory_found:
        la      t1, memory_end
        sw      t0, 0(t1)
        li      a0, 5                   ; from now on a page fault is the process's
        la      a1, on_page
        li      a2, GATE
        call    set_gate
        pop     ra
        ret

msg_hello:  .asciz "shallot: "
msg_frames: .asciz " frames are free\n"
        .align  4
