; self-modifying.s - kernel code that rewrites itself
;
; The attack: a VMM that looks at code once and remembers what it saw is deceived by code that changes later. This
; kernel changes instructions just before they run: by stores, by swap, through a second address, by
; the push of a trap's delivery, and by its disk; harmless ones into privileged ones and back.
; The wall: the VMM remembers nothing about code. Every instruction is judged by the real CPU when it runs, and what
; traps is read again each time (Entry.swift, `readInstruction`). A store or DMA to code is seen by the
; next fetch.
; One sees: always what was written last.

        .include "common.s"

        .equ    FIVE,  0x20D00005       ; li s0, 5 and the like
        .equ    SIX,   0x20D00006
        .equ    SEVEN, 0x20D00007
        .equ    CLI,   0x91000000
        .equ    READ,  0x93D00002       ; getcr s0, ptbr
        .equ    SECOND, WINDOW          ; the patched page's second address

        .org    0x1000
attack:
        call    paging_on
        li      a0, 0
        li      a1, PATCH | PRESENT | WRITE
        call    map
        li      s1, patched
        li      fp, STACK

        la      a0, text_store
        call    try
        li      t0, SIX
        sw      t0, 0(s1)
        call    patched
        call    outcome
        la      a0, text_byte
        call    try
        li      t0, 7
        sb      t0, 0(s1)
        call    patched
        call    outcome
        la      a0, text_swap
        call    try
        li      t0, FIVE
        swap    t0, 0(s1)
        call    patched
        call    outcome
        la      a0, text_second         ; through its second address
        call    try
        li      t0, SECOND + (patched - PATCH)
        li      t1, SIX
        sw      t1, 0(t0)
        call    patched
        call    outcome
        la      a0, text_privileged     ; into privileged instructions, and back
        call    try
        li      t0, READ
        sw      t0, 0(s1)
        call    patched
        call    outcome
        la      a0, text_none
        call    try
        sw      zero, 0(s1)             ; 0 is no instruction
        call    patched
        call    outcome
        la      a0, text_next           ; the very next instruction
        call    try
        la      t0, 1f
        li      t1, SEVEN
        sw      t1, 0(t0)
1:      cli
        call    outcome
        la      a0, text_loop           ; a loop that counts by rewriting itself: 100 times one more
        call    try
        la      t0, 2f
        li      t1, 100
2:      addi    s0, zero, 0
        lw      t2, 0(t0)
        addi    t2, t2, 1
        sw      t2, 0(t0)
        addi    t1, t1, -1
        bnez    t1, 2b
        call    outcome

; By a push: the words of a delivery lie on the code. The error word of `vmcall n` is n,
; which is no instruction, but another one than before.
        la      a0, text_push
        call    try
        addi    sp, s1, 16
        vmcall  0x1234
        mv      sp, fp
        li      t1, PATCH_RETURN        ; the push has covered what follows
        sw      t1, 4(s1)
        call    patched                 ; what was pushed is no instruction, and the fault shows it
        call    outcome

        la      a0, text_disk           ; by DMA
        call    try
        li      a2, 0x5000
        li      t0, SIX
        sw      t0, 0(a2)
        li      t0, PATCH_RETURN
        sw      t0, 4(a2)
        li      a0, 2
        li      a1, 3
        li      a3, 0
        call    disk
        li      a0, 1
        li      a1, 3
        mv      a2, s1
        li      a3, 0
        call    disk
        li      s0, 0
        call    patched
        call    outcome
        la      a0, text_under          ; and under its own feet: it waits inside what the disk replaces
        call    try
        la      t0, waiting
        la      t1, waiting_end         ; a copy of the loop with another end
        li      t2, 0x5000
3:      lw      a0, 0(t0)
        sw      a0, 0(t2)
        addi    t0, t0, 4
        addi    t2, t2, 4
        bltu    t0, t1, 3b
        li      a0, SEVEN
        sw      a0, -8(t2)
        li      a0, 2
        li      a1, 4
        li      a2, 0x5000
        li      a3, 0
        call    disk
        li      a1, 4
        out     DISK_SECTOR, a1
        la      a2, waiting
        out     DISK_ADDRESS, a2
        li      t0, 1
        out     DISK_COMMAND, t0
        call    waiting
        call    outcome
        j       off

text_store:     .asciz "by sw\n"
text_byte:      .asciz "by sb\n"
text_swap:      .asciz "by swap\n"
text_second:    .asciz "through a second address\n"
text_privileged: .asciz "into getcr s0, ptbr\n"
text_none:      .asciz "into no instruction\n"
text_next:      .asciz "the very next instruction\n"
text_loop:      .asciz "a loop that counts in itself\n"
text_push:      .asciz "by a push\n"
text_disk:      .asciz "by the disk\n"
text_under:     .asciz "by the disk, under its own feet\n"

        .equ    PATCH, 0x4000
        .equ    PATCH_RETURN, 0x61010000        ; ret
        .org    PATCH
        .space  0x100
patched:
        li      s0, 5
        ret
        .space  0x200
waiting:
        in      s0, DISK_STATUS
        addi    t0, s0, -1
        beqz    t0, waiting
        out     DISK_STATUS, zero
        li      s0, 5                   ; 7 in what the disk holds
        ret
waiting_end:
        .space  0x800
