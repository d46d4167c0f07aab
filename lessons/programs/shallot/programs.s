; programs.s - the programs that the shell can start. Each finds its two numbers in a0 and a1.

programs:                               ; name, where it begins
        .word   name_shell, shell       ; the first is started by the kernel
        .word   name_primes, primes
        .word   name_pages, pages
        .word   name_share, share
        .word   name_partner, partner
        .word   name_fill, fill
        .word   name_check, check
        .word   name_ping, ping
        .word   name_echo, echo
        .word   name_spin, spin
        .word   name_hog, hog
        .word   name_fork, fork
        .word   name_fill_shared, fill_shared
        .word   name_fill_disk, fill_disk
        .word   name_crash, crash
        .word   name_nap, nap
        .word   0

name_primes:    .asciz "primes"
name_pages:     .asciz "pages"
name_share:     .asciz "share"
name_partner:   .asciz "partner"
name_fill:      .asciz "fill"
name_check:     .asciz "check"
name_ping:      .asciz "ping"
name_echo:      .asciz "echo"
name_spin:      .asciz "spin"
name_hog:       .asciz "hog"
name_fork:      .asciz "fork"
name_fill_shared: .asciz "fillshared"
name_fill_disk: .asciz "filldisk"
name_crash:     .asciz "crash"
name_nap:       .asciz "nap"
        .align  4

; ---- primes N: computes, and asks the kernel for nothing until it is done -----------

primes:
        mv      s0, a0
        addi    a1, a0, 0xFFF           ; a byte for each number
        srli    a1, a1, 12
        li      a0, SYS_MAP
        int     32
        bltz    a0, out_of_memory
        mv      s1, a0
        li      s2, 2
1:      mul     t0, s2, s2              ; cross out the multiples of s2
        bgeu    t0, s0, 3f
        add     t1, s1, s2
        lbu     t1, 0(t1)
        bnez    t1, 2f
        li      t2, 1
4:      add     t1, s1, t0
        sb      t2, 0(t1)
        add     t0, t0, s2
        bltu    t0, s0, 4b
2:      addi    s2, s2, 1
        j       1b
3:      li      a1, 0                   ; what is left is prime
        li      t0, 2
5:      bgeu    t0, s0, 6f
        add     t1, s1, t0
        lbu     t1, 0(t1)
        seqz    t1, t1
        add     a1, a1, t1
        addi    t0, t0, 1
        j       5b
6:      la      a0, text_nothing
        la      a2, text_primes
        call    put_line
        li      a1, 0
leave_program:
        li      a0, SYS_EXIT
        int     32
out_of_memory:
        la      a0, text_no_memory
        call    puts
        li      a1, 1
        j       leave_program

; ---- pages N: each page comes when it is touched ------------------------------------

pages:
        mv      s0, a0
        mv      a1, a0
        li      a0, SYS_MAP
        int     32
        bltz    a0, out_of_memory
        mv      s1, a0
        li      s2, 0
1:      bgeu    s2, s0, 2f
        slli    t0, s2, 12
        add     t0, s1, t0
        sw      s2, 0(t0)
        addi    s2, s2, 1
        j       1b
2:      li      a1, 0                   ; and read them all again
        li      s2, 0
3:      bgeu    s2, s0, 4f
        slli    t0, s2, 12
        add     t0, s1, t0
        lw      t0, 0(t0)
        add     a1, a1, t0
        addi    s2, s2, 1
        j       3b
4:      la      a0, text_pages
        la      a2, text_new_line
        call    put_line
        li      a1, 0
        j       leave_program

; ---- share N: two processes, one page, one counter ----------------------------------

share:
        mv      s0, a0
        li      a0, SYS_SPAWN
        la      a1, name_partner
        mv      a2, s0
        li      a3, 0
        int     32
        bltz    a0, out_of_memory
        mv      s2, a0
        mv      a0, s0
        call    count_up
        li      a0, SYS_WAIT
        mv      a1, s2
        li      a2, 0
        int     32
        lw      a1, 4(s1)
        sw      zero, 4(s1)             ; for the next time
        la      a0, text_shared
        la      a2, text_new_line
        call    put_line
        li      a1, 0
        j       leave_program
