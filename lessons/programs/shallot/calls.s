; calls.s - what processes may ask for: `int 32` with the number in a0

on_call:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        li      t0, CALLS
        bgeu    a0, t0, bad_call
        slli    t0, a0, 2
        la      t1, call_list
        add     t0, t0, t1
        lw      t0, 0(t0)
        jr      t0                      ; with a1 to a3 as the process gave them, sp at its frame

bad_call:
        li      a0, -1                  ; the one answer to everything that can't be
called:                                 ; a0: what the process will find in its a0
        sw      a0, F_A0(sp)
        j       leave

call_list:
        .word   call_exit, call_write, call_read, call_yield
        .word   call_spawn, call_wait, call_sleep, call_map
        .word   call_share, call_open, call_close, call_delete
        .word   call_list_files, call_send, call_receive, call_pid
        .word   call_kill, call_process, call_array, call_rebuild
        .word   call_time, call_address, call_off, call_memory
        .word   call_priority, call_seek

; SYS_TIME
call_time:
        la      t0, ticks
        lw      a0, 0(t0)
        j       called

; SYS_OFF
call_off:
        j       power_off

; take_name: name_given <- the text at a0 in the process's memory, 23 bytes at most; a0 <- 0 if it may not
; be read there
take_name:
        push    ra
        push    s0
        push    s1
        mv      s0, a0
        la      s1, name_given
1:      mv      a0, s0
        li      a1, 1
        li      a2, 0
        call    check_user
        beqz    a0, 3f
        lbu     t0, 0(s0)
        sb      t0, 0(s1)
        beqz    t0, 2f
        addi    s0, s0, 1
        addi    s1, s1, 1
        la      t0, name_given + 23
        bltu    s1, t0, 1b
        sb      zero, 0(s1)
2:      li      a0, 1
3:      pop     s1
        pop     s0
        pop     ra
        ret
