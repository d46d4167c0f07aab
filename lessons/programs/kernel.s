; kernel.s - a small operating system for Onion
;
; It boots, builds its page tables, sets its gates and runs two programs in ring 3.
; The timer takes the CPU from each of them in turn. They print through system calls.
; One of them touches a page that is not there yet, and the kernel puts one there.
; The other tries an instruction that is not for programs, and the kernel stops it.
;
; The same image runs on the bare machine, in ring 0, and as a guest under the VMM,
; in ring 1. It need not know which, and prints the same. Good places for breakpoints:
;
;   boot  paging_on  first_program            the way up
;   prog_a  ask  touch  prog_b  forbidden     the programs
;   syscall  on_timer  on_page  switch  resume  the ways in and out of the kernel
;   critical  map_page  idle  off             single points worth a look

; ---- Memory: what lies where -------------------------------------------------------
; Virtual and physical addresses are the same, except for the page at HEAP.

        .equ    DATA,      0x3000       ; kernel data: gates and tables
        .equ    STACK_A,   0x5000       ; tops of the kernel stacks: one for each program
        .equ    STACK_B,   0x6000
        .equ    STACK_0,   0x7000       ; and one for the kernel's own beginning and end
        .equ    DIRECTORY, 0x7000
        .equ    TABLE,     0x8000
        .equ    USER,      0x10000      ; programs lie from here up: code 11
        .equ    PROG_A,    0x10000
        .equ    USTACK_A,  0x12000      ; tops of the programs' own stacks
        .equ    PROG_B,    0x20000
        .equ    USTACK_B,  0x22000
        .equ    LIBRARY,   0x30000      ; code that both programs call
        .equ    BOARD,     0x31000      ; one page that both may write
        .equ    FREE,      0x40000      ; frames that nobody owns yet
        .equ    HEAP,      0x100000     ; a page of program A, not mapped at first
        .equ    USER_END,  0x400000

; ---- Words the hardware understands ------------------------------------------------

        .equ    PRESENT, 1              ; page-table entry: bit 0
        .equ    WRITE,   2              ;                   bit 1
        .equ    CODE_00, 0 << 2         ;                   bits 3:2, the page's ring
        .equ    CODE_11, 3 << 2

        .equ    GATE,       1           ; gate: present; only the CPU itself comes in
        .equ    GATE_INT,   1 | 3 << 1  ; ... and ring 3 may come in by `int`
        .equ    GATE_KEEP,  1 << 3      ; ... and IF stays as it is

        .equ    USER_STATUS, 3 | 1 << 2 ; status of a program: ring 3, interrupts on

        .equ    CONSOLE,   0x10         ; ports
        .equ    INTERVAL,  0x20
        .equ    TICK_DONE, 0x21
        .equ    POWER,     0x50

        .equ    SLICE,     10000        ; cycles between two ticks of the timer

; ---- System calls: `int 32` with the number in a0, the argument in a1 --------------

        .equ    SYS_PUTC,  1            ; print the character a1
        .equ    SYS_PUTS,  2            ; print the text at a1, up to its zero byte
        .equ    SYS_YIELD, 3            ; let another program run
        .equ    SYS_EXIT,  4            ; end
        .equ    SYS_PID,   5            ; a0 <- my number

; ---- What a trap leaves on the kernel stack ----------------------------------------
; The CPU pushes four words; save_all pushes fourteen registers below them.
; Where sp points: ra, fp, a0-a5, t0-t2, s0-s2, then error, pc, status, sp.

        .equ    SAVED,    56            ; bytes of the fourteen registers
        .equ    F_A0,     8
        .equ    F_ERROR,  56
        .equ    F_PC,     60
        .equ    F_STATUS, 64
        .equ    F_SP,     68
        .equ    F_SIZE,   72

; ---- What the kernel knows about a program -----------------------------------------

        .equ    P_PID,    0             ; its number
        .equ    P_READY,  4             ; 1 while it can run
        .equ    P_SP,     8             ; kernel sp while another program runs
        .equ    P_TOP,    12            ; top of its kernel stack
        .equ    P_TAKEN,  16            ; how often the timer took the CPU from it
        .equ    P_SIZE,   20

; ====================================================================================
; Booting. Paging is off: addresses are physical, every page counts as code 00.
; ====================================================================================

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        li      sp, STACK_0             ; no stack until we say where
        la      t0, gates
        setcr   tvec, t0                ; a trap before this line would be the end