partner:
        call    count_up
        li      a1, 0
        j       leave_program

; count_up: a0 times one more in the second word of the shared page; the first is the lock. s1 <- the page
count_up:
        push    a0
        li      a0, SYS_SHARE
        li      a1, 0
        int     32
        mv      s1, a0
        pop     a0
1:      beqz    a0, 4f
2:      li      t0, 1
        swap    t0, 0(s1)               ; whoever gets the 0 has the lock
        beqz    t0, 3f
        push    a0
        li      a0, SYS_YIELD
        int     32
        pop     a0
        j       2b
3:      lw      t0, 4(s1)
        addi    t0, t0, 1
        sw      t0, 4(s1)
        sw      zero, 0(s1)
        addi    a0, a0, -1
        j       1b
4:      ret

; ---- fill VOLUME KB, check VOLUME KB: a file with bytes that one can compute --------

        .equ    W_NAME, DATA
        .equ    W_BYTES, DATA + 0x1000

fill:
        mv      s0, a1
        mv      s1, a0
        li      a2, 1
        call    open_pattern
        bltz    a0, no_pattern
        mv      s2, a0
        li      fp, 0
1:      bgeu    fp, s0, 2f
        call    make_pattern
        li      a0, SYS_WRITE
        mv      a1, s2
        li      a2, W_BYTES
        li      a3, 1024
        int     32
        li      t0, 1024
        bne     a0, t0, 3f
        addi    fp, fp, 1
        j       1b
3:      la      a0, text_full
        mv      a1, fp
        la      a2, text_kb
        call    put_line
        j       4f
2:      la      a0, text_filled
        mv      a1, s1
        la      a2, text_new_line
        call    put_line
4:      li      a1, 0
        j       leave_program

check:
        mv      s0, a1
        mv      s1, a0
        li      a2, 0
        call    open_pattern
        bltz    a0, no_pattern
        mv      s2, a0
        li      fp, 0
1:      bgeu    fp, s0, 4f
        li      a0, SYS_READ
        mv      a1, s2
        li      a2, W_BYTES + 1024
        li      a3, 1024
        int     32
        li      t0, 1024
        bne     a0, t0, 3f
        call    make_pattern
        li      t0, W_BYTES
        li      t1, W_BYTES + 1024
2:      lw      a0, 0(t0)
        lw      a1, 1024(t0)
        bne     a0, a1, 3f
        addi    t0, t0, 4
        bltu    t0, t1, 2b
        addi    fp, fp, 1
        j       1b
3:      la      a0, text_differs
        mv      a1, fp
        la      a2, text_kb
        call    put_line
        li      a1, 1
        j       leave_program
4:      la      a0, text_checked
        mv      a1, s1
        la      a2, text_new_line
        call    put_line
        li      a1, 0
        j       leave_program
no_pattern:
        la      a0, text_no_pattern
        call    puts
        li      a1, 1
        j       leave_program

; open_pattern: a0 <- the file "pattern" of volume a0, made if a2 is 1
open_pattern:
        li      t0, W_NAME
        addi    a0, a0, '0'
        sb      a0, 0(t0)
        la      t1, name_pattern
1:      lbu     t2, 0(t1)
        sb      t2, 1(t0)
        addi    t0, t0, 1
        addi    t1, t1, 1
        bnez    t2, 1b
        li      a0, SYS_OPEN
        li      a1, W_NAME
        int     32
        ret

; make_pattern: the KB number fp of volume s1, at W_BYTES
make_pattern:
        li      t0, W_BYTES
        li      t1, W_BYTES + 1024
        slli    t2, fp, 16
        add     t2, t2, s1
        li      a0, 0x9E3779B9          ; an odd number with many bits: the words look like noise
1:      add     t2, t2, a0
        mul     a1, t2, a0
        sw      a1, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 1b
        ret

; ---- ping ADDRESS N, and echo, which answers ----------------------------------------

        .equ    N_FRAME, DATA
        .equ    N_SIZE, 64

ping:
        mv      s0, a0
        mv      s1, a1
        li      s2, 0                   ; answers
        li      fp, 0
