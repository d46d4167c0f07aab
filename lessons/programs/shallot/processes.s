; processes.s - who runs, who sleeps, who is born and who dies

; ---- From one process to the next --------------------------------------------------

; give_up_cpu: lets the best process run, and comes back when this one is chosen again
give_up_cpu:
        addi    sp, sp, -20             ; what a function must keep
        sw      ra, 0(sp)
        sw      fp, 4(sp)
        sw      s0, 8(sp)
        sw      s1, 12(sp)
        sw      s2, 16(sp)
        la      t0, current
        lw      t0, 0(t0)
        sw      sp, P_SP(t0)

; Of those that are ready, the one of the highest priority; of equals, the one that has waited longest.
choose:
        li      s0, 0                   ; the best so far
        la      s1, processes
        la      s2, processes_end
1:      lw      t0, P_STATE(s1)
        li      t1, READY
        bne     t0, t1, 3f
        beqz    s0, 2f
        lw      t0, P_PRIORITY(s1)
        lw      t1, P_PRIORITY(s0)
        bltu    t0, t1, 3f
        bltu    t1, t0, 2f
        lw      t0, P_RAN(s1)
        lw      t1, P_RAN(s0)
        bgeu    t0, t1, 3f
2:      mv      s0, s1
3:      addi    s1, s1, P_SIZE
        bltu    s1, s2, 1b
        beqz    s0, idle

switch:
        la      t0, current
        sw      s0, 0(t0)
        la      t0, turns
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        sw      t1, P_RAN(s0)
        lw      t0, P_STACK(s0)
        setcr   ksp0, t0                ; its next trap comes in on its own stack
        lw      t0, P_DIRECTORY(s0)
        getcr   t1, ptbr
        beq     t0, t1, 1f              ; writing ptbr empties the TLBs: not without need
        setcr   ptbr, t0
1:      lw      sp, P_SP(s0)
        lw      ra, 0(sp)
        lw      fp, 4(sp)
        lw      s0, 8(sp)
        lw      s1, 12(sp)
        lw      s2, 16(sp)
        addi    sp, sp, 20
        ret                             ; on another stack than we came on

; Nobody is ready. If nobody waits for a tick either, there need be no ticks.
idle:
        call    next_wake
        bnez    a0, 1f
        out     INTERVAL, zero
1:      sti                             ; takes effect after the next instruction: so no
        hlt                             ; interrupt can slip in between and leave us asleep
        cli
        push    a0
2:      call    balloon_tick
        bnez    a0, 2b
        pop     a0
        bnez    a0, choose
        li      t0, SLICE
        out     INTERVAL, t0
        j       choose

; next_wake: a0 <- 0 if no sleeper waits for a tick
next_wake:
        la      t0, processes
        la      t1, processes_end
        li      a0, 0
1:      lw      t2, P_WAKE(t0)
        or      a0, a0, t2
        addi    t0, t0, P_SIZE
        bltu    t0, t1, 1b
        ret

; ---- Sleeping and waking. What one sleeps for (a channel) is an address: no more than a name ----

; sleep_on: until somebody says `wake` with the same a0
sleep_on:
        la      t0, current
        lw      t0, 0(t0)
        sw      a0, P_CHANNEL(t0)
        li      t1, SLEEPING
        sw      t1, P_STATE(t0)
        j       give_up_cpu

; sleep_softly: the same, for what may take for ever: who is killed does not come back from it
sleep_softly:
        push    ra
        la      t0, current
        lw      t0, 0(t0)
        li      t1, 1
        sw      t1, P_SOFT(t0)
        call    end_if_killed
        call    sleep_on
        la      t0, current
        lw      t0, 0(t0)
        sw      zero, P_SOFT(t0)
        call    end_if_killed
        pop     ra
        ret

end_if_killed:
        la      t0, current
        lw      t0, 0(t0)
        lw      t1, P_KILLED(t0)
        bnez    t1, 1f
        ret
1:      li      a0, -1
        j       end_process

; wake: everybody who sleeps for a0
wake:
        la      t0, processes
        la      t1, processes_end
1:      lw      t2, P_STATE(t0)
        addi    t2, t2, -SLEEPING
        bnez    t2, 2f
        lw      t2, P_CHANNEL(t0)
        bne     t2, a0, 2f
        li      t2, READY
        sw      t2, P_STATE(t0)
        sw      zero, P_WAKE(t0)
2:      addi    t0, t0, P_SIZE
        bltu    t0, t1, 1b
        ret

; wake_sleepers: everybody whose tick has come; a0 is the tick
wake_sleepers:
        la      t0, processes
        la      t1, processes_end
1:      lw      t2, P_WAKE(t0)
        beqz    t2, 2f
        bltu    a0, t2, 2f
        sw      zero, P_WAKE(t0)
        li      t2, READY
        sw      t2, P_STATE(t0)
2:      addi    t0, t0, P_SIZE
        bltu    t0, t1, 1b
        ret

