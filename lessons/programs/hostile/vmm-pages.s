; vmm-pages.s - touches the place where the VMM lives
;
; The attack: the VMM's pages lie in the top 4 MiB of every address space. This kernel reads, writes and jumps there,
; then maps pages of its own there and uses them, then goes after the VMM to where it moved.
; The wall: the VMM's pages have code 00, and a guest never runs in ring 0; the directory's slot for
; them never comes from the guest (Shadow.swift). A guest that touches the place is told what its own tables say.
; If it has a page there the VMM moves to another 4 MiB that the guest leaves free (MonitorPages.swift).
; One sees: page faults "not present" while its tables have nothing there, and its own words when they have. `vm`
; and `trap` in ringside show the VMM moving.

        .include "common.s"

        .equ    TOP_TABLE,  0x73000     ; of the top 4 MiB
        .equ    NEXT_TABLE, 0x74000     ; of those below it

        .org    0x1000
attack:
        call    paging_on
        la      s1, places              ; nothing of its own there: it is told so
1:      lw      s2, 0(s1)
        beqz    s2, 2f
        la      a0, text_read
        call    try
        lw      s0, 0(s2)
        call    outcome
        la      a0, text_write
        call    try
        sw      s2, 0(s2)
        call    outcome
        la      a0, text_jump
        call    try
        jalr    ra, 0(s2)
        call    outcome
        addi    s1, s1, 4
        j       1b

2:      la      a0, text_own            ; a page of its own, where the VMM's first page is
        call    try
        li      t0, FRAME_A
        la      t1, code                ; three instructions in it
        lw      t2, 0(t1)
        sw      t2, 0(t0)
        lw      t2, 4(t1)
        sw      t2, 4(t0)
        lw      t2, 8(t1)
        sw      t2, 8(t0)
        li      t0, TOP_TABLE
        li      t1, FRAME_A | PRESENT | WRITE
        sw      t1, 0(t0)
        li      t1, FRAME_B | PRESENT | WRITE
        sw      t1, 8(t0)               ; and one where its stack is
        li      t1, FRAME_B | PRESENT | WRITE
        sw      t1, 4092(t0)            ; and the very last
        li      t0, DIRECTORY
        li      t1, TOP_TABLE | PRESENT
        sw      t1, 4092(t0)
        li      t0, 0xFFC00000
        invlpg  t0
        jalr    ra, 0(t0)               ; it runs there
        call    outcome
        la      a0, text_stack          ; its stack there, and a trap
        call    try
        li      fp, STACK
        li      sp, 0xFFC03000
        vmcall  7
        lw      s0, -4(sp)              ; what the delivery pushed: sp
        mv      sp, fp
        call    outcome
        la      a0, text_last           ; the last word of all
        call    try
        li      t0, -4
        li      t1, 0x1A57
        sw      t1, 0(t0)
        lw      s0, 0(t0)
        call    outcome

        la      a0, text_after          ; after it: the 4 MiB below are free, so it is there now
        call    try
        li      s2, 0xFF800000
        lw      s0, 0(s2)
        call    outcome
        la      a0, text_own
        call    try
        li      t0, NEXT_TABLE
        li      t1, FRAME_B | PRESENT | WRITE
        sw      t1, 0(t0)
        li      t0, DIRECTORY
        li      t1, NEXT_TABLE | PRESENT
        sw      t1, 4088(t0)
        invlpg  s2
        li      t0, 0x0B
        sw      t0, 0(s2)
        li      t0, FRAME_B
        lw      s0, 0(t0)
        call    outcome
        la      a0, text_all            ; once round all that there is
        call    try
        li      fp, DIRECTORY
        li      s1, 3
1:      slli    t0, s1, 2               ; slot s1 <- the table of the top
        add     t0, t0, fp
        li      t1, TOP_TABLE | PRESENT
        sw      t1, 0(t0)
        slli    s2, s1, 22
        invlpg  s2
        lw      t2, 4(s2)               ; the second word of frame a, everywhere
        add     s0, s0, t2
        sw      zero, 0(t0)             ; and it is free again
        invlpg  s2
        addi    s1, s1, 1
        li      t0, 1022
        bltu    s1, t0, 1b
        li      t0, FRAME_A
        lw      t0, 4(t0)
        li      t1, 1019
        mul     t0, t0, t1
        sub     s0, s0, t0              ; 0 if each was its own
        call    outcome
        j       off

code:   li      s0, 0x0A11
        addi    s0, s0, 1
        ret

places: .word   0xFFC00000, 0xFFC01000, 0xFFC02FF0, 0xFFC03000, 0xFFFFFFFC, 0

text_read:      .asciz "read\n"
text_write:     .asciz "write\n"
text_jump:      .asciz "jump\n"
text_own:       .asciz "a page of my own there\n"
text_stack:     .asciz "my stack there, and a trap\n"
text_last:      .asciz "the last word of all\n"
text_after:     .asciz "the 4 MiB below\n"
text_all:       .asciz "every 4 MiB, one after the other\n"
