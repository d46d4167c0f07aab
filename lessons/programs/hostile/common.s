; common.s - what the programs of the gallery have in common; each includes it
;
; Every attack is one attempt: `call try` names it and forgets what came before, then comes the attempt
; itself with its result in s0, then `call outcome` prints what came of it in the program's own eyes:
; a trap that the kernel was told of, or the result.

        .equ    CONSOLE,       0x10
        .equ    INTERVAL,      0x20
        .equ    TICK_DONE,     0x21
        .equ    DISK_SECTOR,   0x30
        .equ    DISK_ADDRESS,  0x31
        .equ    DISK_COMMAND,  0x32
        .equ    DISK_STATUS,   0x33
        .equ    DISK_SELECT,   0x34
        .equ    NET_BUFFER,    0x41
        .equ    NET_LENGTH,    0x42
        .equ    NET_COMMAND,   0x43
        .equ    NET_STATUS,    0x44
        .equ    POWER,         0x50

        .equ    PRESENT, 1              ; page-table entry
        .equ    WRITE,   2
        .equ    CODE_01, 1 << 2
        .equ    CODE_11, 3 << 2

        .equ    MEMORY,    0x400000     ; 4 MiB: where its own memory ends
        .equ    STACK,     0x60000      ; top of the kernel's stack
        .equ    OUT_STACK, 0x70000      ; top of the kernel's stack for traps from outer rings
        .equ    DIRECTORY, 0x70000
        .equ    TABLE,     0x71000      ; of the first 4 MiB: page = frame, code 00, writable
        .equ    WINDOW_TABLE, 0x72000   ; of the second 4 MiB: free for attacks
        .equ    WINDOW,    0x400000     ; its first page
        .equ    FRAME_A,   0x80000      ; frames to play with
        .equ    FRAME_B,   0x81000
        .equ    OUTER,     0x50000      ; page for code of an outer ring

        .entry  boot
        .org    0x40000
        .page   ring=0, write=yes

boot:
        li      sp, STACK
        la      t0, gates               ; gate n leads to stub n
        la      t1, stubs
        la      t2, stubs_end
1:      sw      t1, 0(t0)
        li      s0, PRESENT | 3 << 1    ; by `int` from any ring
        sw      s0, 4(t0)
        addi    t0, t0, 8
        addi    t1, t1, 16
        bltu    t1, t2, 1b
        la      t0, gates
        sw      t1, 32 * 8(t0)          ; `int 32`: back from an outer ring
        sw      s0, 32 * 8 + 4(t0)
        setcr   tvec, t0
        li      t0, OUT_STACK
        setcr   ksp0, t0
        li      t0, DIRECTORY           ; the page tables; who wants them calls paging_on
        la      t1, TABLE | PRESENT
        sw      t1, 0(t0)
        la      t1, WINDOW_TABLE | PRESENT
        sw      t1, 4(t0)
        setcr   ptbr, t0
        li      t0, TABLE
        li      t1, PRESENT | WRITE
        li      t2, MEMORY
1:      sw      t1, 0(t0)
        addi    t0, t0, 4
        addi    t1, t1, 0x1000
        bltu    t1, t2, 1b
        li      s0, 0
        j       attack

off:
        li      t0, 1
        out     POWER, t0
        j       off

paging_on:
        li      t0, 1
        setcr   mode, t0
        ret

; map: window page a0 (0 to 1023) <- entry a1, and no stale translation
map:
        slli    t0, a0, 2
        li      t1, WINDOW_TABLE
        add     t0, t0, t1
        sw      a1, 0(t0)
        slli    t0, a0, 12
        li      t1, WINDOW
        add     t0, t0, t1
        invlpg  t0
        ret

; code_page: the page at OUTER gets the code in a0 (entry bits)
code_page:
        li      t0, OUTER | PRESENT
        or      t0, t0, a0
        li      t1, TABLE + (OUTER >> 12) * 4
        sw      t0, 0(t1)
        li      t0, OUTER
        invlpg  t0
        ret

; go_out: status a0, pc a1, sp a2. Comes back by any trap.
go_out:
        push    ra
        la      t0, home_sp
        sw      sp, 0(t0)
        push    a2
        push    a0
        push    a1
        push    zero
        iret
        addi    sp, sp, 16              ; the `iret` itself was refused
        pop     ra
        ret

; ---- Traps: noted, and the attempt is over ------------------------------------------