; lock: sleeps until the word at a0 is 0, and takes it. No other process runs between the look and the
; store: the kernel gives the CPU away in `sleep_on` only.
lock:
        push    ra
        push    s0
        mv      s0, a0
1:      lw      t0, 0(s0)
        beqz    t0, 2f
        mv      a0, s0
        call    sleep_on
        j       1b
2:      li      t0, 1
        sw      t0, 0(s0)
        pop     s0
        pop     ra
        ret

unlock:
        sw      zero, 0(a0)
        j       wake

; ---- Birth -------------------------------------------------------------------------

; make_process: of the program whose entry in the list is a0, with a1 and a2 in its a0 and a1, child of a3.
; a0 <- its number; 0: there is no room
make_process:
        push    ra
        push    fp
        push    s0
        push    s1
        push    s2
        mv      fp, a0
        mv      s1, a1
        mv      s2, a2
        la      t0, free_frames         ; three of its own, and some to begin with
        lw      t0, 0(t0)
        li      t1, 8
        bltu    t0, t1, no_room
        la      s0, processes           ; a free place
        la      t1, processes_end
1:      lw      t0, P_STATE(s0)
        beqz    t0, 2f
        addi    s0, s0, P_SIZE
        bltu    s0, t1, 1b
no_room:
        li      a0, 0
        j       made
2:      mv      t0, s0                  ; forget the last one that was here
        addi    t1, s0, P_SIZE
3:      sw      zero, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 3b
        sw      a3, P_PARENT(s0)
        lw      t0, PROGRAM_NAME(fp)
        sw      t0, P_NAME(s0)
        li      t0, DATA + DATA_PAGES * 0x1000
        sw      t0, P_BREAK(s0)
        li      t0, 1                   ; the usual priority, or the parent's
        beqz    a3, 4f
        lw      t0, P_PRIORITY(a3)
4:      sw      t0, P_PRIORITY(s0)

        call    take_frame              ; its address space
        sw      a0, P_DIRECTORY(s0)
        call    take_frame
        sw      a0, P_TABLE(s0)
        lw      t0, P_DIRECTORY(s0)
        ori     a0, a0, PRESENT
        sw      a0, 4(t0)               ; 4 to 8 MiB: its own
        li      t1, SHARED_TABLE | PRESENT
        sw      t1, 0(t0)               ; 0 to 4 MiB: everybody's

; A process that has never run looks like one that was interrupted before its first instruction and then
; gave up the CPU. So `switch` can start it.
        call    take_frame              ; its kernel stack
        li      t0, 0x1000
        add     t0, a0, t0
        sw      t0, P_STACK(s0)
        addi    t0, t0, -F_SIZE         ; the frame of the trap
        lw      t1, PROGRAM_ENTRY(fp)
        sw      t1, F_PC(t0)
        li      t1, USER_STATUS
        sw      t1, F_STATUS(t0)
        li      t1, STACK_TOP
        sw      t1, F_SP(t0)
        sw      s1, F_A0(t0)
        sw      s2, F_A1(t0)
        addi    t0, t0, -20             ; what give_up_cpu kept
        la      t1, leave
        sw      t1, 0(t0)
        sw      t0, P_SP(s0)

        la      t0, last_number
        lw      a0, 0(t0)
        addi    a0, a0, 1
        sw      a0, 0(t0)
        sw      a0, P_PID(s0)
        la      t0, turns
        lw      t0, 0(t0)
        sw      t0, P_RAN(s0)
        li      t0, READY
        sw      t0, P_STATE(s0)
made:   pop     s2
        pop     s1
        pop     s0
        pop     fp
        pop     ra
        ret

; ---- Death -------------------------------------------------------------------------

; end_process: the current process is no more; a0 is what its parent will hear
end_process:
        la      s0, current
        lw      s0, 0(s0)
        sw      a0, P_EXIT(s0)
        call    free_pages
        la      s1, processes           ; its children become the shell's
        la      s2, processes_end
1:      lw      t0, P_PARENT(s1)
        bne     t0, s0, 2f
        la      t0, processes
        sw      t0, P_PARENT(s1)
2:      addi    s1, s1, P_SIZE
        bltu    s1, s2, 1b
        li      t0, ZOMBIE              ; its stack is still in use: the parent frees it
        sw      t0, P_STATE(s0)
        lw      a0, P_PARENT(s0)
        beqz    a0, power_off           ; the shell was the last
        call    wake                    ; a parent that waits sleeps for itself
        j       choose

; bury: what is left of the ended process s0 is free; a0 <- what it said
bury:
        push    ra
        lw      a0, P_STACK(s0)
        li      t0, 0x1000
        sub     a0, a0, t0
        call    give_frame
        lw      a0, P_TABLE(s0)
        call    give_frame
        lw      a0, P_DIRECTORY(s0)
        call    give_frame
        sw      zero, P_STATE(s0)
        sw      zero, P_PARENT(s0)
        lw      a0, P_EXIT(s0)
        pop     ra
        ret

; ---- Calls -------------------------------------------------------------------------

