; double-map.s - changes a page table through a second address
;
; The attack: a page table is a frame like any other and may be mapped at several addresses. If the VMM protected an
; address and not the frame, the table could be changed through the other one. Here it is mapped twice
; more, once by an entry in itself, and the directory maps itself too.
; The wall: what the VMM traces is the guest's frame, wherever it is mapped: W is taken from every shadow entry
; that leads to it, and no new one gets it (ShadowDropping.swift, `withdrawWrites`; Shadow.swift, `folded`).
; One sees: each change is seen at once; entries beyond its memory are page faults.

        .include "common.s"

        .equ    SECOND, WINDOW + 0x10000        ; the window's own table, by its entry 16
        .equ    THIRD,  0x800000                ; and once more, by another table
        .equ    OTHER_TABLE, 0x73000

        .org    0x1000
attack:
        call    paging_on
        li      t0, FRAME_A
        li      t1, 0xAAAA
        sw      t1, 0(t0)
        li      t0, FRAME_B
        li      t1, 0xBBBB
        sw      t1, 0(t0)
        li      a0, 16                  ; SECOND: the table maps itself, writable
        li      a1, WINDOW_TABLE | PRESENT | WRITE
        call    map
        li      t0, OTHER_TABLE         ; THIRD
        li      t1, WINDOW_TABLE | PRESENT | WRITE
        sw      t1, 0(t0)
        li      t1, OTHER_TABLE | PRESENT | WRITE
        sw      t1, 4(t0)
        li      t0, DIRECTORY
        li      t1, OTHER_TABLE | PRESENT
        sw      t1, 8(t0)
        li      fp, SECOND
        sw      zero, 128(fp)           ; write through all of them before they are used as tables
        li      fp, THIRD
        sw      zero, 132(fp)

        li      s1, WINDOW
        la      a0, text_second
        call    try
        li      fp, SECOND
        call    all_ways
        la      a0, text_third
        call    try
        li      fp, THIRD
        call    all_ways

        la      a0, text_self           ; the entry that maps the table loses W through itself
        call    try
        li      fp, SECOND
        lw      t0, 64(fp)
        andi    t0, t0, 0xFFD
        li      t1, WINDOW_TABLE
        or      t0, t0, t1
        sw      t0, 64(fp)
        invlpg  fp
        sw      zero, 0(fp)             ; so this is refused
        call    outcome

        la      a0, text_directory      ; the directory maps itself in the last slot: read-only, as W must be 0 there
        call    try
        li      t0, DIRECTORY
        li      t1, DIRECTORY | PRESENT
        sw      t1, 4092(t0)
        li      s2, 0xFFFFF000
        invlpg  s2
        lw      s0, 4(s2)               ; its own second entry
        srli    s0, s0, 12
        call    outcome
        la      a0, text_write
        call    try
        sw      zero, 0(s2)
        call    outcome
        la      a0, text_through        ; all tables as pages, by the directory's entry for itself
        call    try
        li      s2, 0xFFC01000          ; the window's table
        li      t0, FRAME_A | PRESENT
        li      t1, WINDOW_TABLE
        sw      t0, 0(t1)
        invlpg  s2
        invlpg  s1
        lw      t0, 0(s1)
        lw      s0, 0(s2)
        call    outcome
        j       off

; all_ways: the window's first entry, seen at fp, is changed by every kind of store
all_ways:
        push    ra
        li      t0, FRAME_A | PRESENT | WRITE
        sw      t0, 0(fp)
        call    look
        li      t0, 0x10
        sb      t0, 1(fp)               ; 00080003 -> 00081003: frame b
        call    look
        li      t0, FRAME_A >> 16
        li      t1, PRESENT
        sh      t1, 0(fp)
        sh      t0, 2(fp)
        call    look
        li      t0, FRAME_B | PRESENT | WRITE
        swap    t0, 0(fp)
        call    look
        li      t0, MEMORY | PRESENT | WRITE
        sw      t0, 0(fp)
        call    look
        sw      zero, 0(fp)
        call    look
        pop     ra
        ret

look:
        push    ra
        la      t0, seen
        sw      zero, 0(t0)
        invlpg  s1
        li      s0, 0
        lw      s0, 0(s1)
        call    outcome
        pop     ra
        ret

text_second:    .asciz "through an entry in itself\n"
text_third:     .asciz "through another table\n"
text_self:      .asciz "that entry without W: write\n"
text_directory: .asciz "the directory maps itself: read\n"
text_write:     .asciz "write to it\n"
text_through:   .asciz "a table through the directory\n"