stubs:                                  ; 16 bytes each: its vector in t0
        push    t0
        li      t0, 0
        j       noted
        push    t0
        li      t0, 1
        j       noted
        push    t0
        li      t0, 2
        j       noted
        push    t0
        li      t0, 3
        j       noted
        push    t0
        li      t0, 4
        j       noted
        push    t0
        li      t0, 5
        j       noted
        push    t0
        li      t0, 6
        j       noted
        push    t0
        li      t0, 7
        j       noted
        push    t0
        li      t0, 8
        j       noted
stubs_end:
        push    t0                      ; `int 32`
        li      t0, 0
        push    t1
        push    t2
        j       1f
noted:
        push    t1
        push    t2
        la      t1, seen                ; t2, t1, t0 lie below error, pc, status, sp
        addi    t2, t0, 1
        sw      t2, 0(t1)
        lw      t2, 12(sp)
        sw      t2, 4(t1)
        getcr   t2, badaddr
        sw      t2, 8(t1)
        lw      t2, 12(t1)
        addi    t2, t2, 1
        sw      t2, 12(t1)
        lw      t2, 20(sp)
        sw      t2, 16(t1)
1:      lw      t2, 20(sp)
        andi    t2, t2, 3
        bnez    t2, come_home
        lw      t2, 16(sp)              ; ring 0: a fault of an instruction: go on behind it
        addi    t1, t0, -5
        bnez    t1, 2f
        getcr   t1, badaddr
        bne     t1, t2, 3f
        mv      t2, ra                  ; a jump to nowhere: go back to who jumped
        j       4f
2:      addi    t1, t0, -1              ; step, breakpoint and hypercall saved the next one
        beqz    t1, 4f
        addi    t1, t0, -2
        beqz    t1, 4f
        addi    t1, t0, -8
        beqz    t1, 4f
3:      addi    t2, t2, 4
4:      sw      t2, 16(sp)
        pop     t2
        pop     t1
        pop     t0
        iret
come_home:
        la      t0, home_sp
        lw      sp, 0(t0)
        pop     ra
        ret

; ---- What is printed -----------------------------------------------------------------

; try: print the text at a0, forget what was seen
try:
        push    ra
        call    puts
        pop     ra
        la      t0, seen
        sw      zero, 0(t0)
        li      s0, 0
        ret

; outcome: what came of it; s0 is the result
outcome:
        push    ra
        la      a0, text_indent
        call    puts
        la      t0, seen
        lw      t0, 0(t0)
        bnez    t0, 1f
        la      a0, text_done
        call    puts
        mv      a0, s0
        call    put_hex
        j       2f
1:      la      t1, names
        slli    t0, t0, 2
        add     t1, t1, t0
        lw      a0, -4(t1)
        call    puts
        la      a0, text_error
        call    puts
        la      t0, seen
        lw      a0, 4(t0)
        call    put_hex
        la      t0, seen
        lw      t1, 0(t0)
        addi    t1, t1, -6              ; a page fault has an address
        bnez    t1, 2f
        la      a0, text_at
        call    puts
        la      t0, seen
        lw      a0, 8(t0)
        call    put_hex
2:      li      a0, '\n'
        out     CONSOLE, a0
        pop     ra
        ret

puts:
        lbu     t0, 0(a0)
        beqz    t0, 1f
        out     CONSOLE, t0
        addi    a0, a0, 1
        j       puts
1:      ret

put_hex:
        li      t0, 8
1:      srli    t1, a0, 28
        slli    a0, a0, 4
        la      t2, digits
        add     t1, t1, t2
        lbu     t1, 0(t1)
        out     CONSOLE, t1
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

; disk: command a0 (1 read, 2 write) for sector a1, memory a2, disk a3; s0 <- status: 0 done, 2 error
disk:
        out     DISK_SECTOR, a1
        out     DISK_ADDRESS, a2
        out     DISK_SELECT, a3
        out     DISK_COMMAND, a0
1:      in      s0, DISK_STATUS
        addi    t0, s0, -1
        beqz    t0, 1b
        out     DISK_STATUS, zero
        ret

names:  .word   name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8
seen:   .word   0, 0, 0, 0, 0           ; vector + 1, error, badaddr; traps in all; saved status
home_sp: .word  0
digits: .ascii  "0123456789abcdef"
name_0: .asciz  "divide"
name_1: .asciz  "step"
name_2: .asciz  "breakpoint"
name_3: .asciz  "undefined"
name_4: .asciz  "protection"
name_5: .asciz  "page fault"
name_6: .asciz  "misaligned"
name_7: .asciz  "double fault"
name_8: .asciz  "vmcall"
text_indent: .asciz "  "
text_done:  .asciz "done, "
text_error: .asciz ", error "
text_at:    .asciz " at "
        .align  8
gates:  .space  64 * 8

        .org    0x5F000                 ; the stacks and the tables
        .space  0x14000