; SYS_EXIT
call_exit:
        mv      a0, a1
        j       end_process

; SYS_YIELD
call_yield:
        call    give_up_cpu
        li      a0, 0
        j       called

; SYS_SPAWN: the program with the name at a1
call_spawn:
        mv      a0, a1
        call    take_name
        beqz    a0, bad_call
        la      s0, programs
1:      lw      a0, PROGRAM_NAME(s0)
        beqz    a0, bad_call
        la      a1, name_given
        call    same_text
        bnez    a0, 2f
        addi    s0, s0, PROGRAM_SIZE
        j       1b
2:      mv      a0, s0
        lw      a1, F_A2(sp)            ; the caller's a2 and a3
        lw      a2, F_A3(sp)
        la      a3, current
        lw      a3, 0(a3)
        call    make_process
        beqz    a0, bad_call
        j       called

; SYS_WAIT: for the child a1, or any (0)
call_wait:
        mv      s1, a1
        mv      s2, a2
again:
        li      fp, 0                   ; children seen
        la      s0, processes
1:      la      t0, current
        lw      t0, 0(t0)
        lw      t1, P_PARENT(s0)
        bne     t0, t1, 2f
        lw      t1, P_STATE(s0)
        beqz    t1, 2f
        lw      t2, P_PID(s0)
        beqz    s1, 3f
        bne     t2, s1, 2f
3:      addi    fp, fp, 1
        addi    t1, t1, -ZOMBIE
        beqz    t1, 4f
2:      addi    s0, s0, P_SIZE
        la      t0, processes_end
        bltu    s0, t0, 1b
        beqz    fp, bad_call            ; there is none to wait for
        bnez    s2, bad_call            ; there is, and the caller won't sleep
        la      a0, current
        lw      a0, 0(a0)
        call    sleep_softly
        j       again
4:      sw      t2, F_A1(sp)
        call    bury
        j       called

; SYS_SLEEP: a1 ticks
call_sleep:
        la      t0, ticks
        lw      t1, 0(t0)
        add     t1, t1, a1
        la      t0, current
        lw      t0, 0(t0)
        sw      t1, P_WAKE(t0)
        addi    a0, t0, P_WAKE          ; nobody says `wake` with this
        call    sleep_softly
        li      a0, 0
        j       called

; SYS_PID
call_pid:
        la      t0, current
        lw      t0, 0(t0)
        lw      a0, P_PID(t0)
        j       called

; SYS_KILL: the process a1. Whoever may ask may kill anybody: there is one user.
call_kill:
        beqz    a1, bad_call
        la      s0, processes
1:      lw      t0, P_STATE(s0)
        beqz    t0, 2f
        lw      t0, P_PID(s0)
        beq     t0, a1, 3f
2:      addi    s0, s0, P_SIZE
        la      t0, processes_end
        bltu    s0, t0, 1b
        j       bad_call
3:      li      t0, 1
        sw      t0, P_KILLED(s0)
        lw      t0, P_STATE(s0)
        addi    t0, t0, -SLEEPING
        lw      t1, P_SOFT(s0)
        seqz    t0, t0
        and     t0, t0, t1
        li      a0, 0
        beqz    t0, called              ; it will see, when the kernel has done its work for it
        li      t0, READY
        sw      t0, P_STATE(s0)
        sw      zero, P_WAKE(s0)
        j       called

; SYS_PROCESS: what is in place a1 of the list of processes, in eight words at a2: number, state, priority,
; ticks, frames, the address of its name, the parent's number, and what it sleeps for
call_process:
        li      t0, PROCESSES
        bgeu    a1, t0, bad_call
        mv      s0, a1
        mv      s1, a2
        mv      a0, a2
        li      a1, 32
        li      a2, 1
        call    check_user
        beqz    a0, bad_call
        slli    s0, s0, 7               ; P_SIZE is 128
        la      t0, processes
        add     s0, s0, t0
        lw      t0, P_PID(s0)
        sw      t0, 0(s1)
        lw      t0, P_STATE(s0)
        sw      t0, 4(s1)
        beqz    t0, no_process
        lw      t0, P_PRIORITY(s0)
        sw      t0, 8(s1)
        lw      t0, P_TICKS(s0)
        sw      t0, 12(s1)
        lw      t0, P_PAGES(s0)
        sw      t0, 16(s1)
        lw      t0, P_NAME(s0)
        sw      t0, 20(s1)
        lw      t0, P_PARENT(s0)
        beqz    t0, 1f
        lw      t0, P_PID(t0)
1:      sw      t0, 24(s1)
        lw      t0, P_CHANNEL(s0)
        sw      t0, 28(s1)
        lw      a0, P_PID(s0)
        j       called
no_process:
        li      a0, 0
        j       called

; SYS_PRIORITY
call_priority:
        li      t0, 3
        bltu    t0, a1, bad_call
        la      t0, current
        lw      t0, 0(t0)
        sw      a1, P_PRIORITY(t0)
        li      a0, 0
        j       called
