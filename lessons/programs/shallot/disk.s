; disk.s - one controller, one command at a time, three disks

; disk_read, disk_write: 512 bytes between sector a1 of disk a0 and the memory at a2; a0 <- 0 if it was done.
; The controller moves the bytes by itself, by physical address, past all page tables (DMA).
disk_read:
        li      a3, 1
        j       transfer
disk_write:
        li      a3, 2
transfer:
        push    ra
        push    s0
        push    s1
        push    s2
        push    a3
        mv      s0, a0
        mv      s1, a1
        mv      s2, a2
        la      a0, disk_lock           ; one after the other
        call    lock
        out     DISK_SELECT, s0
        out     DISK_SECTOR, s1
        out     DISK_ADDRESS, s2
        pop     a3
        la      t0, disk_done
        sw      zero, 0(t0)
        out     DISK_COMMAND, a3        ; from here on it works alone
1:      la      t0, current
        lw      t0, 0(t0)
        beqz    t0, look                ; before the first process nobody can sleep
        la      a0, disk_done
        lw      t0, 0(a0)
        bnez    t0, 2f
        call    sleep_on                ; others run meanwhile
        j       1b
look:   in      t0, DISK_STATUS
        li      t1, BUSY_STATUS
        beq     t0, t1, look
        out     DISK_STATUS, zero
        la      t1, disk_status
        sw      t0, 0(t1)
2:      la      a0, disk_lock
        call    unlock
        la      t0, disk_status
        lw      a0, 0(t0)
        pop     s2
        pop     s1
        pop     s0
        pop     ra
        ret

; on_disk: the command is carried out, or could not be
on_disk:
        addi    sp, sp, -SAVED
        sw      ra, 0(sp)
        call    save_all
        in      t0, DISK_STATUS
        la      t1, disk_status
        sw      t0, 0(t1)
        out     DISK_STATUS, zero       ; seen: the interrupt ends
        la      a0, disk_done
        li      t0, 1
        sw      t0, 0(a0)
        call    wake
        j       leave
