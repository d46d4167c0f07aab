; five.s - five programs, one CPU, and a timer
;
; Programs A to E run the same code: a loop that counts its rounds. The timer takes the
; CPU from each in turn. After 200000 cycles the kernel prints which share of all rounds
; each program made, and switches off.
;
; Four things are meant to be changed (`set mem[slice] = 500`) before `continue`:
;
;   slice   cycles from one tick of the timer to the next; 0: no ticks
;   waits   a word for each program. 0: it computes all the time. Else it computes a
;           little, then sleeps for so many cycles, as if it waited for a key or a disk
;   boost   1: who has slept and wakes up goes first. 0: in turn, like everybody
;   END     fixed: how long all that lasts
;
; And these tell what happened, a word for each program:
;
;   count   rounds made
;   late    the longest time, in cycles, from "it should wake up" to "it has the CPU"
;
; Places:  work (the programs)  on_timer  sleep  pick  run_it  idle  report (the kernel)

        .equ    CONSOLE,   0x10
        .equ    INTERVAL,  0x20
        .equ    TICK_DONE, 0x21
        .equ    POWER,     0x50
        .equ    SLEEP,     32           ; `int SLEEP`: wake me in a0 cycles
        .equ    END,       200000

        .equ    SAVED,     28           ; bytes of the seven registers that programs use
        .equ    F_STATUS,  SAVED + 8    ; the status behind them, pushed by the CPU

        .equ    P_SP,      0            ; its kernel sp while another runs
        .equ    P_TOP,     4            ; top of its kernel stack
        .equ    P_READY,   8            ; 1: it can run, 0: it sleeps
        .equ    P_DUE,     12           ; when it should wake up
        .equ    P_WOKEN,   16           ; 1: it has woken up and not run yet
        .equ    P_SIZE,    20

; ---- The kernel: page 0x1000, code 00 --------------------------------------------------

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        la      t0, gates
        setcr   tvec, t0
        la      t0, directory
        setcr   ptbr, t0
        li      t0, 1
        setcr   mode, t0
        la      t0, slice
        lw      t0, 0(t0)
        out     INTERVAL, t0            ; the timer runs; IF is still 0
        la      s0, programs
        j       run_it

; The timer: whoever runs loses the CPU here, wherever it is.
on_timer:
        addi    sp, sp, -SAVED          ; first of all keep its registers
        sw      a0, 0(sp)
        sw      t0, 4(sp)
        sw      t1, 8(sp)
        sw      t2, 12(sp)
        sw      s0, 16(sp)
        sw      s1, 20(sp)
        sw      s2, 24(sp)
        out     TICK_DONE, zero
        getcr   t0, cycle
        li      t1, END
        bgeu    t0, t1, report
        la      s1, programs            ; who should wake up?
1:      lw      t1, P_READY(s1)
        bnez    t1, 2f
        lw      t1, P_DUE(s1)
        bltu    t0, t1, 2f
        li      t1, 1
        sw      t1, P_READY(s1)
        sw      t1, P_WOKEN(s1)
2:      addi    s1, s1, P_SIZE
        la      t1, programs_end
        bltu    s1, t1, 1b
        lw      t0, F_STATUS(sp)
        andi    t0, t0, 3
        beqz    t0, choose              ; it came in `idle`: there is nobody to keep
        j       keep

; A program says that it has nothing to do for a0 cycles.
sleep:
        addi    sp, sp, -SAVED
        sw      a0, 0(sp)
        sw      t0, 4(sp)
        sw      t1, 8(sp)
        sw      t2, 12(sp)
        sw      s0, 16(sp)
        sw      s1, 20(sp)
        sw      s2, 24(sp)
        la      s0, current
        lw      s0, 0(s0)
        getcr   t0, cycle
        add     t0, t0, a0
        sw      t0, P_DUE(s0)
        sw      zero, P_READY(s0)

keep:                                   ; where its registers lie
        la      s0, current
        lw      s0, 0(s0)
        sw      sp, P_SP(s0)

choose:                                 ; who is next?
        la      t0, boost
        lw      t0, 0(t0)
        beqz    t0, pick
        la      s0, programs            ; with boost: one that has just woken up
1:      lw      t0, P_WOKEN(s0)
        bnez    t0, run_it
        addi    s0, s0, P_SIZE
        la      t0, programs_end
        bltu    s0, t0, 1b

pick:                                   ; the next that is ready, round and round
        la      s0, current
        lw      s0, 0(s0)
        li      s1, 5
1:      addi    s0, s0, P_SIZE
        la      t0, programs_end
        bltu    s0, t0, 2f
        la      s0, programs
2:      lw      t0, P_READY(s0)
        bnez    t0, run_it
        addi    s1, s1, -1
        bnez    s1, 1b
idle:
        li      sp, 0x4000              ; nobody is ready: wait for a tick
        sti
        hlt
        j       idle

run_it:                                 ; s0 gets the CPU
        la      t0, current
        sw      s0, 0(t0)
        lw      t0, P_WOKEN(s0)
        beqz    t0, 1f
        sw      zero, P_WOKEN(s0)       ; it had to wait: how long?
        getcr   t0, cycle
        lw      t1, P_DUE(s0)
        sub     t0, t0, t1
        la      t1, programs
        sub     t1, s0, t1
        li      t2, P_SIZE / 4
        divu    t1, t1, t2              ; its place in `late`
        la      t2, late
        add     t2, t2, t1
        lw      t1, 0(t2)
        bgeu    t1, t0, 1f
        sw      t0, 0(t2)
