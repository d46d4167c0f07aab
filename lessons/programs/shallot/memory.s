; memory.s - frames and address spaces

; ---- Frames: those that nobody has are a list, each holding the address of the next --

free_all_frames:
        push    ra
        push    s0
        la      t0, memory_end
        lw      s0, 0(t0)
1:      li      t0, 0x1000
        sub     s0, s0, t0
        li      t0, FIRST_FREE
        bltu    s0, t0, 2f
        mv      a0, s0                  ; from the top down, so that low ones go first
        call    give_frame
        j       1b
2:      pop     s0
        pop     ra
        ret

; give_frame: a0 is free again
give_frame:
        la      t0, free_list
        lw      t1, 0(t0)
        sw      t1, 0(a0)
        sw      a0, 0(t0)
        la      t0, free_frames
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        ret

; pick_frame: a0 <- a frame as its last owner left it; 0: there is none
pick_frame:
        la      t0, free_list
        lw      a0, 0(t0)
        beqz    a0, 1f
        lw      t1, 0(a0)
        sw      t1, 0(t0)
        la      t0, free_frames
        lw      t1, 0(t0)
        addi    t1, t1, -1
        sw      t1, 0(t0)
1:      ret

; take_frame: a0 <- a frame full of zeros; 0: there is none
take_frame:
        push    ra
        call    pick_frame
        pop     ra
        beqz    a0, 2f
        addi    t1, a0, 0x1000          ; nobody may see what its last owner left
        mv      t0, a0
1:      sw      zero, 0(t0)
        sw      zero, 4(t0)
        sw      zero, 8(t0)
        sw      zero, 12(t0)
        addi    t0, t0, 16
        bltu    t0, t1, 1b
2:      ret

; ---- The first 4 MiB, the same for all: the kernel sees all memory, the processes their code ----

build_shared_table:
        li      t0, 0                   ; the address; page 0 stays absent, so that a pointer
        li      t1, SHARED_TABLE        ; to nowhere is noticed
        la      t2, memory_end
        lw      t2, 0(t2)
1:      li      a0, 0x1000
        add     t0, t0, a0
        bgeu    t0, t2, 3f
        addi    t1, t1, 4
        ori     a0, t0, PRESENT
        li      a1, KERNEL_DATA
        bltu    t0, a1, 2f              ; the kernel's code: code 00, not to be written
        ori     a0, t0, PRESENT | WRITE
        li      a1, USER_CODE
        bltu    t0, a1, 2f              ; its data
        li      a1, USER_CODE_END
        bgeu    t0, a1, 2f              ; and all that is handed out
        ori     a0, t0, PRESENT | CODE_11
2:      sw      a0, 0(t1)
        j       1b
3:      ret

; ---- A process's own 4 MiB ---------------------------------------------------------

; entry_of: a0 <- where the entry of address a0 is in the current process's table
entry_of:
        la      t0, current
        lw      t0, 0(t0)
        lw      t0, P_TABLE(t0)
        srli    a0, a0, 12
        andi    a0, a0, 0x3FF
        slli    a0, a0, 2
        add     a0, a0, t0
        ret

; demand_page: the page of address a0 gets a frame, if it is one that the process may have.
; a0 <- 0 if it is not, or if memory ran out (s1 then says which)
demand_page:
        push    ra
        push    s0
        la      t0, current
        lw      t0, 0(t0)
        la      s1, wrong_page
        li      t1, DATA
        bltu    a0, t1, 3f
        lw      t1, P_BREAK(t0)
        bltu    a0, t1, 1f
        li      t1, STACK_LOW
        bltu    a0, t1, 3f
        li      t1, STACK_TOP
        bgeu    a0, t1, 3f
1:      mv      s0, a0
        call    take_frame
        la      s1, wrong_memory
        beqz    a0, 3f
        ori     t2, a0, PRESENT | WRITE | CODE_11
        mv      a0, s0
        call    entry_of
