; traps.s - the gates, and the ways in and out

; set_gates: who may come in where
set_gates:
        push    ra
        push    s0
        la      s0, gate_list
1:      lw      a1, 4(s0)
        beqz    a1, 2f
        lw      a0, 0(s0)
        lw      a2, 8(s0)
        call    set_gate
        addi    s0, s0, 12
        j       1b
2:      pop     s0
        pop     ra
        ret

; set_gate: gate a0 <- handler a1, bits a2
set_gate:
        slli    t0, a0, 3               ; 8 bytes each
        la      t1, gates
        add     t0, t0, t1
        sw      a1, 0(t0)
        sw      a2, 4(t0)
        ret

gate_list:                              ; vector, handler, bits
        .word   0, on_divide, GATE
        .word   2, on_breakpoint, GATE_INT
        .word   3, on_undefined, GATE
        .word   4, on_protection, GATE
        .word   6, on_misaligned, GATE
        .word   8, on_hypercall, GATE_INT
        .word   16, on_timer, GATE
        .word   17, on_console, GATE
        .word   18, on_disk, GATE
        .word   19, on_network, GATE
        .word   32, on_call, GATE_INT   ; the only one that processes come in by
        .word   0, 0, 0

; The CPU has changed to the stack in ksp0 (if it came from ring 3), pushed four words and jumped to the
; handler. Every other register still belongs to whoever was interrupted. Each handler begins with these two
; lines:    addi sp, sp, -SAVED    sw ra, 0(sp)

save_all:
        sw      fp, 4(sp)
        sw      a0, 8(sp)
        sw      a1, 12(sp)
        sw      a2, 16(sp)
        sw      a3, 20(sp)
        sw      a4, 24(sp)
        sw      a5, 28(sp)
        sw      t0, 32(sp)
        sw      t1, 36(sp)
        sw      t2, 40(sp)
        sw      s0, 44(sp)
        sw      s1, 48(sp)
        sw      s2, 52(sp)
        ret

leave:                                  ; back to whoever the frame at sp belongs to,
        lw      t0, F_STATUS(sp)
        andi    t0, t0, 3
        beqz    t0, resume              ; which is the kernel itself, in `idle`,
        call    end_if_killed           ; or a process, unless it is to end
resume:
        lw      ra, 0(sp)
        lw      fp, 4(sp)
        lw      a0, 8(sp)
        lw      a1, 12(sp)
        lw      a2, 16(sp)
        lw      a3, 20(sp)
        lw      a4, 24(sp)
        lw      a5, 28(sp)
        lw      t0, 32(sp)
        lw      t1, 36(sp)
        lw      t2, 40(sp)
        lw      s0, 44(sp)
        lw      s1, 48(sp)
        lw      s2, 52(sp)
        addi    sp, sp, SAVED
        iret                            ; pc, status (ring and IF with it) and sp at once

; ---- The timer ---------------------------------------------------------------------

on_timer:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        out     TICK_DONE, zero         ; or the interrupt would come again at once
        la      t0, ticks
        lw      a0, 0(t0)
        addi    a0, a0, 1
        sw      a0, 0(t0)
        call    wake_sleepers
        call    balloon_tick
        lw      t0, F_STATUS(sp)
        andi    t0, t0, 3
        beqz    t0, resume              ; it came in `idle`, which looks by itself
        la      t0, current
        lw      t0, 0(t0)
        lw      t1, P_TICKS(t0)
        addi    t1, t1, 1
        sw      t1, P_TICKS(t0)
preempt:
        call    give_up_cpu             ; the process knows nothing of it
        j       leave

; ---- What a process did wrong is its end -------------------------------------------

on_page:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        lw      t0, F_STATUS(sp)
        andi    t0, t0, 3
        la      s1, wrong_page
        beqz    t0, panic               ; the kernel looks before it touches
        lw      t0, F_ERROR(sp)
        andi    t0, t0, PRESENT
        bnez    t0, fatal               ; the page is there: this was something forbidden
        getcr   a0, badaddr
        call    demand_page
        bnez    a0, leave               ; a fault saved its own pc: the access runs again
        j       fatal

on_divide:
        addi    sp, sp, -SAVED
        la      s1, wrong_divide
        j       fatal
on_breakpoint:
        addi    sp, sp, -SAVED
        la      s1, wrong_breakpoint
        j       fatal
on_undefined:
        addi    sp, sp, -SAVED
        la      s1, wrong_undefined
        j       fatal
on_misaligned:
        addi    sp, sp, -SAVED
        la      s1, wrong_misaligned
        j       fatal
on_hypercall:
        addi    sp, sp, -SAVED
        la      s1, wrong_hypercall
        j       fatal
on_protection:
        addi    sp, sp, -SAVED          ; no need to save what nobody goes back to
        la      s1, wrong_protection

fatal:                                  ; s1: what it did
        lw      t0, F_STATUS(sp)
        andi    t0, t0, 3
        beqz    t0, panic
        la      a0, msg_kernel
        call    kputs
        la      t0, current
        lw      s0, 0(t0)
        lw      a0, P_NAME(s0)
        call    kputs
        la      a0, msg_stopped
        call    kputs
        mv      a0, s1
        call    kputs
        la      a0, msg_at
        call    kputs
        lw      a0, F_PC(sp)
        call    kput_hex
        li      a0, '\n'
        out     CONSOLE, a0
        li      a0, -1
        j       end_process

panic:                                  ; the kernel itself is wrong: better stop than go on
        la      a0, msg_panic
        call    kputs
        mv      a0, s1
        call    kputs
        la      a0, msg_at
        call    kputs
        lw      a0, F_PC(sp)
        call    kput_hex
        li      a0, '\n'
        out     CONSOLE, a0
power_off:
        li      t0, 1
        out     POWER, t0
        j       power_off

msg_kernel:       .asciz "shallot: "
msg_stopped:      .asciz " was stopped: "
msg_at:           .asciz " at "
msg_panic:        .asciz "shallot: the kernel is lost: "
wrong_divide:     .asciz "division by zero"
wrong_breakpoint: .asciz "breakpoint"
wrong_undefined:  .asciz "undefined instruction"
wrong_misaligned: .asciz "misaligned access"
wrong_page:       .asciz "page fault"
wrong_protection: .asciz "protection fault"
wrong_hypercall:  .asciz "hypercall"
        .align  4
