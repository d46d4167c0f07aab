; gate-edge.s - a trap table on the edge of memory, and gates that lead to bad places
;
; The attack: a delivery reads a gate and pushes four words where tvec and the stack say, with the rights of ring 0.
; This kernel lays its gates across the end of its memory, across the end of all addresses, and where the VMM
; has its own; its gates lead to the VMM's pages, to outer rings and to misaligned addresses.
; The wall: the real tvec is the VMM's. A guest's trap first comes to the VMM, which delivers it on the virtual CPU
; through the guest's tables (VirtualDelivery.swift): it can't read or push what the guest couldn't.
; One sees: an `int` whose gate is bad is its own fault; for other traps it would be a double fault.

        .include "common.s"

        .equ    TOP_TABLE, 0x73000

        .org    0x1000
attack:
        call    copy_to_end             ; paging is off: gates 0 to 31 within memory
        la      a0, text_end
        call    try
        vmcall  31                      ; gate 8 is there
        call    outcome
        la      a0, text_beyond         ; gate 33 is not
        call    try
        int     33
        call    outcome

        li      s1, 0                   ; gate 0 at the last 8 bytes of all addresses: gate 1 is at 0
        la      s2, gates + 8
1:      add     t0, s2, s1
        lw      t0, 0(t0)
        sw      t0, 0(s1)
        addi    s1, s1, 4
        li      t0, 40 * 8
        bltu    s1, t0, 1b
        li      t0, -8
        setcr   tvec, t0
        la      a0, text_wrap
        call    try
        vmcall  1
        call    outcome
        la      a0, text_double         ; a divide fault finds no gate: a double fault does
        call    try
        div     s0, s0, zero
        call    outcome

        la      t0, gates
        setcr   tvec, t0
        call    paging_on
        la      s1, handlers            ; gates that lead nowhere
2:      lw      a0, 0(s1)
        beqz    a0, 3f
        call    try
        li      a0, CODE_11
        call    code_page
        la      t0, gates
        lw      t1, 4(s1)
        sw      t1, 33 * 8(t0)
        lw      t1, 8(s1)
        sw      t1, 33 * 8 + 4(t0)
        int     33
        call    outcome
        addi    s1, s1, 12
        j       2b

3:      la      a0, text_own            ; the VMM's place becomes its own: handler, gates and stack lie there
        call    try
        li      t0, TOP_TABLE
        li      t1, FRAME_A | PRESENT | WRITE
        sw      t1, 0(t0)
        sw      t1, 8(t0)
        la      t1, gates
        srli    t1, t1, 12
        slli    t1, t1, 12
        ori     t1, t1, PRESENT | WRITE
        sw      t1, 4(t0)
        li      t0, DIRECTORY
        li      t1, TOP_TABLE | PRESENT
        sw      t1, 4092(t0)
        li      t0, FRAME_A
        la      t1, inside              ; two instructions
        lw      t2, 0(t1)
        sw      t2, 0(t0)
        lw      t2, 4(t1)
        sw      t2, 4(t0)
        la      t0, gates
        li      t1, 0xFFC00000
        sw      t1, 33 * 8(t0)
        li      t1, PRESENT
        sw      t1, 33 * 8 + 4(t0)
        la      t0, gates
        andi    t0, t0, 0xFFF
        li      t1, 0xFFC01000
        or      t0, t0, t1
        setcr   tvec, t0
        li      sp, 0xFFC03000
        int     33
        li      sp, STACK
        call    outcome
        j       off

; The gates at the end of memory, 32 of them within it
copy_to_end:
        la      t0, gates
        li      t1, MEMORY - 32 * 8
        li      t2, MEMORY
1:      lw      s0, 0(t0)
        sw      s0, 0(t1)
        addi    t0, t0, 4
        addi    t1, t1, 4
        bltu    t1, t2, 1b
        li      t1, MEMORY - 32 * 8
        setcr   tvec, t1
        ret

inside: li      s0, 0x1DE
        iret

handlers:                               ; what it is, handler, bits
        .word   text_vmm, 0xFFC00000, PRESENT
        .word   text_outward, OUTER, PRESENT
        .word   text_far, MEMORY, PRESENT
        .word   text_odd, inside + 2, PRESENT
        .word   text_absent, inside, 0
        .word   text_good, inside, PRESENT
        .word   0

text_end:       .asciz "gates across the end of memory\n"
text_beyond:    .asciz "one that lies beyond it\n"
text_wrap:      .asciz "gates round the end of addresses\n"
text_double:    .asciz "a divide fault without a gate\n"
text_vmm:       .asciz "a handler in the VMM's pages\n"
text_outward:   .asciz "a handler in ring 3\n"
text_far:       .asciz "a handler that isn't mapped\n"
text_odd:       .asciz "a handler at a misaligned address\n"
text_absent:    .asciz "a gate that is absent\n"
text_good:      .asciz "one that is right\n"
text_own:       .asciz "all of it where the VMM was\n"

        .org    OUTER
        .page   ring=3, write=no
        .word   0
