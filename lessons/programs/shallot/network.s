; network.s - frames out, frames in
;
; A frame begins with two bytes, the addresses of whom it is for and whom it is from, and in shallot's own
; convention two more with its length: port NET_LENGTH is written for each frame that goes out, so after an
; arrival it can't be trusted.

; start_network: the card gets a first buffer
start_network:
        j       offer_buffer

; offer_buffer: the next free place of the queue is where the card may put a frame, if there is one
offer_buffer:
        la      t0, frames_waiting
        lw      t0, 0(t0)
        la      t1, buffer_offered
        sw      zero, 0(t1)
        li      t2, FRAME_ROOM
        bgeu    t0, t2, 1f              ; full: what comes now waits in the card, or is lost
        li      t2, 1
        sw      t2, 0(t1)
        la      t1, first_frame
        lw      t1, 0(t1)
        add     t0, t0, t1
        andi    t0, t0, FRAME_ROOM - 1
        li      t1, FRAME_SIZE
        mul     t0, t0, t1
        la      t1, frames
        add     t0, t0, t1
        sw      zero, 0(t0)             ; nobody has address 0: so we shall see that it came
        out     NET_BUFFER, t0
        li      t1, 2
        out     NET_COMMAND, t1
1:      ret

; on_network: a frame is out, or one has come, or both
on_network:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        in      s0, NET_STATUS
        out     NET_STATUS, zero        ; seen. While a frame goes out this does nothing, and the interrupt
        li      t0, BUSY_STATUS         ; comes again until it is out.
        beq     s0, t0, 1f
        la      a0, sending
        lw      t0, 0(a0)
        beqz    t0, 1f
        sw      zero, 0(a0)             ; the one that we sent is out
        la      t0, send_status
        sw      s0, 0(t0)
        call    wake
1:      la      t0, buffer_offered
        lw      t0, 0(t0)
        beqz    t0, leave
        la      s0, frames_waiting
        lw      t0, 0(s0)
        la      t1, first_frame
        lw      t1, 0(t1)
        add     t1, t0, t1
        andi    t1, t1, FRAME_ROOM - 1
        li      t2, FRAME_SIZE
        mul     t1, t1, t2
        la      t2, frames
        add     t1, t1, t2
        lbu     t1, 0(t1)
        beqz    t1, leave               ; nothing came
        addi    t0, t0, 1
        sw      t0, 0(s0)
        mv      a0, s0
        call    wake
        call    offer_buffer
        j       leave

; ---- Calls -------------------------------------------------------------------------

; SYS_ADDRESS
call_address:
        in      a0, NET_OWN
        j       called

; SYS_SEND: a2 bytes at a1
call_send:
        mv      s0, a1
        mv      s1, a2
        li      t0, 14
        bltu    a2, t0, bad_call
        li      t0, 1514
        bltu    t0, a2, bad_call
        mv      a0, a1
        mv      a1, a2
        li      a2, 0
        call    check_user
        beqz    a0, bad_call
        la      a0, send_lock
        call    lock
        la      a0, frame_out           ; the process's page is where its table says; the card needs
        mv      a1, s0                  ; a physical address, and bytes that stay as they are
        mv      a2, s1
        call    copy
        la      t0, frame_out
        sh      s1, 2(t0)               ; our convention
        in      t1, NET_OWN
        sb      t1, 1(t0)               ; nobody writes another's address here
        out     NET_BUFFER, t0
        out     NET_LENGTH, s1
        la      s0, sending
        li      t1, 1
        sw      t1, 0(s0)
        out     NET_COMMAND, t1
1:      lw      t0, 0(s0)
        beqz    t0, 2f
        mv      a0, s0
        call    sleep_on
        j       1b
2:      la      t0, send_status
        lw      s1, 0(t0)
        la      a0, send_lock
        call    unlock
        mv      a0, s1
        j       called

; SYS_RECEIVE: at most a2 bytes of the next frame, to a1; a3: how many ticks to wait (0: for ever)
call_receive:
        mv      s0, a1
        mv      s1, a2
        mv      a0, a1
        mv      a1, a2
        li      a2, 1
        call    check_user
        beqz    a0, bad_call
        lw      s2, F_A3(sp)
        beqz    s2, 1f
        la      t0, ticks
        lw      t0, 0(t0)
        add     s2, s2, t0              ; until then
1:      la      t0, frames_waiting
        lw      t1, 0(t0)
        bnez    t1, 2f
        la      t0, ticks
        lw      t1, 0(t0)
        beqz    s2, 3f
        bgeu    t1, s2, nothing_came
3:      la      t0, current
        lw      t0, 0(t0)
        sw      s2, P_WAKE(t0)
        la      a0, frames_waiting
        call    sleep_softly
        j       1b
2:      la      t2, first_frame
        lw      a1, 0(t2)
        addi    a0, a1, 1               ; the next one is first now
        andi    a0, a0, FRAME_ROOM - 1
        sw      a0, 0(t2)
        addi    t1, t1, -1
        sw      t1, 0(t0)
        li      t0, FRAME_SIZE
        mul     a1, a1, t0
        la      t0, frames
        add     a1, a1, t0
        lhu     a2, 2(a1)               ; what its sender says of its length
        bleu    a2, s1, 4f
        mv      a2, s1
4:      li      t0, FRAME_SIZE
        bleu    a2, t0, 5f
        mv      a2, t0
5:      mv      s1, a2
        mv      a0, s0
        call    copy
        la      t0, buffer_offered
        lw      t0, 0(t0)
        bnez    t0, 6f
        call    offer_buffer            ; the queue was full; now there is room
6:      mv      a0, s1
        j       called
nothing_came:
        li      a0, 0
        j       called