set_gates:                              ; who may come in where
        la      a1, on_divide
        li      a0, 0
        li      a2, GATE
        call    set_gate
        la      a1, on_undefined
        li      a0, 3
        call    set_gate
        la      a1, on_protection
        li      a0, 4
        call    set_gate
        la      a1, on_page
        li      a0, 5
        call    set_gate
        la      a1, on_misaligned
        li      a0, 6
        call    set_gate
        la      a1, on_timer
        li      a0, 16
        call    set_gate
        la      a1, syscall             ; the only one that programs may use, by `int 32`;
        li      a0, 32                  ; interrupts stay on in it
        li      a2, GATE_INT | GATE_KEEP
        call    set_gate

; Page tables. The directory has one entry: the table for the first 4 MiB.
; The table is filled from the list at memory_map: first page, number of pages, bits.

build_tables:
        li      t0, DIRECTORY
        li      t1, TABLE | PRESENT     ; in a directory, W and the code must be 0
        sw      t1, 0(t0)
        la      s0, memory_map
1:      lw      a0, 0(s0)               ; address of the first page
        lw      a1, 4(s0)               ; how many
        lw      a2, 8(s0)               ; their bits
        beqz    a1, tables_built
2:      call    map                     ; page a0 -> frame a0, bits a2
        addi    a0, a0, 0x1000
        addi    a1, a1, -1
        bnez    a1, 2b
        addi    s0, s0, 12
        j       1b

tables_built:
        li      t0, DIRECTORY
        setcr   ptbr, t0
        li      t0, 1
        setcr   mode, t0                ; from the next fetch on, every address is walked

paging_on:
        la      a0, hello
        call    kputs

; A program that has never run looks like one that was interrupted before its first
; instruction: its kernel stack holds a whole frame. So `resume` can start it.

        la      s0, programs
        li      a0, STACK_A
        la      a1, prog_a
        li      a2, USTACK_A
        call    prepare
        addi    s0, s0, P_SIZE
        li      a0, STACK_B
        la      a1, prog_b
        li      a2, USTACK_B
        call    prepare

        li      t0, SLICE
        out     INTERVAL, t0            ; the timer runs; IF is 0: no tick comes in yet

first_program:
        la      s0, programs
        j       run_it

; set_gate: gate a0 <- handler a1, bits a2
set_gate:
        slli    t0, a0, 3               ; 8 bytes each
        la      t1, gates
        add     t0, t0, t1
        sw      a1, 0(t0)
        sw      a2, 4(t0)
        ret

; map: page a0 -> the frame with the same address, bits a2
map:
        srli    t0, a0, 12              ; page number = index in the table
        slli    t0, t0, 2               ; 4 bytes each
        li      t1, TABLE
        add     t0, t0, t1
        or      t1, a0, a2
        sw      t1, 0(t0)
        ret

; prepare: program s0 gets kernel stack a0, entry a1, own stack a2
prepare:
        sw      a0, P_TOP(s0)
        addi    a0, a0, -F_SIZE         ; memory is 0, so its registers start as 0
        sw      a0, P_SP(s0)
        sw      a1, F_PC(a0)
        sw      a2, F_SP(a0)
        li      t0, USER_STATUS
        sw      t0, F_STATUS(a0)
        li      t0, 1
        sw      t0, P_READY(s0)
        ret

; ====================================================================================
; Into the kernel and out again
; ====================================================================================
; The CPU has switched to the stack in ksp0 (if it came from ring 3), pushed four words
; and jumped here. Every other register still belongs to whoever was interrupted.

save_all:                               ; called with ra saved and room made
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

resume:                                 ; back to whoever the frame at sp belongs to
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
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        la      t0, current
        lw      s0, 0(t0)
        beqz    s0, resume              ; nobody runs: it was the idle kernel
        lw      t1, P_TAKEN(s0)
        addi    t1, t1, 1
        sw      t1, P_TAKEN(s0)         ; preempted once more; go on to switch

; ---- From one program to the next (IF is 0) ----------------------------------------
; All registers of program s0 lie on its kernel stack. Remember where; take the other's.

switch:
        sw      sp, P_SP(s0)
pick:                                   ; the next that is ready, round and round
        mv      s1, s0
1:      addi    s1, s1, P_SIZE
        la      t0, programs_end
        bltu    s1, t0, 2f
        la      s1, programs
2:      lw      t1, P_READY(s1)
        bnez    t1, 3f
        bne     s1, s0, 1b
        j       all_done                ; looked at everyone: nobody is ready