1:      bgeu    fp, s1, 3f
        li      t0, N_FRAME
        sb      s0, 0(t0)
        sw      fp, 4(t0)
        li      a0, SYS_SEND
        li      a1, N_FRAME
        li      a2, N_SIZE
        int     32
        li      a0, SYS_RECEIVE
        li      a1, N_FRAME
        li      a2, N_SIZE
        li      a3, 20
        int     32
        li      t0, N_SIZE
        bne     a0, t0, 2f
        addi    s2, s2, 1
2:      addi    fp, fp, 1
        j       1b
3:      la      a0, text_answers
        mv      a1, s2
        la      a2, text_new_line
        call    put_line
        li      a1, 0
        j       leave_program

echo:
        li      a0, SYS_RECEIVE
        li      a1, N_FRAME
        li      a2, 1514
        li      a3, 0
        int     32
        mv      a2, a0
        li      t0, N_FRAME
        lbu     t1, 1(t0)               ; back to where it came from
        sb      t1, 0(t0)
        li      a0, SYS_SEND
        li      a1, N_FRAME
        int     32
        j       echo

; ---- Bad neighbours -----------------------------------------------------------------

spin:   j       spin                    ; its share of the CPU, and no more

hog:                                    ; as much of the CPU as one can get
        li      a0, SYS_PRIORITY
        li      a1, 3
        int     32
1:      j       1b

fork:                                   ; and as many of oneself as fit
        li      a0, SYS_SPAWN
        la      a1, name_fork
        int     32
        bgez    a0, fork
1:      j       1b

fill_shared:                            ; whoever may write the shared pages may spoil them for all
        li      s0, 0
1:      li      a0, SYS_SHARE
        mv      a1, s0
        int     32
        bltz    a0, out_of_memory
        addi    t0, a0, 4               ; not the lock: then they would wait for ever, and nobody would see why
        li      t1, 0x1000
        add     t1, a0, t1
        li      t2, 1000
2:      sw      t2, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 2b
        addi    s0, s0, 1
        li      t0, SHARED_PAGES
        bltu    s0, t0, 1b
        la      a0, text_spoilt
        call    puts
        li      a1, 0
        j       leave_program

fill_disk:                              ; nobody asks how much of the disks one process takes
        li      s1, 0
1:      mv      a0, s1
        li      a2, 1
        call    open_pattern
        bltz    a0, 3f
        mv      s2, a0
        li      fp, 0
2:      call    make_pattern
        li      a0, SYS_WRITE
        mv      a1, s2
        li      a2, W_BYTES
        li      a3, 1024
        int     32
        addi    fp, fp, 1
        li      t0, 1024
        beq     a0, t0, 2b
        li      a0, SYS_CLOSE
        mv      a1, s2
        int     32
3:      addi    s1, s1, 1
        li      t0, VOLUMES
        bltu    s1, t0, 1b
        la      a0, text_all_full
        call    puts
        li      a1, 0
        j       leave_program

crash:                                  ; not for programs
        cli
        li      a1, 0
        j       leave_program

; nap N: sleeps N ticks
nap:
        mv      a1, a0
        li      a0, SYS_SLEEP
        int     32
        la      a0, text_nap
        call    puts
        li      a1, 0
        j       leave_program

text_nothing:      .asciz ""
text_new_line:     .asciz "\n"
text_primes:       .asciz " primes\n"
text_no_memory:    .asciz "no memory is left\n"
text_pages:        .asciz "the sum of all pages is "
text_shared:       .asciz "together they counted to "
name_pattern:      .asciz ":pattern"
text_filled:       .asciz "filled volume "
text_full:         .asciz "the volume is full after "
text_kb:           .asciz " KB\n"
text_checked:      .asciz "all is right on volume "
text_differs:      .asciz "wrong or missing after "
text_no_pattern:   .asciz "there is no such file, or no such volume\n"
text_answers:      .asciz "answers: "
text_nap:          .asciz "slept well\n"
text_spoilt:       .asciz "all shared pages are spoilt\n"
text_all_full:     .asciz "all volumes are full\n"
        .align  4