map_page:
        sw      t2, 0(a0)               ; no `invlpg`: absent pages are in no TLB
        la      t0, current
        lw      t0, 0(t0)
        lw      t1, P_PAGES(t0)
        addi    t1, t1, 1
        sw      t1, P_PAGES(t0)
        li      a0, 1
        j       4f
3:      li      a0, 0
4:      pop     s0
        pop     ra
        ret

; check_user: may the process read (a2 = 0) or write (a2 = 1) the a1 bytes at a0? a0 <- 0 if not. The kernel
; asks this before it touches what a process points to: it has ring 0's rights, and would do for the process
; what the process may not do. Pages that are still missing are put there.
check_user:
        push    ra
        push    s0
        push    s1
        push    s2
        mv      s0, a0
        add     s2, a0, a1              ; the end
        bltu    s2, s0, 8f              ; it runs over the end of all addresses
        bnez    a2, 1f
        li      t0, USER_CODE           ; texts beside the programs' code: to be read only
        bltu    s0, t0, 8f
        li      t0, USER_CODE_END
        bgeu    s0, t0, 1f
        bgeu    t0, s2, 7f
        j       8f
1:      li      t0, DATA
        bltu    s0, t0, 8f
        li      t0, USER_END
        bltu    t0, s2, 8f
        srli    s0, s0, 12
        slli    s0, s0, 12
2:      bgeu    s0, s2, 7f              ; page by page
        mv      a0, s0
        call    entry_of
        lw      t0, 0(a0)
        andi    t0, t0, PRESENT
        bnez    t0, 3f
        mv      a0, s0
        call    demand_page
        beqz    a0, 9f
3:      li      t0, 0x1000
        add     s0, s0, t0
        j       2b
7:      li      a0, 1
        j       9f
8:      li      a0, 0
9:      pop     s2
        pop     s1
        pop     s0
        pop     ra
        ret

; free_pages: everything that the current process had in its own 4 MiB, except what it shares
free_pages:
        push    ra
        push    s0
        push    s1
        li      s0, DATA
1:      mv      a0, s0
        call    entry_of
        lw      s1, 0(a0)
        andi    t0, s1, PRESENT
        beqz    t0, 2f
        sw      zero, 0(a0)
        invlpg  s0                      ; nobody may go on believing the old entry
        li      t0, SHARED
        bltu    s0, t0, 3f
        li      t0, SHARED + SHARED_PAGES * 0x1000
        bltu    s0, t0, 2f
3:      srli    a0, s1, 12
        slli    a0, a0, 12
        call    give_frame
2:      li      t0, 0x1000
        add     s0, s0, t0
        li      t0, USER_END
        bltu    s0, t0, 1b
        pop     s1
        pop     s0
        pop     ra
        ret

; ---- Calls -------------------------------------------------------------------------

; SYS_MAP: a1 more pages of data
call_map:
        la      t0, current
        lw      t0, 0(t0)
        lw      a0, P_BREAK(t0)
        li      t1, (SHARED - DATA) / 0x1000
        bltu    t1, a1, bad_call
        slli    t1, a1, 12
        add     t1, a0, t1
        li      t2, SHARED
        bltu    t2, t1, bad_call
        sw      t1, P_BREAK(t0)
        j       called                  ; the frames come when they are touched

; SYS_SHARE: page a1 of those that everybody may see and write
call_share:
        li      t0, SHARED_PAGES
        bgeu    a1, t0, bad_call
        slli    s0, a1, 2
        la      t0, shared_frames
        add     s0, s0, t0
        slli    s1, a1, 12
        li      t0, SHARED
        add     s1, s1, t0
        lw      a0, 0(s0)
        bnez    a0, 1f
        call    take_frame              ; the first to ask
        beqz    a0, bad_call
        sw      a0, 0(s0)
1:      ori     t2, a0, PRESENT | WRITE | CODE_11
        mv      a0, s1
        call    entry_of
        sw      t2, 0(a0)
        mv      a0, s1
        j       called

; SYS_MEMORY
call_memory:
        la      t0, free_frames
        lw      a0, 0(t0)
        j       called

wrong_memory: .asciz "no memory is left"
        .align  4
