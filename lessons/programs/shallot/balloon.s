; balloon.s - memory that is lent back to the VMM
;
; A kernel on a machine of its own needs none of this. One that knows of a VMM can help it: the VMM cannot
; see which of the guest's frames are in use and which are free, but the kernel can. So when the VMM wants
; memory for somebody else, it says how many frames, and the kernel picks free ones. The picture is a
; balloon inside the guest: as it swells, the room for everything else shrinks.
;
; On the bare machine, and in a guest that was not made to know of its VMM, `vmcall` comes back as trap 8.
; So the kernel tries it once, and leaves it alone if that trap comes.

        .equ    HELLO,     0            ; vmcall: is a VMM there? a0 <- 1
        .equ    WANTED,    1            ; a0 <- how many frames it wants
        .equ    GIVE_UP,   2            ; a0: the frame's number; a0 <- 0 if that went well
        .equ    TAKE_BACK, 3            ; the same

        .equ    BALLOON_STEP, 16        ; frames to move at one tick, at most
        .equ    BALLOON_KEEPS, 32       ; frames that the kernel keeps free, whatever the VMM wants

; start_balloon: does the VMM answer?
start_balloon:
        push    ra
        li      a0, 8
        la      a1, no_answer
        li      a2, GATE
        call    set_gate
        vmcall  HELLO
        la      t0, balloon_works
        sw      a0, 0(t0)
        j       1f
no_answer:
        addi    sp, sp, 16              ; the trap's four words; we don't go back
1:      li      a0, 8                   ; from now on trap 8 is a process's mistake
        la      a1, on_hypercall
        li      a2, GATE_INT
        call    set_gate
        pop     ra
        ret

; balloon_tick: come a little nearer to what the VMM wants. Called at each tick, and after a rest, since the
; VMM wakes a kernel that rests when it wants something else. a0 <- 1 if there is more to do
balloon_tick:
        la      t0, balloon_works
        lw      a0, 0(t0)
        bnez    a0, 1f
        ret
1:      push    ra
        push    s0
        push    s1
        push    s2
        li      s2, BALLOON_STEP
        vmcall  WANTED
        mv      s0, a0
2:      beqz    s2, 8f
        addi    s2, s2, -1
        la      s1, balloon_frames
        lw      t1, 0(s1)
        beq     t1, s0, 9f
        bltu    s0, t1, 5f

        la      t0, free_frames         ; it swells
        lw      t0, 0(t0)
        li      t1, BALLOON_KEEPS
        bgeu    t1, t0, 9f
        call    pick_frame              ; the VMM fills it with zeros before anyone gets it
        srli    a0, a0, 12
        la      t0, balloon
        add     t0, t0, a0
        li      t1, 1
        sb      t1, 0(t0)
        vmcall  GIVE_UP
        lw      t1, 0(s1)
        addi    t1, t1, 1
        sw      t1, 0(s1)
        j       2b

5:      la      t0, balloon             ; it shrinks: find a frame that is in it
        la      t1, balloon_end
6:      bgeu    t0, t1, 9f
        lbu     t2, 0(t0)
        bnez    t2, 7f
        addi    t0, t0, 1
        j       6b
7:      la      t1, balloon
        sub     a0, t0, t1
        push    t0
        push    a0
        vmcall  TAKE_BACK
        mv      t1, a0
        pop     a0
        pop     t0
        bnez    t1, 9f                  ; the machine has none left: later, perhaps
        sb      zero, 0(t0)
        slli    a0, a0, 12
        call    give_frame
        lw      t1, 0(s1)
        addi    t1, t1, -1
        sw      t1, 0(s1)
        j       2b
8:      li      a0, 1
        j       1f
9:      li      a0, 0
1:      pop     s2
        pop     s1
        pop     s0
        pop     ra
        ret