3:      mv      s0, s1
run_it:
        la      t0, current
        sw      s0, 0(t0)
        lw      t1, P_TOP(s0)
        setcr   ksp0, t1                ; its next trap comes in on its own stack
        lw      sp, P_SP(s0)
        j       resume

; ---- System calls ------------------------------------------------------------------

syscall:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        la      t0, current
        lw      s0, 0(t0)
        li      t0, SYS_PUTC
        beq     a0, t0, sys_putc
        li      t0, SYS_PUTS
        beq     a0, t0, sys_puts
        li      t0, SYS_YIELD
        beq     a0, t0, sys_yield
        li      t0, SYS_EXIT
        beq     a0, t0, sys_exit
        li      t0, SYS_PID
        beq     a0, t0, sys_pid
bad_call:
        li      t0, -1
        sw      t0, F_A0(sp)            ; what the program will find in its a0
        j       resume

sys_putc:
        out     CONSOLE, a1
        j       resume

sys_puts:                               ; the kernel reads this text with ring 0's rights,
        li      t0, USER                ; so it must not be sent to read its own pages
        bltu    a1, t0, bad_call
        li      t0, USER_END
        bgeu    a1, t0, bad_call
        mv      a0, a1
critical:
        cli                             ; nobody may disturb us here: a tick would let
        call    kputs                   ; the other program write into our line
        sti
        j       resume

sys_yield:
        cli                             ; half a switch must not be interrupted
        j       switch

sys_exit:
        cli
        sw      zero, P_READY(s0)
        j       pick

sys_pid:
        lw      t0, P_PID(s0)
        sw      t0, F_A0(sp)
        j       resume

; ---- Page faults: give program A its page when it first touches it -----------------

on_page:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        getcr   a1, badaddr             ; where?
        srli    t0, a1, 12
        li      t1, HEAP >> 12
        bne     t0, t1, page_wrong      ; not the page we are waiting for
        lw      t0, F_ERROR(sp)
        andi    t0, t0, PRESENT
        bnez    t0, page_wrong          ; it is there: this was something forbidden
map_page:
        la      t0, next_frame
        lw      t1, 0(t0)               ; take a free frame
        li      t2, 0x1000
        add     t2, t1, t2
        sw      t2, 0(t0)
        ori     t1, t1, PRESENT | WRITE | CODE_11
        li      t0, TABLE + (HEAP >> 12) * 4
        sw      t1, 0(t0)               ; its entry
        invlpg  a1                      ; and nobody may go on believing an old one
        la      t0, mapped
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        j       resume                  ; a fault saved its own pc: the store runs again

; ---- Everything else is the program's end ------------------------------------------

page_wrong:
        la      s1, name_page
        j       kill

on_divide:
        addi    sp, sp, -SAVED
        la      s1, name_divide
        j       kill
on_undefined:
        addi    sp, sp, -SAVED
        la      s1, name_undefined
        j       kill
on_misaligned:
        addi    sp, sp, -SAVED
        la      s1, name_misaligned
        j       kill
on_protection:
        addi    sp, sp, -SAVED          ; no need to save what nobody will go back to
        la      s1, name_protection

kill:                                   ; s1 = what it did; IF is 0
        la      t0, current
        lw      s0, 0(t0)
        la      a0, msg_kernel
        call    kputs
        beqz    s0, panic               ; no program to blame
        la      a0, msg_stopped
        call    kputs
        lw      a0, P_PID(s0)
        addi    a0, a0, '0'
        out     CONSOLE, a0
        la      a0, msg_colon
        call    kputs
        mv      a0, s1
        call    kputs
        la      a0, msg_at
        call    kputs
        lw      a0, F_PC(sp)
        call    put_hex
        la      a0, msg_line
        call    kputs
        sw      zero, P_READY(s0)
        j       pick

panic:
        mv      a0, s1
        call    kputs
        la      a0, msg_panic
        call    kputs
        j       off

; ====================================================================================
; The end: nobody is ready. IF is 0.
; ====================================================================================

all_done:
        la      t0, current
        sw      zero, 0(t0)
        li      sp, STACK_0
        la      s0, programs
        call    report
        addi    s0, s0, P_SIZE
        call    report
        la      a0, msg_mapped
        call    kputs
        la      t0, mapped
        lw      a0, 0(t0)
        addi    a0, a0, '0'
        out     CONSOLE, a0
        la      a0, msg_idle
        call    kputs
        la      t0, ticks
        lw      s0, 0(t0)
