; calls.s - a program that asks its kernel for things, some of which it must not get
;
; It calls a function and the kernel, and measures both. It asks for a text to be
; printed; asks again with a stack pointer that leads nowhere; tries a gate that is not
; for programs; and at last asks the kernel to print the kernel's own secret.
;
; Good places for breakpoints:
;
;   ask  measured  say  odd  door  peek  answer     the program
;   syscall  print  check  copy  refuse  tidy_up    the kernel
;   on_protection  on_page                          what happens to those who err

        .equ    CONSOLE, 0x10
        .equ    POWER,   0x50
        .equ    CALL,    32             ; gate 32: system calls, for everyone
        .equ    TIDY_UP, 33             ; gate 33: only for ring 0 itself

; System calls: `int CALL` with the number in a0, what it needs in a1. The answer is in
; a0, and t0 to t2 may have changed, as after a function call.
        .equ    PRINT,   1              ; prints the text at a1; a0 <- 0, or -1 if refused
        .equ    COUNT,   2              ; a0 <- how many calls there have been
        .equ    EXIT,    3

        .equ    KERNEL_STACK,  0x4000
        .equ    PROGRAM_STACK, 0xA000
        .equ    USER,     0x8000        ; programs lie from here ...
        .equ    USER_END, 0xA000        ; ... up to here

; ---- The kernel's code: page 0x1000, code 00 ------------------------------------------

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        la      t0, gates
        setcr   tvec, t0
        la      t0, KERNEL_STACK
        setcr   ksp0, t0                ; the stack for those who come in
        la      t0, directory
        setcr   ptbr, t0
        li      t0, 1
        setcr   mode, t0
        la      sp, KERNEL_STACK - 16
        iret

syscall:
        la      t0, calls
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        li      t0, PRINT
        beq     a0, t0, print
        li      t0, COUNT
        beq     a0, t0, count
        j       off

count:
        mv      a0, t1
        iret

print:                                  ; the text is at a1. But whose text is it?
        li      t0, USER
check:
        bltu    a1, t0, refuse          ; below: the kernel's own memory
        li      t0, USER_END
        bgeu    a1, t0, refuse          ; above: nothing
copy:
        lbu     t1, 0(a1)               ; read with the rights of ring 0
        beqz    t1, 1f
        out     CONSOLE, t1
        addi    a1, a1, 1
        j       copy
1:      li      a0, 0
        iret
refuse:
        li      a0, -1
        iret

tidy_up:                                ; through gate 33
        li      t0, '#'
        out     CONSOLE, t0
        iret

; Refused: the program goes on with the next instruction.
on_protection:
        lw      t0, 4(sp)
        addi    t0, t0, 4
        sw      t0, 4(sp)
        iret

on_page:                                ; the end of the program
        li      t0, '?'
        out     CONSOLE, t0
off:
        li      t0, 1
        out     POWER, t0
        j       off

; ---- The kernel's data: code 00 --------------------------------------------------------

        .org    0x2000
        .page   ring=0, write=yes

; Word 0: the handler. Word 1: bit 0 present; bits 2:1 the least privileged ring that
; may come in by `int`; bit 3 interrupts stay as they are.
gates:
        .org    0x2000 + 4 * 8
        .word   on_protection, 1
        .org    0x2000 + 5 * 8
        .word   on_page, 1
        .org    0x2000 + CALL * 8
        .word   syscall, 1 | 3 << 1
        .org    0x2000 + TIDY_UP * 8
        .word   tidy_up, 1 | 0 << 1

        .org    0x2400
secret: .asciz  "the key is 4711\n"
        .align  4
calls:  .word   0

        .org    KERNEL_STACK - 16
        .word   0, program, 3, PROGRAM_STACK

; ---- Page tables -----------------------------------------------------------------------

        .org    0x5000
directory:
        .word   table | 1
        .org    0x6000
table:
        .word   0
        .word   0x1000 | 1              ; kernel: code
        .word   0x2000 | 3, 0x3000 | 3  ; kernel: data, stack
        .org    0x6000 + 8 * 4
        .word   0x8000 | 1 | 3 << 2     ; program: code
        .word   0x9000 | 3 | 3 << 2     ; program: data, stack

; ---- The program, in ring 3 ------------------------------------------------------------

        .org    USER
        .page   ring=3, write=no

program:
        li      fp, 2                   ; measure twice: the first time, the TLB is cold
again:
        rdcycle s0
        call    function
        rdcycle s1
        sub     s0, s1, s0              ; s0: cycles for a function call
        li      a0, COUNT
        rdcycle s1
ask:
        int     CALL
        rdcycle s2
        sub     s1, s2, s1              ; s1: cycles for a system call
        addi    fp, fp, -1
        bnez    fp, again
measured:
        li      a0, PRINT
        la      a1, hello
say:
        int     CALL
said:
        li      sp, 3                   ; a stack pointer that leads nowhere
        li      a0, PRINT
        la      a1, still
odd:
        int     CALL
        li      sp, PROGRAM_STACK
door:
        int     TIDY_UP                 ; a gate, but not for ring 3
after_door:
        li      a0, PRINT
        la      a1, secret              ; "please print this", and it is the kernel's
peek:
        int     CALL
answer:
        bgez    a0, 1f
        li      a0, PRINT
        la      a1, sorry
        int     CALL
1:      li      a0, EXIT
        int     CALL

function:
        ret

        .org    0x9000
        .page   ring=3, write=yes
hello:  .asciz  "hello\n"
still:  .asciz  "hello, without a stack\n"
sorry:  .asciz  "refused\n"
