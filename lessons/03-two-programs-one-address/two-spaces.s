; two-spaces.s - two programs that use the same address, and never meet
;
; A and B each have a box at address 0x20000. A puts the letter A into it, B the
; letter B. In between, each lets the other run. Then each looks what is in the box.
;
; The kernel gives each of them a page directory and a page table of its own. The two
; tables differ in a few entries only: those of the code, and that of the box.
;
; Console: ABABABAB and a new line. Good places for breakpoints:
;
;   a_store  a_load  a_again       program A, round and round
;   b_look   b_load  b_again       program B
;   change_space  on_page          the kernel

        .equ    CONSOLE, 0x10
        .equ    POWER,   0x50
        .equ    YIELD,   32             ; `int YIELD`: let the other program run
        .equ    PRINT,   33             ; `int PRINT`: print the character in a0
        .equ    END,     34

        .equ    BOX,     0x20000        ; one address ...
        .equ    FRAME_A, 0x31000        ; ... and the two places in memory behind it
        .equ    FRAME_B, 0x32000
        .equ    STACK_A, 0x4000         ; tops of the kernel stacks
        .equ    STACK_B, 0x5000

; ---- The kernel's code: page 0x1000, code 00 ------------------------------------------

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        la      t0, gates
        setcr   tvec, t0
        la      t0, DIR_A
        setcr   ptbr, t0                ; the first address space: A's
        la      t0, STACK_A
        setcr   ksp0, t0
        li      t0, 1
        setcr   mode, t0                ; paging on
        la      sp, STACK_A - 16        ; where A's first frame waits
        iret

; YIELD: the program that called has left pc, status and sp on its own kernel stack.
; Add what it must find again, remember where, and take the other's. (Its other
; registers are lost, as in a function call.)
yield:
        push    s0
        push    s1
        la      t0, running             ; 0: A, 4: B
        lw      t1, 0(t0)
        la      t2, kernel_sp
        add     t2, t2, t1
        sw      sp, 0(t2)
        xori    t1, t1, 4               ; the other one
        sw      t1, 0(t0)
        la      t2, tops
        add     t2, t2, t1
        lw      t2, 0(t2)
        setcr   ksp0, t2                ; its stack for the next trap
        la      t2, directories
        add     t2, t2, t1
        lw      t2, 0(t2)
change_space:
        setcr   ptbr, t2                ; from here on every address means something else
other_space:
        la      t2, kernel_sp
        add     t2, t2, t1
        lw      sp, 0(t2)
        pop     s1
        pop     s0
        iret

print:
        out     CONSOLE, a0
        iret

; A page fault: print a question mark and go on with the next instruction.
on_page:
        li      t2, '?'
        out     CONSOLE, t2
        lw      t2, 4(sp)
        addi    t2, t2, 4
        sw      t2, 4(sp)
        iret

end:
        li      t0, '\n'
        out     CONSOLE, t0
        li      t0, 1
        out     POWER, t0
        j       end

; ---- The kernel's data, code 00 --------------------------------------------------------

        .org    0x2000
        .page   ring=0, write=yes
gates:
        .org    0x2000 + 5 * 8
        .word   on_page, 1
        .org    0x2000 + 32 * 8
        .word   yield, 1 | 3 << 1
        .word   print, 1 | 3 << 1
        .word   end,   1 | 3 << 1

        .org    0x2400
running:     .word  0
tops:        .word  STACK_A, STACK_B
directories: .word  DIR_A, DIR_B
kernel_sp:   .word  0, STACK_B - 24     ; B waits with a frame and two registers

        .org    STACK_A - 16            ; error, pc, status, sp
        .word   0, prog_a, 3, 0
        .org    STACK_B - 24
        .word   0, 0                    ; s1, s0
        .word   0, prog_b, 3, 0

; ---- Page tables: for each program a directory and one table ---------------------------
; An entry is the frame and some bits: 1 present, 2 writable, bits 3:2 the code.

        .equ    P_00,  1                ; kernel, read only
        .equ    PW_00, 3                ; kernel, writable
        .equ    P_11,  1 | 3 << 2       ; program, read only
        .equ    PW_11, 3 | 3 << 2       ; program, writable

        .org    0x6000
DIR_A:  .word   TABLE_A | 1
        .org    0x7000
TABLE_A:
        .word   0
        .word   0x1000 | P_00           ; the kernel is in both tables,
        .word   0x2000 | PW_00, 0x3000 | PW_00, 0x4000 | PW_00
        .org    TABLE_A + 0x10 * 4
        .word   0x10000 | P_11          ; A's code, only here
        .org    TABLE_A + 0x20 * 4
        .word   FRAME_A | PW_11         ; A's box

        .org    0x8000
DIR_B:  .word   TABLE_B | 1
        .org    0x9000
TABLE_B:
        .word   0
        .word   0x1000 | P_00           ; at the same place: a trap must find it there
        .word   0x2000 | PW_00, 0x3000 | PW_00, 0x4000 | PW_00
        .org    TABLE_B + 0x11 * 4
        .word   0x11000 | P_11          ; B's code, only here
        .org    TABLE_B + 0x20 * 4
        .word   FRAME_B | PW_11         ; B's box

; ---- Program A, in ring 3 --------------------------------------------------------------

        .org    0x10000
        .page   ring=3, write=no
prog_a:
        li      s1, 4                   ; rounds
a_round:
        la      t0, BOX
        li      t1, 'A'
a_store:
        sw      t1, 0(t0)
        int     YIELD                   ; B runs, and stores at the same address
a_back:
        la      t0, BOX
a_load:
        lw      s0, 0(t0)
        mv      a0, s0
        int     PRINT
a_again:
        lw      s0, 0(t0)               ; look once more
        addi    s1, s1, -1
        bnez    s1, a_round
        int     YIELD
        int     YIELD
        int     END

; ---- Program B, in ring 3 --------------------------------------------------------------

        .org    0x11000
        .page   ring=3, write=no
prog_b:
        la      t0, BOX
b_look:
        lw      s0, 0(t0)               ; what is in it, before B stores anything?
        li      s1, 4
b_round:
        la      t0, BOX
        li      t1, 'B'
b_store:
        sw      t1, 0(t0)
        int     YIELD
b_back:
        la      t0, BOX
b_load:
        lw      s0, 0(t0)
        mv      a0, s0
        int     PRINT
b_again:
        lw      s0, 0(t0)
        addi    s1, s1, -1
        bnez    s1, b_round
        int     YIELD
        int     END

; ---- The two boxes ---------------------------------------------------------------------

        .org    FRAME_A
        .page   ring=3, write=yes
        .space  0x1000
        .org    FRAME_B
        .space  0x1000