idle:
        sti                             ; takes effect after the next instruction: so no
        hlt                             ; tick can slip in between and leave us asleep
        cli
        la      t0, ticks               ; we were woken by a tick, and it was counted
        lw      t1, 0(t0)
        beq     t1, s0, idle
        la      a0, msg_off
        call    kputs
off:
        li      t0, 1
        out     POWER, t0
        j       off

; report: was program s0 preempted often enough?
report:
        push    ra
        la      a0, msg_program
        call    kputs
        lw      a0, P_PID(s0)
        addi    a0, a0, '0'
        out     CONSOLE, a0
        la      a0, msg_taken
        call    kputs
        lw      t0, P_TAKEN(s0)
        li      t1, 3
        la      a0, msg_yes
        bge     t0, t1, 1f
        la      a0, msg_no
1:      call    kputs
        pop     ra
        ret

; kputs: print the text at a0
kputs:
        lbu     t0, 0(a0)
        beqz    t0, 1f
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       kputs
1:      ret

; put_hex: print a0 as eight hex digits
put_hex:
        li      t0, 8
1:      srli    t1, a0, 28              ; the leftmost digit
        slli    a0, a0, 4
        la      t2, digits
        add     t1, t1, t2
        lbu     t1, 0(t1)
        out     CONSOLE, t1
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

; ====================================================================================
; The kernel's data: code 00 too, so no program can read or write them
; ====================================================================================

        .org    DATA
        .page   ring=0, write=yes

gates:  .space  64 * 8                  ; filled by set_gates
programs:
        .word   1, 0, 0, 0, 0           ; P_PID, P_READY, P_SP, P_TOP, P_TAKEN
        .word   2, 0, 0, 0, 0
programs_end:
current: .word  0                       ; the program that runs; 0 = none
ticks:  .word   0
mapped: .word   0                       ; pages given on demand
next_frame: .word FREE

memory_map:                             ; first page, how many, bits
        .word   0x1000,    2, PRESENT | CODE_00                 ; kernel code
        .word   DATA,      6, PRESENT | WRITE | CODE_00         ; data, stacks, tables
        .word   PROG_A,    1, PRESENT | CODE_11                 ; program A ...
        .word   0x11000,   1, PRESENT | WRITE | CODE_11         ; ... and its stack
        .word   PROG_B,    1, PRESENT | CODE_11
        .word   0x21000,   1, PRESENT | WRITE | CODE_11
        .word   LIBRARY,   1, PRESENT | CODE_11
        .word   BOARD,     1, PRESENT | WRITE | CODE_11
        .word   0, 0, 0

digits:         .ascii  "0123456789abcdef"
hello:          .asciz  "kernel: pages on, gates set\n"
msg_kernel:     .asciz  "kernel: "
msg_stopped:    .asciz  "stopped program "
msg_colon:      .asciz  ": "
msg_at:         .asciz  " at "
msg_line:       .asciz  "\n"
msg_panic:      .asciz  " in the kernel itself\n"
msg_program:    .asciz  "kernel: program "
msg_taken:      .asciz  " was preempted at least 3 times: "
msg_yes:        .asciz  "yes\n"
msg_no:         .asciz  "no\n"
msg_mapped:     .asciz  "kernel: pages mapped on demand: "
msg_idle:       .asciz  "\nkernel: nobody is ready, waiting for a tick\n"
msg_off:        .asciz  "kernel: it came, switching off\n"
name_divide:    .asciz  "division by zero"
name_undefined: .asciz  "undefined instruction"
name_misaligned: .asciz "misaligned access"
name_page:      .asciz  "page fault"
name_protection: .asciz "protection fault"

        .org    0x4000                  ; three stacks, the directory, the table
        .space  5 * 0x1000

; ====================================================================================
; Program A, in ring 3: counts the primes below 4096, one byte for each number, in a
; page that nobody has mapped.
; ====================================================================================

        .org    PROG_A
        .page   ring=3, write=no

prog_a:
        li      a0, 0
        call    wait_turn
        la      a1, a_hello
        call    hello_from
        call    pass_turn

        li      s0, HEAP
        li      s1, 4096
        li      t0, 1
touch:
        sb      t0, 0(s0)               ; no such page: the kernel gives one, then this runs
        sb      t0, 1(s0)               ; 0 and 1 are not prime
        li      s2, 2
1:      slli    t1, s2, 1               ; cross out 2n, 3n, 4n ... for every n
        bge     t1, s1, 3f
2:      add     t2, s0, t1
        sb      t0, 0(t2)
        add     t1, t1, s2
        blt     t1, s1, 2b
        addi    s2, s2, 1
        j       1b
