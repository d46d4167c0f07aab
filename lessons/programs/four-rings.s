; four-rings.s - four pages of code, one for each ring
;
; Every page has a 2-bit code, 00 to 11, and an instruction runs with the code of its
; page. This program goes once from ring 3 in to ring 0 and out again, and on the way
; tries the doors that are closed:
;
;   jumping into another ring's page     refused, inward and outward
;   in through a gate                    the way in
;   out with iret                        the way out
;   reading a page further out           allowed
;   reading a page further in            refused
;   a privileged instruction in ring 1   refused
;
; The kernel in ring 0 prints a line for each of them.

        .equ    CONSOLE, 0x10
        .equ    POWER,   0x50
        .equ    SAY,     32             ; `int SAY`: ring 0 prints the text at a0
        .equ    TO_2,    33             ; `int TO_2`: from ring 3 into ring 2
        .equ    TO_1,    34             ; from ring 2 into ring 1
        .equ    TO_0,    35             ; from ring 1 into ring 0
        .equ    LEAVE,   36             ; "please do my iret": rings 1 and 2 may not

; Tops of the four stacks. Each lies in its ring's data page.
        .equ    STACK_0, 0x3000
        .equ    STACK_1, 0x7000
        .equ    STACK_2, 0x9000
        .equ    STACK_3, 0xB000

; ---- Ring 0: page 0x1000, code 00 ----------------------------------------------------

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        la      t0, directory
        setcr   ptbr, t0
        la      t0, gates
        setcr   tvec, t0
        la      t0, STACK_0             ; a stack for each ring that a gate leads to
        setcr   ksp0, t0
        la      t0, STACK_1
        setcr   ksp1, t0
        la      t0, STACK_2
        setcr   ksp2, t0
        li      t0, 1
        setcr   mode, t0
        la      sp, start_frame
outward:
        iret                            ; ring 0 -> ring 3

; SAY: print the text at a0. Ring 0 may read the pages of every ring.
say:
        lbu     t0, 0(a0)
        beqz    t0, 1f
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       say
1:      iret

; TO_0: the innermost ring
ring_0:
        la      a0, msg_0
        call    print
        la      t0, word_1
        lw      s0, 0(t0)               ; ring 0 reads a page of ring 1: allowed
back_to_1:
        iret                            ; ring 0 -> ring 1, to the line after `int TO_0`

; LEAVE: rings 1 and 2 have a frame on their stack from the gate that let them in, but
; `iret` is privileged. Ring 0 does it for them, and looks first: never inward.
leave:
        lw      t0, 8(sp)               ; status of the ring that asks
        lw      t1, 12(sp)              ; its sp: there is the frame
        lw      t2, 8(t1)               ; status to go back to
        andi    t0, t0, 3
        andi    t2, t2, 3               ; only the ring: no port rights, nothing else
        bltu    t2, t0, stop
        sw      t2, 8(t1)
        mv      sp, t1
leave_iret:
        iret

; Refused: say so, and go on. After a jump the saved pc is where it wanted to go, so go
; back to ra instead. After anything else take the next instruction.
on_page:
        lw      t0, 0(sp)               ; the error word
        andi    t0, t0, 4               ; bit 2: it was a fetch
        beqz    t0, on_protection
        sw      ra, 4(sp)               ; the saved pc
        j       refused
on_protection:
        lw      t0, 4(sp)
        addi    t0, t0, 4
        sw      t0, 4(sp)
refused:
        push    ra
        la      a0, msg_refused
        call    print
        pop     ra
        iret

stop:
        la      a0, msg_stop
        call    print
        j       off
finish:
        la      a0, msg_end
        call    print
off:
        li      t0, 1
        out     POWER, t0
        j       off

print:
        lbu     t0, 0(a0)
        beqz    t0, 1f
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       print
1:      ret

; ---- Ring 0's data: gates, stacks, page tables ---------------------------------------

        .org    0x2000
        .page   ring=0, write=yes

