; tables.s - reads and writes another guest's memory through page tables
;
; The attack: a kernel may put any frame number into its page tables. This one names the first frame beyond its
; 4 MiB (in the machine another guest has it), the last that there could be, and the frames 0 to 3,
; which in the machine hold the VMM's doorway, trap table, stack and page table.
; The wall: the real CPU never walks a guest's tables. It walks shadow tables, and the VMM makes each shadow entry
; from the guest's entry and its own map of guest frames to machine frames (Shadow.swift, `folded`). The map
; has no other guest's frame in it: a number beyond the guest's memory is a page fault, as on
; its own machine; frame 3 is the guest's own frame 3.
; One sees: page faults with the bits `reserved` and `P` (9, or b for a store), and own words.

        .include "common.s"

        .org    0x1000
attack:
        call    paging_on
        li      t0, 0x3000              ; something of its own in frames 0 and 3
        li      t1, 0x0513
        sw      t1, 0(t0)
        li      t1, 0x0510
        sw      t1, 0(zero)

        la      a0, text_beyond         ; the first frame that it doesn't have
        call    try
        li      a1, MEMORY | PRESENT | WRITE
        call    read_page
        la      a0, text_store
        call    try
        li      t0, WINDOW
        sw      t0, 0(t0)
        call    outcome
        la      a0, text_last           ; frame fffff
        call    try
        li      a1, 0xFFFFF003
        call    read_page
        la      a0, text_frame_0        ; the VMM's doorway?
        call    try
        li      a1, 0 | PRESENT | WRITE
        call    read_page
        la      a0, text_frame_3        ; the VMM's page table?
        call    try
        li      a1, 0x3000 | PRESENT | WRITE
        call    read_page
        la      a0, text_change
        call    try
        li      t0, WINDOW
        li      t1, 0xBAD
        sw      t1, 0(t0)
        li      t0, 0x3000              ; it is at its own place
        lw      s0, 0(t0)
        call    outcome

        la      a0, text_table          ; a whole page table that isn't its own
        call    try
        li      t0, DIRECTORY
        la      t1, MEMORY + 0x5000 | PRESENT
        sw      t1, 8(t0)
        li      t0, 0x800000
        lw      s0, 0(t0)
        call    outcome

; All frames, one after the other: of the 1024 within its memory it can read each, of the next 1024 none.
        la      a0, text_all
        call    try
        li      s1, PRESENT
        li      s2, 0
1:      li      a0, 0
        mv      a1, s1
        call    map
        la      t0, seen
        sw      zero, 0(t0)
        li      t1, WINDOW
        lw      zero, 0(t1)
        lw      t0, 0(t0)
        bnez    t0, 2f
        addi    s2, s2, 1
2:      li      t0, 0x1000
        add     s1, s1, t0
        li      t0, 2 * MEMORY
        bltu    s1, t0, 1b
        la      t0, seen
        sw      zero, 0(t0)
        mv      s0, s2
        call    outcome
        j       off

; read_page: window page 0 <- entry a1; its first word is the result
read_page:
        push    ra
        li      a0, 0
        call    map
        li      t0, WINDOW
        lw      s0, 0(t0)
        call    outcome
        pop     ra
        ret

text_beyond:    .asciz "read the frame beyond my memory\n"
text_store:     .asciz "write to it\n"
text_last:      .asciz "read the frame fffff\n"
text_frame_0:   .asciz "read the frame 0\n"
text_frame_3:   .asciz "read the frame 3\n"
text_change:    .asciz "write to it, look at my own\n"
text_table:     .asciz "a page table beyond my memory\n"
text_all:       .asciz "try 2048 frames; so many are there:\n"
