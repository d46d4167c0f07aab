; hypercall.s - calls the VMM without being one of its friends
;
; The attack: a paravirtual guest may give frames of its memory back to the VMM and take some (the balloon). This
; kernel was not made for that and calls all the same, to find out whether a VMM is there, to get frames, and to make
; the VMM take or clear a frame. Its ring 3 tries too.
; The wall: the VMM answers `vmcall` only for a guest that was made paravirtual, in its ring 0 (Hypercalls.swift,
; `answersHypercalls`). For any other it is what it is on the bare machine: vector 8, told to its kernel.
; One sees: vector 8 each time, the call's number in the error word, a0 unchanged, and all of its memory still there.

        .include "common.s"

        .org    0x1000
attack:
        call    paging_on
        li      t0, FRAME_A
        li      t1, 0xAAAA
        sw      t1, 0(t0)

        la      a0, text_version
        call    try
        li      a0, 0x77
        vmcall  0
        call    show
        la      a0, text_balloon
        call    try
        li      a0, 0x77
        vmcall  1
        call    show
        la      a0, text_give
        call    try
        li      a0, FRAME_A >> 12
        vmcall  2
        call    show
        la      a0, text_still          ; is it still there, with what was in it?
        call    try
        li      t0, FRAME_A
        lw      s0, 0(t0)
        call    outcome
        la      a0, text_take           ; the frame beyond its memory
        call    try
        li      a0, MEMORY >> 12
        vmcall  3
        call    show
        la      a0, text_there
        call    try
        li      a0, 0
        li      a1, MEMORY | PRESENT | WRITE
        call    map
        li      t0, WINDOW
        lw      s0, 0(t0)
        call    outcome
        la      a0, text_unknown
        call    try
        li      a0, 0x77
        vmcall  0xFFFF
        call    show

        la      a0, text_outer          ; from ring 3
        call    try
        li      a0, CODE_11
        call    code_page
        li      a0, 3
        li      a1, OUTER
        call    go_out
        call    outcome
        j       off

; show: what came of it, and a0
show:
        push    ra
        push    a0
        call    outcome
        la      t0, seen
        sw      zero, 0(t0)
        pop     s0
        call    outcome
        pop     ra
        ret

text_version:   .asciz "is a VMM there? and a0:\n"
text_balloon:   .asciz "how many frames does it want?\n"
text_give:      .asciz "give up a frame\n"
text_still:     .asciz "the frame\n"
text_take:      .asciz "take the frame beyond my memory\n"
text_there:     .asciz "read it\n"
text_unknown:   .asciz "a call that there is not\n"
text_outer:     .asciz "from ring 3\n"

        .org    OUTER
        .page   ring=3, write=no
        vmcall  2
        int     32