1:      lw      t0, P_TOP(s0)
        setcr   ksp0, t0                ; its next trap comes in on its own stack
        lw      sp, P_SP(s0)
        lw      a0, 0(sp)
        lw      t0, 4(sp)
        lw      t1, 8(sp)
        lw      t2, 12(sp)
        lw      s0, 16(sp)
        lw      s1, 20(sp)
        lw      s2, 24(sp)
        addi    sp, sp, SAVED
go_on:
        iret

; The end: print each program's share of all rounds, in percent.
report:
        li      sp, 0x4000
        li      s0, 0
        li      s1, 0                   ; s1: all rounds
1:      la      t0, count
        add     t0, t0, s0
        lw      t0, 0(t0)
        add     s1, s1, t0
        addi    s0, s0, 4
        addi    t0, s0, -20
        bnez    t0, 1b
        la      t0, total
        sw      s1, 0(t0)
        bnez    s1, 2f
        li      s1, 1                   ; nobody came to do anything
2:      li      s0, 0
3:      srli    t0, s0, 2
        addi    t0, t0, 'A'
        out     CONSOLE, t0
        li      t0, ' '
        out     CONSOLE, t0
        la      t0, count
        add     t0, t0, s0
        lw      a0, 0(t0)
        li      t1, 100
        mul     a0, a0, t1
        srli    t1, s1, 1
        add     a0, a0, t1              ; rounded
        divu    a0, a0, s1
        call    put_number
        la      a0, percent
        call    puts
        addi    s0, s0, 4
        addi    t0, s0, -20
        bnez    t0, 3b
        li      t0, '\n'
        out     CONSOLE, t0
off:
        li      t0, 1
        out     POWER, t0
        j       off

puts:
        lbu     t0, 0(a0)
        beqz    t0, 1f
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       puts
1:      ret

put_number:                             ; a0, below 1000
        li      t1, 10
        divu    t0, a0, t1
        beqz    t0, 1f
        push    ra
        push    a0
        mv      a0, t0
        call    put_number
        pop     a0
        pop     ra
1:      li      t1, 10
        remu    t0, a0, t1
        addi    t0, t0, '0'
        out     CONSOLE, t0
        ret

; ---- The kernel's data, code 00 ---------------------------------------------------------

        .org    0x2000
        .page   ring=0, write=yes
gates:
        .org    0x2000 + 16 * 8
        .word   on_timer, 1
        .org    0x2000 + SLEEP * 8
        .word   sleep, 1 | 3 << 1

        .org    0x2400
slice:  .word   1000
boost:  .word   0
late:   .word   0, 0, 0, 0, 0
total:  .word   0
current: .word  0
programs:
        .word   0x3200 - 44, 0x3200, 1, 0, 0
        .word   0x3400 - 44, 0x3400, 1, 0, 0
        .word   0x3600 - 44, 0x3600, 1, 0, 0
        .word   0x3800 - 44, 0x3800, 1, 0, 0
        .word   0x3A00 - 44, 0x3A00, 1, 0, 0
programs_end:
percent: .asciz "%  "

; A program that has never run looks like one that was interrupted before its first
; instruction: a0 = 4 * its number, six more registers; error, pc, status, sp.
        .equ    STATUS, 3 | 1 << 2      ; ring 3, interrupts on
        .org    0x3200 - 44
        .word    0, 0, 0, 0, 0, 0, 0,   0, program, STATUS, 0
        .org    0x3400 - 44
        .word    4, 0, 0, 0, 0, 0, 0,   0, program, STATUS, 0
        .org    0x3600 - 44
        .word    8, 0, 0, 0, 0, 0, 0,   0, program, STATUS, 0
        .org    0x3800 - 44
        .word   12, 0, 0, 0, 0, 0, 0,   0, program, STATUS, 0
        .org    0x3A00 - 44
        .word   16, 0, 0, 0, 0, 0, 0,   0, program, STATUS, 0

; ---- Page tables ------------------------------------------------------------------------

        .org    0x5000
directory:
        .word   table | 1
        .org    0x6000
table:
        .word   0
        .word   0x1000 | 1              ; kernel: code
        .word   0x2000 | 3, 0x3000 | 3  ; kernel: data, stacks
        .org    0x6000 + 8 * 4
        .word   0x8000 | 1 | 3 << 2     ; programs: code
        .word   0x9000 | 3 | 3 << 2     ; programs: data

; ---- The programs, in ring 3: all five run this -----------------------------------------

        .org    0x8000
        .page   ring=3, write=no
program:                                ; a0 = 0 for A, 4 for B ... 16 for E
        la      s0, count
        add     s0, s0, a0
        la      s1, waits
        add     s1, s1, a0
work:
        lw      t0, 0(s0)               ; one round
        addi    t0, t0, 1
        sw      t0, 0(s0)
        lw      t1, 0(s1)
        beqz    t1, work                ; never tired
        andi    t2, t0, 15
        bnez    t2, work
        mv      a0, t1                  ; after 16 rounds: wait
        int     SLEEP
        j       work

        .org    0x9000
        .page   ring=3, write=yes
count:  .word   0, 0, 0, 0, 0           ; A, B, C, D, E
waits:  .word   0, 0, 0, 0, 0
