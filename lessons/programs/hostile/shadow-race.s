; shadow-race.s - changes a page table behind the VMM's back, and uses the page at once
;
; The attack: shadow entries are copies. If a page table can be changed without the VMM noticing, the copy goes on
; leading to the old frame, or an entry that was never checked is used. Besides stores there are two quieter ways:
; a trap's delivery pushes words, and the stack may lie on a page table; and a disk's DMA writes anywhere.
; The wall: every way is watched. Page tables are mapped without W, so a store traps (PageFaults.swift,
; `tracedStore`); deliveries to the guest are made by the VMM, which looks where it pushes (VirtualDelivery.swift,
; `commit`); and so are the transfers of its virtual disk (VirtualDevices.swift).
; One sees: after each change the new frame or the fault that its own tables call for; before `invlpg`
; the old frame may be seen, which is its own too.

        .include "common.s"

        .equ    ENTRY, WINDOW_TABLE + 64 * 4    ; of the page to attack
        .equ    PAGE,  WINDOW + 64 * 0x1000

        .org    0x1000
attack:
        call    paging_on
        li      t0, FRAME_A
        li      t1, 0xAAAA
        sw      t1, 0(t0)
        li      t0, FRAME_B
        li      t1, 0xBBBB
        sw      t1, 0(t0)
        li      t0, 0x3000              ; in the machine frame 3 is the VMM's page table
        li      t1, 0x3333
        sw      t1, 0(t0)
        li      s1, PAGE
        li      s2, ENTRY
        li      fp, STACK

        la      a0, text_store          ; by stores of a word, a byte and a swap
        call    try
        call    old
        li      t0, FRAME_B | PRESENT | WRITE
        sw      t0, 0(s2)
        call    at_once
        call    old
        li      t0, FRAME_B >> 8 & 0xFF ; 00080003 -> 00081003: byte 1 is enough
        sb      t0, 1(s2)
        call    at_once
        call    old
        li      t0, FRAME_B | PRESENT
        swap    t0, 0(s2)
        call    at_once

; By a push: the delivery of `vmcall n` pushes n as error word. With the stack on the page table it becomes an
; entry: 3003 is "frame 3, writable".
        la      a0, text_push
        call    try
        call    old
        addi    sp, s2, 16
        vmcall  0x3003
        addi    sp, fp, 0
        call    at_once
        la      a0, text_push_far       ; and one beyond its memory? n has 16 bits: entry 0 is all one can do
        call    try
        call    old
        addi    sp, s2, 16
        vmcall  0
        addi    sp, fp, 0
        call    at_once

        la      a0, text_disk           ; by DMA: a sector with entries, read into the page table
        call    try
        li      s0, FRAME_B | PRESENT | WRITE
        call    by_disk
        call    at_once
        la      a0, text_disk_far
        call    try
        li      s0, MEMORY | PRESENT | WRITE
        call    by_disk
        call    at_once

        la      a0, text_directory      ; the directory by DMA too: no table for the window any more
        call    try
        call    old
        li      a0, 2
        li      a1, 9
        li      a2, DIRECTORY
        li      a3, 0
        li      t1, DIRECTORY
        lw      t2, 4(t1)
        sw      zero, 4(t1)
        call    disk                    ; the sector has entry 1 = 0 ...
        li      t1, DIRECTORY
        sw      t2, 4(t1)
        lw      s0, 0(s1)
        li      a0, 1
        li      a1, 9
        li      a2, DIRECTORY
        li      a3, 0
        call    disk                    ; ... and comes back
        call    at_once
        j       off

; old: the page leads to frame a, and both TLBs and shadow know it
old:
        li      t0, FRAME_A | PRESENT | WRITE
        sw      t0, 0(s2)
        invlpg  s1
        lw      t0, 0(s1)
        sw      t0, 0(s1)
        ret

; by_disk: the entry becomes s0 by DMA
by_disk:
        push    ra
        li      t0, 0x5000
        sw      s0, 256(t0)             ; entry 64 is at byte 256 of the first sector
        call    old
        li      a0, 2
        li      a1, 5
        li      a2, 0x5000
        li      a3, 0
        call    disk
        li      a0, 1
        li      a1, 5
        li      a2, WINDOW_TABLE
        li      a3, 0
        call    disk
        pop     ra
        ret

; at_once: before invlpg it must be own or nothing; after it, as the tables say
at_once:
        push    ra
        la      t0, seen
        sw      zero, 0(t0)
        lw      s0, 0(s1)
        lw      t0, 0(t0)
        bnez    t0, 1f
        la      t1, own
2:      lw      t2, 0(t1)
        beqz    t2, 3f
        beq     t2, s0, 1f
        addi    t1, t1, 4
        j       2b
3:      la      a0, text_foreign
        call    puts
1:      la      t0, seen
        sw      zero, 0(t0)
        li      s0, 0
        invlpg  s1
        lw      s0, 0(s1)
        call    outcome
        pop     ra
        ret

own:    .word   0xAAAA, 0xBBBB, 0x3333, 0

text_store:     .asciz "by sw, sb and swap, each to frame b:\n"
text_push:      .asciz "by a push, to frame 3:\n"
text_push_far:  .asciz "by a push, to nothing:\n"
text_disk:      .asciz "by the disk, to frame b:\n"
text_disk_far:  .asciz "by the disk, beyond my memory:\n"
text_directory: .asciz "the directory, by the disk:\n"
text_foreign:   .asciz "  SOMEBODY ELSE'S: "
