; text.s - printing and copying, for the kernel

; kputs: prints the text at a0
kputs:
        lbu     t0, 0(a0)
        beqz    t0, 1f
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       kputs
1:      ret

; kput_number: prints a0 in decimal
kput_number:
        push    ra
        li      t0, 10
        remu    t1, a0, t0
        divu    a0, a0, t0
        push    t1
        beqz    a0, 1f
        call    kput_number             ; what stands before the last digit comes first
1:      pop     t1
        addi    t1, t1, '0'
        out     CONSOLE, t1
        pop     ra
        ret

; kput_hex: prints a0 as eight hex digits
kput_hex:
        li      t0, 8
1:      srli    t1, a0, 28              ; the leftmost digit
        slli    a0, a0, 4
        la      t2, hex_digits
        add     t1, t1, t2
        lbu     t1, 0(t1)
        out     CONSOLE, t1
        addi    t0, t0, -1
        bnez    t0, 1b
        ret
hex_digits: .ascii "0123456789abcdef"

; copy: a2 bytes from a1 to a0
copy:
        or      t0, a0, a1
        andi    t0, t0, 3
        bnez    t0, 2f
1:      li      t0, 4                   ; both aligned: words, as long as there are any
        bltu    a2, t0, 2f
        lw      t1, 0(a1)
        sw      t1, 0(a0)
        addi    a0, a0, 4
        addi    a1, a1, 4
        addi    a2, a2, -4
        j       1b
2:      beqz    a2, 3f
        lbu     t1, 0(a1)
        sb      t1, 0(a0)
        addi    a0, a0, 1
        addi    a1, a1, 1
        addi    a2, a2, -1
        j       2b
3:      ret

; clear: a1 bytes at a0, whole words
clear:
        add     a1, a0, a1
1:      sw      zero, 0(a0)
        addi    a0, a0, 4
        bltu    a0, a1, 1b
        ret

; same_text: a0 <- 1 if the texts at a0 and a1 are the same
same_text:
        lbu     t0, 0(a0)
        lbu     t1, 0(a1)
        bne     t0, t1, 1f
        addi    a0, a0, 1
        addi    a1, a1, 1
        bnez    t0, same_text
        li      a0, 1
        ret
1:      li      a0, 0
        ret
