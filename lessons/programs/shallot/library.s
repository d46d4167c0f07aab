; library.s - what programs share. Code 11: a call stays in ring 3.

; puts: prints the text at a0
puts:
        mv      a2, a0
        mv      a3, a0
1:      lbu     t0, 0(a3)
        beqz    t0, 2f
        addi    a3, a3, 1
        j       1b
2:      sub     a3, a3, a2              ; its length
        li      a1, 1
        li      a0, SYS_WRITE
        int     32
        ret

; put_number: prints a0 in decimal
put_number:
        push    ra
        push    s0
        addi    sp, sp, -12
        mv      s0, sp
        addi    t0, sp, 11
        sb      zero, 0(t0)
        li      t1, 10
1:      remu    t2, a0, t1
        divu    a0, a0, t1
        addi    t2, t2, '0'
        addi    t0, t0, -1
        sb      t2, 0(t0)
        bnez    a0, 1b
        mv      a0, t0
        call    puts
        addi    sp, sp, 12
        pop     s0
        pop     ra
        ret

; put_line: prints the text at a0, the number a1, and the text at a2, in one call: so no other program's words
; come in between
put_line:
        push    ra
        addi    sp, sp, -128            ; room for the line
        mv      a3, sp
        call    append                  ; a3: where it ends so far
        li      t1, 10                  ; the number's digits, from the last
        addi    t0, sp, 128
        sb      zero, -1(t0)
        addi    t0, t0, -1
1:      remu    t2, a1, t1
        divu    a1, a1, t1
        addi    t2, t2, '0'
        addi    t0, t0, -1
        sb      t2, 0(t0)
        bnez    a1, 1b
        mv      a0, t0
        call    append
        mv      a0, a2
        call    append
        mv      a2, sp
        sub     a3, a3, sp
        li      a1, 1
        li      a0, SYS_WRITE
        int     32
        addi    sp, sp, 128
        pop     ra
        ret

; append: the text at a0 goes to a3, without its zero byte; a3 <- behind it. Changes t1, t2 and a0 besides.
append:
        lbu     t2, 0(a0)
        beqz    t2, 1f
        sb      t2, 0(a3)
        addi    a0, a0, 1
        addi    a3, a3, 1
        j       append
1:      ret

; number_at: a0 <- the decimal number at a0; a1 <- where it ends
number_at:
        mv      a1, a0
        li      a0, 0
1:      lbu     t0, 0(a1)
        addi    t0, t0, -'0'
        li      t1, 10
        bgeu    t0, t1, 2f
        mul     a0, a0, t1
        add     a0, a0, t0
        addi    a1, a1, 1
        j       1b
2:      ret

; length_of: a0 <- how many bytes the text at a0 has
length_of:
        mv      t0, a0
1:      lbu     t1, 0(t0)
        beqz    t1, 2f
        addi    t0, t0, 1
        j       1b
2:      sub     a0, t0, a0
        ret

; starts_with: a0 <- what follows the word at a1 in the text at a0; 0: it begins with something else
starts_with:
        lbu     t0, 0(a1)
        beqz    t0, 1f
        lbu     t1, 0(a0)
        bne     t0, t1, 3f
        addi    a0, a0, 1
        addi    a1, a1, 1
        j       starts_with
1:      lbu     t1, 0(a0)               ; the word ends here: so must the text's
        beqz    t1, 2f
        addi    t1, t1, -' '
        bnez    t1, 3f
        addi    a0, a0, 1
2:      ret
3:      li      a0, 0
        ret
