; two-modes.s - a kernel, a program, and the line between them
;
; The kernel runs in ring 0 (kernel mode). The program runs in ring 3 (user mode).
; The program adds the numbers 1 to 10, which it may do alone. It asks the kernel to
; print, by a system call. Then it tries two things that user mode forbids: to turn
; interrupts off, and to read the kernel's memory. Each time the CPU stops it, the
; kernel is told, prints a letter and lets it go on with the next instruction.
;
; Console: 55 x p bye

        .equ    CONSOLE, 0x10
        .equ    POWER,   0x50
        .equ    KERNEL_STACK,  0x4000   ; where the stacks begin; they grow down
        .equ    PROGRAM_STACK, 0xA000
        .equ    PRINT,   1              ; system calls: a0 = which, a1 = what
        .equ    EXIT,    2

; ---- The kernel's code: page 0x1000, code 00 -----------------------------------------

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        la      t0, directory
        setcr   ptbr, t0                ; where the page tables are
        la      t0, gates
        setcr   tvec, t0                ; where the gates are
        la      t0, KERNEL_STACK
        setcr   ksp0, t0                ; the stack for traps that come into ring 0
        li      t0, 1
        setcr   mode, t0                ; paging on: now every page has a code
        la      sp, start_frame
to_user:
        iret                            ; pc, status and sp from start_frame: into ring 3

; The program asks: `int 32`. The stack holds error, pc, status and sp of the program.
syscall:
        li      t0, PRINT
        bne     a0, t0, 1f
        out     CONSOLE, a1             ; only ring 0 may do this
        iret
1:      la      t0, msg_bye
2:      lbu     t1, 0(t0)
        beqz    t1, off
        out     CONSOLE, t1
        addi    t0, t0, 1
        j       2b
off:
        li      t0, 1
        out     POWER, t0
        j       off

; The program did what it must not. Say so, and go on behind that instruction.
on_page:
        li      t0, 'p'
        j       refused
on_protection:
        li      t0, 'x'
refused:
        out     CONSOLE, t0
        li      t0, ' '
        out     CONSOLE, t0
        lw      t0, 4(sp)               ; the saved pc: the instruction that was stopped
        addi    t0, t0, 4
        sw      t0, 4(sp)
        iret

; ---- The kernel's data: page 0x2000, code 00 -----------------------------------------

        .org    0x2000
        .page   ring=0, write=yes

; 64 gates of two words: the handler, then bit 0 = present, bits 2:1 = the least
; privileged ring that may come in by `int`. 0 = only the CPU itself.
gates:
        .org    0x2000 + 4 * 8
        .word   on_protection, 1
        .org    0x2000 + 5 * 8
        .word   on_page, 1
        .org    0x2000 + 32 * 8
        .word   syscall, 1 | 3 << 1     ; ring 3 may

        .org    0x2200
secret: .word   0x5ec2e700              ; the program shall not read this
msg_bye: .asciz "bye\n"
        .align  4
start_frame:                            ; as a trap would have left it
        .word   0                       ; error word: iret skips it
        .word   program                 ; pc
        .word   3 | 1 << 2              ; status: ring 3, interrupts on
        .word   PROGRAM_STACK           ; sp

        .org    0x3000                  ; 4 KiB of stack, used from its end
        .space  0x1000

; ---- Page tables ---------------------------------------------------------------------
; An entry is the frame's address and some bits: 1 = present, 2 = writable, and in
; bits 3:2 the page's 2-bit code. Here page and frame are always the same.

        .equ    PRESENT, 1
        .equ    WRITE,   2
        .equ    CODE_00, 0 << 2
        .equ    CODE_11, 3 << 2

        .org    0x4000
directory:
        .word   table | PRESENT         ; one table: the first 4 MiB

        .org    0x5000
table:
        .word   0                                       ; page 0: not there
        .word   0x1000 | PRESENT | CODE_00              ; the kernel's code
        .word   0x2000 | PRESENT | CODE_00 | WRITE      ; its data
        .word   0x3000 | PRESENT | CODE_00 | WRITE      ; its stack
        .word   0, 0, 0, 0
        .word   0x8000 | PRESENT | CODE_11              ; the program's code
        .word   0x9000 | PRESENT | CODE_11 | WRITE      ; its data and stack

; ---- The program: code 11 ------------------------------------------------------------

        .org    0x8000
        .page   ring=3, write=no

program:
        li      t0, 10
        li      s0, 0
add_up:
        add     s0, s0, t0              ; plain work: no kernel needed
        addi    t0, t0, -1
        bnez    t0, add_up
        la      t1, total
        sw      s0, 0(t1)               ; its own page: allowed

        li      a0, PRINT
        li      t1, 10
        div     a1, s0, t1
        addi    a1, a1, '0'
ask:
        int     32                      ; the kernel prints the first digit
        rem     a1, s0, t1
        addi    a1, a1, '0'
        int     32                      ; and the second
        li      a1, ' '
        int     32

forbidden:
        cli                             ; only for ring 0
peek:
        la      t1, secret
        li      s1, 7
read_it:
        lw      s1, 0(t1)               ; a page with code 00: not for ring 3
after:
        li      a0, EXIT
        int     32

        .org    0x9000
        .page   ring=3, write=yes
total:  .word   0
        .space  0x1000 - 4              ; the rest of the page is its stack
