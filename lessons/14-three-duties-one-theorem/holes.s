; holes.s - a kernel that asks for interrupts in the old way, by writing status
;
; It sets a timer, looks at its status, turns interrupts on with `setst`, waits a while, and prints how
; many ticks came. On the bare machine it is in ring 0 and all goes well.

        .equ    CONSOLE,   0x10
        .equ    INTERVAL,  0x20
        .equ    TICK_DONE, 0x21
        .equ    POWER,     0x50
        .equ    IF_BIT,    4            ; status, bit 2: interrupts on

        .entry  boot
        .org    0x1000
        .page   ring=0, write=yes

boot:
        li      sp, 0x8000
        la      t0, gates
        setcr   tvec, t0
        la      t1, on_timer            ; gate 16 is the timer's
        sw      t1, 128(t0)
        li      t1, 1                   ; present
        sw      t1, 132(t0)
        li      t0, 2000
        out     INTERVAL, t0            ; a tick every 2000 cycles

look:
        getst   s0                      ; which ring am I in, is IF on? (pushf)
looked:
        ori     t0, s0, IF_BIT
ask:
        setst   t0                      ; interrupts on, please (popf)
asked:
        li      t0, 5000                ; wait for ticks
wait:
        addi    t0, t0, -1
        bnez    t0, wait
        cli
        la      a0, text_none
        beqz    s1, 1f                  ; s1 counts them
        la      a0, text_some
1:      lbu     t0, 0(a0)
        beqz    t0, off
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       1b
off:
        li      t0, 1
        out     POWER, t0

on_timer:
        out     TICK_DONE, zero
        addi    s1, s1, 1
        iret

text_none:      .asciz "no tick came\n"
text_some:      .asciz "ticks came\n"
        .align  8
gates:  .space  64 * 8
