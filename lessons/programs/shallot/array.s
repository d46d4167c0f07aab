; array.s - ten volumes out of three disks: RAID-5
;
; A stripe is one sector of each disk, at the same place. Two of the three hold data, the third their
; parity, data XOR data; which disk has the parity changes from stripe to stripe. From any two of the three
; the missing one can be computed. So one disk may be pulled at any moment.
;
;            disk 0    disk 1    disk 2
; stripe 48  parity    data 0    data 1
; stripe 49  data 3    parity    data 2
; stripe 50  data 4    data 5    parity        volume 0, sectors 0 to 5
;
; Of each disk we know up to which stripe it is right: 2048 all of it, 0 nothing (it was pulled), between them
; while it is being rebuilt.
;
; What this does not mend is the power going off between the two writes of one stripe (the "write hole").

; ---- One sector of one disk --------------------------------------------------------

; read_piece, write_piece: stripe a1 of disk a0, memory a2; a0 <- 0 if it was done. A disk that is not right
; there is not asked; one that does not do it counts as failed.
read_piece:
        push    ra
        push    s0
        mv      s0, a0
        call    is_right
        beqz    a0, piece_failed
        mv      a0, s0
        call    disk_read
        j       1f
write_piece:
        push    ra
        push    s0
        mv      s0, a0
        call    is_right
        beqz    a0, piece_failed
        mv      a0, s0
        call    disk_write
1:      beqz    a0, 2f
        mv      a0, s0
        call    disk_failed
piece_failed:
        li      a0, -1
2:      pop     s0
        pop     ra
        ret

; is_right: a0 <- 1 if stripe a1 of disk a0 is as it should be. Changes a0 and t0 only.
is_right:
        slli    a0, a0, 2
        la      t0, right_stripes
        add     a0, a0, t0
        lw      a0, 0(a0)
        sltu    a0, a1, a0
        ret

; disk_failed: from now on without disk a0
disk_failed:
        push    ra
        push    s0
        mv      s0, a0
        slli    t0, a0, 2
        la      t1, right_stripes
        add     t0, t0, t1
        lw      t1, 0(t0)
        beqz    t1, 1f                  ; we know
        sw      zero, 0(t0)
        la      a0, msg_disk
        call    kputs
        mv      a0, s0
        call    kput_number
        la      a0, msg_failed
        call    kputs
        call    write_labels            ; the others remember that this one is out of date
1:      pop     s0
        pop     ra
        ret

; ---- A sector of a volume ----------------------------------------------------------

; locate: sector a1 of volume a0: s0 <- stripe, s1 <- disk of the data, s2 <- disk of the parity
locate:
        li      t0, VOLUME_STRIPES
        mul     s0, a0, t0
        srli    t0, a1, 1               ; two sectors to a stripe
        add     s0, s0, t0
        addi    s0, s0, FIRST_STRIPE
        li      t0, DISKS
        remu    s2, s0, t0              ; the parity goes round
        andi    t1, a1, 1
        add     t1, t1, s2
        addi    t1, t1, 1
        remu    s1, t1, t0              ; the data come after it
        ret

; volume_read: 512 bytes of sector a1 of volume a0 to a2; a0 <- 0 if that was possible
volume_read:
        push    ra
        push    fp
        push    s0
        push    s1
        push    s2
        mv      fp, a2
        call    locate
        la      a0, array_lock
        call    lock
        mv      a0, s1
        mv      a1, s0
        mv      a2, fp
        call    read_piece
        beqz    a0, 1f
reconstruct:
        li      a0, 3                   ; 0 + 1 + 2: the disk that is neither
        sub     a0, a0, s1
        sub     a0, a0, s2
        mv      a1, s0
        mv      a2, fp
        call    read_piece
        bnez    a0, 1f
        mv      a0, s2
        mv      a1, s0
        la      a2, piece
        call    read_piece
        bnez    a0, 1f
        mv      a0, fp
        la      a1, piece
        call    xor_sector
        li      a0, 0
1:      mv      s0, a0
        la      a0, array_lock
        call    unlock
        mv      a0, s0
        pop     s2
        pop     s1
        pop     s0
        pop     fp
        pop     ra
        ret

; volume_write: 512 bytes at a2 to sector a1 of volume a0; a0 <- 0 if they are safe
volume_write:
        push    ra
        push    fp
        push    s0
        push    s1
        push    s2
        mv      fp, a2
        call    locate
        la      a0, array_lock
        call    lock
        li      a0, 3
        sub     a0, a0, s1
        sub     a0, a0, s2
        mv      a1, s0
        la      a2, piece
        call    read_piece              ; the other data of the stripe
        bnez    a0, without_other
        la      a0, piece
        mv      a1, fp
        call    xor_sector              ; parity = other data XOR new data
        mv      a0, s1
        mv      a1, s0
        mv      a2, fp
        call    write_piece
        push    a0
        mv      a0, s2
        mv      a1, s0
        la      a2, piece
        call    write_piece
        pop     t0
        and     a0, a0, t0              ; one of the two is enough: 0 and anything is 0
        j       1b

without_other:                          ; its disk is gone; what it held is in the parity
        mv      a0, s1
        mv      a1, s0
        la      a2, piece
        call    read_piece              ; the old data
        bnez    a0, 1b
        mv      a0, s2
        mv      a1, s0
        la      a2, piece_2
        call    read_piece              ; the old parity
        bnez    a0, 1b
        la      a0, piece_2             ; parity = old parity XOR old data XOR new data
        la      a1, piece
        call    xor_sector
        la      a0, piece_2
        mv      a1, fp
        call    xor_sector
        mv      a0, s1
        mv      a1, s0
        mv      a2, fp
        call    write_piece
        bnez    a0, 1b
        mv      a0, s2
        mv      a1, s0
        la      a2, piece_2
        call    write_piece
        j       1b