3:      li      a0, 0                   ; what is left is prime
        li      t1, 0
4:      add     t2, s0, t1
        lbu     t2, 0(t2)
        seqz    t2, t2
        add     a0, a0, t2
        addi    t1, t1, 1
        blt     t1, s1, 4b
        mv      s0, a0

        li      a0, 2
        call    wait_turn
        la      a1, a_result
        call    puts
        mv      a0, s0
        call    put_number
        la      a1, a_below
        call    puts
        call    pass_turn

        li      a0, 4
        call    wait_turn
        la      a1, a_bye
        call    puts
        call    pass_turn
        li      a0, SYS_EXIT
        int     32

a_hello:  .asciz "A: hello from ring 3, I am program "
a_result: .asciz "A: "
a_below:  .asciz " primes below 4096\n"
a_bye:    .asciz "A: done\n"

        .org    0x11000
        .page   ring=3, write=yes
        .space  0x1000

; ====================================================================================
; Program B, in ring 3: halve an even number, turn an odd n into 3n + 1, and so on to 1.
; Which number below 500 takes longest? It works in registers only: if the kernel lost
; one of them in a switch, the answer would be wrong.
; ====================================================================================

        .org    PROG_B
        .page   ring=3, write=no

prog_b:
        li      a0, 1
        call    wait_turn
        la      a1, b_hello
        call    hello_from
        call    pass_turn

        li      s0, 1                   ; the number we try
        li      s1, 0                   ; the longest so far: steps
        li      s2, 0                   ;                     number
        li      a2, 1
        li      a3, 500
1:      mv      t0, s0
        li      t1, 0
2:      beq     t0, a2, 5f
        andi    t2, t0, 1
        addi    t1, t1, 1
        beqz    t2, 3f
        slli    t2, t0, 1               ; odd: 2n + n + 1
        add     t0, t2, t0
        addi    t0, t0, 1
        j       2b
3:      srli    t0, t0, 1
        j       2b
5:      ble     t1, s1, 6f
        mv      s1, t1
        mv      s2, s0
6:      addi    s0, s0, 1
        blt     s0, a3, 1b

        li      a0, 3
        call    wait_turn
        la      a1, b_result
        call    puts
        mv      a0, s2
        call    put_number
        la      a1, b_takes
        call    puts
        mv      a0, s1
        call    put_number
        la      a1, b_steps
        call    puts
        call    pass_turn

        li      a0, 5
        call    wait_turn
        la      a1, b_bye
        call    puts
forbidden:
        cli                             ; not for programs: the CPU traps, we never go on
        li      a0, SYS_EXIT
        int     32

b_hello:  .asciz "B: hello from ring 3, I am program "
b_result: .asciz "B: from "
b_takes:  .asciz " it takes "
b_steps:  .asciz " steps to 1\n"
b_bye:    .asciz "B: now I try to turn interrupts off\n"

        .org    0x21000
        .page   ring=3, write=yes
        .space  0x1000

; ====================================================================================
; What both programs use. This page has code 11 as well: a call stays in the ring.
; ====================================================================================

        .org    LIBRARY
        .page   ring=3, write=no

; puts: print the text at a1
puts:
        li      a0, SYS_PUTS
        int     32
        ret

; hello_from: print the text at a1, then this program's number and a new line
hello_from:
        push    ra
        call    puts
        li      a0, SYS_PID
ask:
        int     32                      ; into the kernel through gate 32, and back
        call    put_number
        li      a0, SYS_PUTC
        li      a1, '\n'
        int     32
        pop     ra
        ret

; put_number: print a0 in decimal
put_number:
        push    ra
        li      t0, 10
        remu    t1, a0, t0
        divu    a0, a0, t0
        push    t1
        beqz    a0, 1f
        call    put_number              ; what stands before the last digit comes first
1:      pop     a1
        addi    a1, a1, '0'
        li      a0, SYS_PUTC
        int     32
        pop     ra
        ret

; wait_turn: come back when the word on the board is a0
wait_turn:
        la      t0, turn
1:      lw      t1, 0(t0)
        beq     t1, a0, 2f
        push    a0
        li      a0, SYS_YIELD           ; not yet: give the CPU away
        int     32
        pop     a0
        j       1b
2:      ret

; pass_turn: the next one, please
pass_turn:
        la      t0, turn
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        ret

        .org    BOARD
        .page   ring=3, write=yes
turn:   .word   0                       ; whose line comes next
        .space  0x1000 - 4
