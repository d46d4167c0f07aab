; console.s - lines in, texts out

; on_console: a byte was typed
on_console:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        la      s0, line
        la      s1, line_length
next_byte:
        in      a0, CONSOLE
        bltz    a0, leave               ; no more for now
        lw      s2, 0(s1)
        li      t0, '\r'
        beq     a0, t0, line_ends
        li      t0, '\n'
        beq     a0, t0, line_ends
        li      t0, 8                   ; backspace
        beq     a0, t0, rub_out
        li      t0, 127
        beq     a0, t0, rub_out
        li      t0, ' '
        bltu    a0, t0, next_byte
        li      t0, LINE_SIZE - 1
        bgeu    s2, t0, next_byte       ; the line is full
        add     t0, s0, s2
        sb      a0, 0(t0)
        out     CONSOLE, a0             ; so that people see what they type
        addi    s2, s2, 1
        sw      s2, 0(s1)
        j       next_byte
rub_out:
        beqz    s2, next_byte
        addi    s2, s2, -1
        sw      s2, 0(s1)
        li      t0, 8
        out     CONSOLE, t0
        li      t1, ' '
        out     CONSOLE, t1
        out     CONSOLE, t0
        j       next_byte
line_ends:
        li      a0, '\n'
        out     CONSOLE, a0
        add     t0, s0, s2
        sb      a0, 0(t0)
        addi    s2, s2, 1
        sw      s2, 0(s1)
        li      t0, 1
        la      t1, line_ready
        sw      t0, 0(t1)
        out     CONSOLE_CONTROL, zero   ; what is typed now waits until somebody reads again
        mv      a0, s0
        call    wake
        j       leave

; read_line: up to a1 bytes of the line go to a0, which was checked; a0 <- how many
read_line:
        push    ra
        push    s0
        push    s1
        mv      s0, a0
        mv      s1, a1
        li      t0, 1
        out     CONSOLE_CONTROL, t0     ; an interrupt for what is typed
1:      la      t0, line_ready
        lw      t0, 0(t0)
        bnez    t0, 2f
        la      a0, line
        call    sleep_softly
        j       1b
2:      la      t0, line_length
        lw      t1, 0(t0)
        bgeu    t1, s1, 3f
        mv      s1, t1
3:      sw      zero, 0(t0)             ; what does not fit is lost
        la      t0, line_ready
        sw      zero, 0(t0)
        mv      a0, s0
        la      a1, line
        mv      a2, s1
        call    copy
        mv      a0, s1
        pop     s1
        pop     s0
        pop     ra
        ret

; print: a1 bytes at a0. Nobody else runs until the last is out, so lines stay whole.
print:
        add     a1, a0, a1
1:      bgeu    a0, a1, 2f
        lbu     t0, 0(a0)
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       1b
2:      ret
