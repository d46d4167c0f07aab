; stale-tlb.s - goes on using a mapping that was taken away
;
; The attack: the TLB remembers translations. After the entry in memory is gone the old one still works, until
; `invlpg`. A VMM that took a frame away and forgot the TLB would leave a hole into another guest's memory.
; The wall: whatever the VMM drops from a shadow table it drops from both real TLBs too (ShadowDropping.swift), and
; each entry that was ever there led to the guest's own memory. A page table's stores are
; traced, so the VMM drops the translation at the store, before any `invlpg`: earlier than the hardware would,
; never later.
; One sees: before `invlpg` it reaches its own old frame (bare) or nothing (under the VMM); the program says
; "mine or nothing" for both, because nobody may count on either. After it, what the tables say.

        .include "common.s"

        .org    0x1000
attack:
        call    paging_on
        li      t0, FRAME_A
        li      t1, 0xAAAA
        sw      t1, 0(t0)
        li      t0, FRAME_B
        li      t1, 0xBBBB
        sw      t1, 0(t0)
        li      s1, WINDOW              ; the page
        li      s2, WINDOW_TABLE        ; its entry

        la      a0, text_mapped
        call    try
        li      a0, 0
        li      a1, FRAME_A | PRESENT | WRITE
        call    map
        lw      s0, 0(s1)
        sw      s0, 0(s1)               ; so the TLB knows that it is dirty
        call    outcome

        la      a0, text_gone           ; the entry is taken away
        call    try
        sw      zero, 0(s2)
        lw      s0, 0(s1)
        call    mine
        la      a0, text_store
        call    try
        li      t0, 0xAAAB
        sw      t0, 0(s1)
        li      t0, FRAME_A
        lw      s0, 0(t0)
        call    mine
        la      a0, text_flushed
        call    try
        invlpg  s1
        lw      s0, 0(s1)
        call    outcome

        la      a0, text_moved          ; the page leads to another frame
        call    try
        li      t0, 0xAAAA
        li      t1, FRAME_A
        sw      t0, 0(t1)
        li      a0, 0
        li      a1, FRAME_A | PRESENT | WRITE
        call    map
        lw      s0, 0(s1)
        li      t0, FRAME_B | PRESENT | WRITE
        sw      t0, 0(s2)
        lw      s0, 0(s1)
        call    mine
        la      a0, text_flushed
        call    try
        invlpg  s1
        lw      s0, 0(s1)
        call    outcome

        la      a0, text_beyond         ; beyond the memory that it has
        call    try
        li      t0, MEMORY | PRESENT | WRITE
        sw      t0, 0(s2)
        lw      s0, 0(s1)
        call    mine
        la      a0, text_flushed
        call    try
        invlpg  s1
        lw      s0, 0(s1)
        call    outcome

        la      a0, text_slot           ; the whole page table is taken away
        call    try
        li      a0, 0
        li      a1, FRAME_A | PRESENT | WRITE
        call    map
        lw      s0, 0(s1)
        li      t0, DIRECTORY
        sw      zero, 4(t0)
        lw      s0, 0(s1)
        call    mine
        la      a0, text_ptbr           ; a write to ptbr empties the TLBs
        call    try
        li      t0, DIRECTORY
        setcr   ptbr, t0
        lw      s0, 0(s1)
        call    outcome
        j       off

; mine: of the use before invlpg: its own frame's word, or a page fault
mine:
        push    ra
        la      a0, text_mine
        la      t0, seen
        lw      t0, 0(t0)
        addi    t0, t0, -6
        beqz    t0, 1f
        srli    t0, s0, 1               ; aaaa or aaab, or frame b's
        li      t1, 0xAAAA >> 1
        beq     t0, t1, 1f
        li      t1, 0xBBBB >> 1
        beq     t0, t1, 1f
        la      a0, text_not_mine
1:      call    puts
        pop     ra
        ret

text_mapped:    .asciz "a page on frame a\n"
text_gone:      .asciz "entry 0, no invlpg: read\n"
text_store:     .asciz "write\n"
text_moved:     .asciz "entry to frame b, no invlpg: read\n"
text_beyond:    .asciz "entry beyond my memory, no invlpg\n"
text_slot:      .asciz "directory entry 0, no invlpg: read\n"
text_flushed:   .asciz "after invlpg\n"
text_ptbr:      .asciz "after a write to ptbr\n"
text_mine:      .asciz "  mine or nothing\n"
text_not_mine:  .asciz "  SOMEBODY ELSE'S\n"