; Word 0: the handler. The code of the handler's page is the ring that the gate leads to.
; Word 1: bit 0 present, bits 2:1 the least privileged ring that may come by `int`.
gates:
        .org    0x2000 + 4 * 8
        .word   on_protection, 1
        .org    0x2000 + 5 * 8
        .word   on_page, 1
        .org    0x2000 + SAY * 8
        .word   say, 1 | 3 << 1
        .org    0x2000 + TO_2 * 8
        .word   ring_2, 1 | 3 << 1
        .org    0x2000 + TO_1 * 8
        .word   ring_1, 1 | 2 << 1      ; ring 3 may not come in here
        .org    0x2000 + TO_0 * 8
        .word   ring_0, 1 | 1 << 1      ; neither ring 3 nor ring 2
        .org    0x2000 + LEAVE * 8
        .word   leave, 1 | 2 << 1
        .org    0x2000 + 37 * 8
        .word   finish, 1 | 3 << 1

        .org    0x2200
start_frame:                            ; error, pc, status, sp
        .word   0, ring_3, 3, STACK_3
msg_0:       .asciz "ring 0: through a gate\n"
msg_refused: .asciz "        refused\n"
msg_stop:    .asciz "        a way inward: no\n"
msg_end:     .asciz "ring 3: the end\n"

        .equ    P,  1                   ; present
        .equ    PW, 3                   ; present and writable
        .equ    CODE_00, 0 << 2         ; bits 3:2 of an entry
        .equ    CODE_01, 1 << 2
        .equ    CODE_10, 2 << 2
        .equ    CODE_11, 3 << 2

        .org    0x3000
directory:
        .word   table | P               ; here bits 3:2 must be 0

        .org    0x4000
table:
        .word   0
        .word   0x1000 | P  | CODE_00   ; code of ring 0
        .word   0x2000 | PW | CODE_00   ; its data and stack
        .word   0, 0
        .word   0x5000 | P  | CODE_01   ; code of ring 1
        .word   0x6000 | PW | CODE_01   ; its data and stack
        .word   0x7000 | P  | CODE_10   ; code of ring 2
        .word   0x8000 | PW | CODE_10
        .word   0x9000 | P  | CODE_11   ; code of ring 3
        .word   0xA000 | PW | CODE_11

; ---- Ring 1: code 01 -----------------------------------------------------------------

        .org    0x5000
        .page   ring=1, write=no
ring_1:
        la      a0, msg_1
        int     SAY
        la      t1, word_2
        lw      s0, 0(t1)               ; further out: allowed
        la      t1, start_frame
read_in_1:
        lw      s0, 0(t1)               ; further in: refused
cli_in_1:
        cli                             ; needs ring 0: refused
        int     TO_0
back_in_1:
        la      a0, msg_1b
        int     SAY
leave_1:
        int     LEAVE                   ; ring 1 -> ring 2

        .org    0x6000
        .page   ring=1, write=yes
word_1: .word   0x11111111
msg_1:  .asciz  "ring 1: through a gate; I read ring 2's page, ring 0's, and try cli:\n"
msg_1b: .asciz  "ring 1: back by iret\n"

; ---- Ring 2: code 10 -----------------------------------------------------------------

        .org    0x7000
        .page   ring=2, write=no
ring_2:
        la      a0, msg_2
        int     SAY
        la      t1, ring_3
jump_out:
        jalr    ra, 0(t1)               ; further out, but another ring's page: refused
after_jump_out:
        int     TO_1
        la      a0, msg_2b
        int     SAY
leave_2:
        int     LEAVE                   ; ring 2 -> ring 3

        .org    0x8000
        .page   ring=2, write=yes
word_2: .word   0x22222222
msg_2:  .asciz  "ring 2: through a gate; I jump to ring 3's page:\n"
msg_2b: .asciz  "ring 2: back by iret\n"

; ---- Ring 3: code 11 -----------------------------------------------------------------

        .org    0x9000
        .page   ring=3, write=no
ring_3:
        la      a0, msg_3
        int     SAY
        la      t1, ring_2
jump_in:
        jalr    ra, 0(t1)               ; into a page of ring 2: refused
after_jump:
        la      a0, msg_gate
        int     SAY
too_far:
        int     TO_0                    ; a gate, but not for ring 3: refused
        int     TO_2                    ; this one is
home:
        la      a0, msg_3b
        int     SAY
        int     37                      ; the end

        .org    0xA000
        .page   ring=3, write=yes
msg_3:  .asciz  "ring 3: I jump to ring 2's page:\n"
msg_gate: .asciz "ring 3: I try ring 0's gate, which is not for me:\n"
msg_3b: .asciz  "ring 3: back by iret\n"