; xor_sector: 512 bytes at a0 <- XOR those at a1
xor_sector:
        addi    t2, a0, 512
1:      lw      t0, 0(a0)
        lw      t1, 0(a1)
        xor     t0, t0, t1
        sw      t0, 0(a0)
        addi    a0, a0, 4
        addi    a1, a1, 4
        bltu    a0, t2, 1b
        ret

; ---- Labels: in sector 0 of each disk, a number that all disks of the array share. Whoever missed a change
; has a lower one. ----

; start_array: which disks are there, and which of them are right?
start_array:
        push    ra
        push    fp
        push    s0
        push    s1
        push    s2
        li      s0, 0
        li      s1, 0                   ; the highest number seen
1:      mv      a0, s0
        li      a1, 0
        la      a2, piece
        call    disk_read
        li      t2, -1                  ; absent
        bnez    a0, 2f
        la      t0, piece
        lw      t1, 0(t0)
        li      t2, 0                   ; there, and blank
        li      a0, LABEL_MAGIC
        bne     t1, a0, 2f
        lw      t2, 4(t0)
        bleu    t2, s1, 2f
        mv      s1, t2
2:      slli    t0, s0, 2
        la      t1, right_stripes
        add     t0, t0, t1
        sw      t2, 0(t0)
        addi    s0, s0, 1
        li      t0, DISKS
        bltu    s0, t0, 1b

        la      t0, label_number
        sw      s1, 0(t0)
        li      s0, 0
        li      s2, 0                   ; disks that are right
        la      fp, right_stripes
3:      lw      t0, 0(fp)
        li      t1, 0
        bne     t0, s1, 4f              ; if all are blank, 0 is the highest: a new array
        li      t1, STRIPES
        addi    s2, s2, 1
4:      sw      t1, 0(fp)
        bnez    t1, 5f
        la      a0, msg_disk
        call    kputs
        mv      a0, s0
        call    kput_number
        la      a0, msg_not_right
        call    kputs
5:      addi    fp, fp, 4
        addi    s0, s0, 1
        li      t0, DISKS
        bltu    s0, t0, 3b
        call    write_labels
        la      a0, msg_kernel
        call    kputs
        li      a0, VOLUMES
        call    kput_number
        la      a0, msg_volumes
        call    kputs
        mv      a0, s2
        call    kput_number
        la      a0, msg_disks
        call    kputs
        pop     s2
        pop     s1
        pop     s0
        pop     fp
        pop     ra
        ret

; write_labels: a new number on every disk that is right
write_labels:
        push    ra
        push    s0
        la      t0, label_number
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        la      t0, label
        sw      t1, 4(t0)
        li      t1, LABEL_MAGIC
        sw      t1, 0(t0)
        li      s0, 0
1:      mv      a0, s0
        li      a1, STRIPES - 1
        call    is_right                ; to the very end
        beqz    a0, 2f
        mv      a0, s0
        li      a1, 0
        la      a2, label
        call    disk_write              ; if it fails, the next access will tell
2:      addi    s0, s0, 1
        li      t0, DISKS
        bltu    s0, t0, 1b
        pop     s0
        pop     ra
        ret

; ---- Calls -------------------------------------------------------------------------

; SYS_ARRAY: up to which stripe disk a1 is right
call_array:
        li      t0, DISKS
        bgeu    a1, t0, bad_call
        slli    a1, a1, 2
        la      t0, right_stripes
        add     t0, t0, a1
        lw      a0, 0(t0)
        j       called

; SYS_REBUILD: computes everything on disk a1 from the other two, stripe by stripe. Others may read and
; write between two stripes.
call_rebuild:
        li      t0, DISKS
        bgeu    a1, t0, bad_call
        slli    s0, a1, 2
        la      t0, right_stripes
        add     s0, s0, t0              ; where its count stands
        mv      s1, a1
        lw      t0, 0(s0)
        bnez    t0, bad_call            ; there is nothing to do, or somebody does it
        li      s2, FIRST_STRIPE
        sw      s2, 0(s0)
rebuild_stripe:
        la      a0, array_lock
        call    lock
        lw      t0, 0(s0)
        bne     t0, s2, rebuild_failed  ; it was pulled again
        addi    a0, s1, 1               ; the two others
        li      t0, DISKS
        remu    a0, a0, t0
        mv      a1, s2
        la      a2, piece
        call    read_piece
        bnez    a0, rebuild_failed
        addi    a0, s1, 2
        li      t0, DISKS
        remu    a0, a0, t0
        mv      a1, s2
        la      a2, piece_2
        call    read_piece
        bnez    a0, rebuild_failed
        la      a0, piece
        la      a1, piece_2
        call    xor_sector
        mv      a0, s1
        mv      a1, s2
        la      a2, piece
        call    disk_write
        bnez    a0, rebuild_failed
        addi    s2, s2, 1
        sw      s2, 0(s0)
        la      a0, array_lock
        call    unlock
        li      t0, STRIPES
        bltu    s2, t0, rebuild_stripe
        la      a0, array_lock
        call    lock
        call    write_labels
        la      a0, array_lock
        call    unlock
        li      a0, 0
        j       called
rebuild_failed:
        mv      a0, s1
        call    disk_failed
        la      a0, array_lock
        call    unlock
        j       bad_call

msg_disk:      .asciz "shallot: disk "
msg_failed:    .asciz " does not answer: going on with parity\n"
msg_not_right: .asciz " is missing, new or out of date\n"
msg_volumes:   .asciz " volumes on "
msg_disks:     .asciz " disks\n"
        .align  4
