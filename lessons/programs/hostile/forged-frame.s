; forged-frame.s - returns from a trap that never was, with a frame that it made up
;
; The attack: `iret` believes three words on the stack: pc, status, sp. This kernel makes up frames with a misaligned
; pc, with port rights for ring 3 (IOPL 3), with all status bits set, with a pc in the VMM's pages, with a ring
; that isn't the page's, and one that lies across the end of its memory.
; The wall: `iret` is privileged, so the VMM carries it out (Emulation.swift), by the hardware's own rules and on the
; virtual CPU only. The real status is the VMM's: real IF is on whenever it runs, the real IOPL 0, whatever the frame says
; (Resume.swift, `resume`).
; One sees: what its own machine would do. IOPL 3 opens its own devices to its ring 3, nobody else's.

        .include "common.s"

        .org    0x1000
attack:
        call    paging_on
        li      a0, CODE_11
        call    code_page

        la      a0, text_odd
        call    try
        li      a0, 3
        li      a1, OUTER + 2
        call    go_out
        call    outcome
        la      a0, text_iopl           ; ring 3 prints by itself
        call    try
        li      a0, 3 | 3 << 4
        la      a1, print_star
        call    go_out
        call    outcome
        la      a0, text_ones           ; every bit: the CPU keeps six, TF among them
        call    try
        li      a0, -1
        la      a1, print_star
        call    go_out
        call    outcome
        la      t0, seen
        lw      s0, 16(t0)
        sw      zero, 0(t0)
        call    outcome
        la      a0, text_vmm
        call    try
        li      a0, 3
        li      a1, 0xFFC00000
        call    go_out
        call    outcome
        la      a0, text_code           ; the page has code 11, the frame says ring 1
        call    try
        li      a0, 1
        la      a1, print_star
        call    go_out
        call    outcome
        la      a0, text_inner          ; ring 0 in a page of ring 3
        call    try
        li      a0, 0
        la      a1, print_star
        li      a2, STACK
        call    go_out
        li      sp, STACK
        call    outcome
        la      a0, text_across         ; pc still in memory, status no more
        call    try
        li      sp, MEMORY - 8
        iret
        li      sp, STACK
        call    outcome
        la      a0, text_beyond
        call    try
        li      a0, 0                   ; the page behind it leads beyond its memory
        li      a1, MEMORY | PRESENT | WRITE
        call    map
        li      sp, MEMORY - 8
        iret
        li      sp, STACK
        call    outcome
        la      a0, text_sp             ; any sp may be given to ring 3
        call    try
        li      a0, 3
        la      a1, show_sp
        li      a2, 0xFFFFFFFD
        call    go_out
        call    outcome
        j       off

text_odd:       .asciz "a misaligned pc\n"
text_iopl:      .asciz "IOPL 3 for ring 3\n"
text_ones:      .asciz "a status of ones, and what is kept\n"
text_vmm:       .asciz "a pc in the VMM's pages\n"
text_code:      .asciz "ring 1, in a page of ring 3\n"
text_inner:     .asciz "ring 0, in a page of ring 3\n"
text_across:    .asciz "a frame across the end of memory\n"
text_beyond:    .asciz "a frame that ends beyond it\n"
text_sp:        .asciz "an sp of fffffffd\n"

        .org    OUTER
        .page   ring=3, write=no
print_star:
        li      s0, '*'
        out     CONSOLE, s0
        int     32
show_sp:
        mv      s0, sp
        int     32
