; files.s - a file system on each volume
;
; Sector 0 says that there is one. Sectors 1 and 2 are the directory: 32 files, each with name, size and first
; sector. Sectors 3 and 4 hold, for each sector of the volume, the number of the one that follows it in its
; file: 0 = free, 0xFFFF = the last. Files are chains of sectors from 5 up.
;
; The five sectors of one volume are in memory (`table`); those that were changed are written back before
; a call ends.

; mount: the table of volume a0 is in memory; a0 <- 0 if that was possible
mount:
        push    ra
        push    s0
        push    s1
        mv      s0, a0
        la      t0, mounted
        lw      t1, 0(t0)
        addi    t2, a0, 1
        li      a0, 0
        beq     t1, t2, 4f
        sw      zero, 0(t0)
        li      s1, 0
1:      mv      a0, s0
        mv      a1, s1
        slli    a2, s1, 9
        la      t0, table
        add     a2, a2, t0
        call    volume_read
        bnez    a0, 4f
        addi    s1, s1, 1
        li      t0, TABLE_SECTORS
        bltu    s1, t0, 1b
        la      t0, mounted
        addi    t1, s0, 1
        sw      t1, 0(t0)
        la      t0, table
        lw      t0, 0(t0)
        li      t1, FILE_MAGIC
        li      a0, 0
        beq     t0, t1, 4f
format:                                 ; nobody has used this volume
        la      a0, table
        li      a1, TABLE_SECTORS * 512
        call    clear
        la      t0, table
        li      t1, FILE_MAGIC
        sw      t1, 0(t0)
        la      t0, chain
        li      t1, LAST_LINK
        sh      t1, 0(t0)               ; the table's own sectors are taken
        sh      t1, 2(t0)
        sh      t1, 4(t0)
        sh      t1, 6(t0)
        sh      t1, 8(t0)
        li      t1, 0x1F
        la      t0, changed
        sw      t1, 0(t0)
        call    write_back
4:      pop     s1
        pop     s0
        pop     ra
        ret

; write_back: the table's changed sectors; a0 <- 0 if that was possible
write_back:
        push    ra
        push    s0
        li      s0, 0
1:      la      t0, changed
        lw      t1, 0(t0)
        srl     t1, t1, s0
        andi    t1, t1, 1
        beqz    t1, 2f
        la      a0, mounted
        lw      a0, 0(a0)
        addi    a0, a0, -1
        mv      a1, s0
        slli    a2, s0, 9
        la      t0, table
        add     a2, a2, t0
        call    volume_write
        bnez    a0, 3f
2:      addi    s0, s0, 1
        li      t0, TABLE_SECTORS
        bltu    s0, t0, 1b
        li      a0, 0
        j       4f
3:      la      t0, mounted
        sw      zero, 0(t0)             ; what is in memory is not what is on the disks
4:      la      t0, changed
        sw      zero, 0(t0)
        pop     s0
        pop     ra
        ret

; mark: the table's sector that holds the address a0 was changed
mark:
        la      t0, table
        sub     t0, a0, t0
        srli    t0, t0, 9
        li      t1, 1
        sll     t1, t1, t0
        la      t0, changed
        lw      t2, 0(t0)
        or      t1, t1, t2
        sw      t1, 0(t0)
        ret

; volume_named: name_given is "3:name" or "name", which means 0; a0 <- volume, a1 <- where the name begins
volume_named:
        la      a1, name_given
        li      a0, 0
        lbu     t0, 0(a1)
        addi    t0, t0, -'0'
        li      t1, VOLUMES
        bgeu    t0, t1, 1f
        lbu     t1, 1(a1)
        addi    t1, t1, -':'
        bnez    t1, 1f
        mv      a0, t0
        addi    a1, a1, 2
1:      ret

; find: a0 <- the entry of the file with the name at a0; 0: there is none
find:
        push    ra
        push    s0
        push    s1
        mv      s0, a0
        la      s1, directory
1:      lbu     t0, E_NAME(s1)
        beqz    t0, 2f
        mv      a0, s1
        mv      a1, s0
        call    same_text
        bnez    a0, 3f
2:      addi    s1, s1, E_LENGTH
        la      t0, chain
        bltu    s1, t0, 1b
        li      s1, 0
3:      mv      a0, s1
        pop     s1
        pop     s0
        pop     ra
        ret

; begin_files: one call after the other; volume a0 is mounted. a0 <- 0 if that was possible
begin_files:
        push    ra
        push    s0
        mv      s0, a0
        la      a0, files_lock
        call    lock
        mv      a0, s0
        call    mount
        pop     s0
        pop     ra
        ret

; end_files: the call ends with a0
end_files:
        push    a0
        la      a0, files_lock
        call    unlock
        pop     a0
        j       called
files_failed:
        li      a0, -1
        j       end_files

; SYS_OPEN: the file with the name at a1; a2: make it if need be
call_open:
        mv      s2, a2
        mv      a0, a1
        call    take_name
        beqz    a0, bad_call
        call    volume_named
        mv      s0, a0
        mv      s1, a1
        lbu     t0, 0(s1)
        beqz    t0, bad_call            ; no name
        sb      zero, NAME_SIZE - 1(s1) ; too long: cut
        call    begin_files
        bnez    a0, files_failed
        mv      a0, s1
        call    find
        bnez    a0, found
        beqz    s2, files_failed
        la      s2, directory           ; a place for a new one
1:      lbu     t0, E_NAME(s2)
        beqz    t0, 2f
        addi    s2, s2, E_LENGTH
        la      t0, chain
        bltu    s2, t0, 1b
        j       files_failed
2:      mv      a0, s2
        mv      a1, s1
        li      a2, NAME_SIZE
        call    copy
        sw      zero, E_BYTES(s2)
        sw      zero, E_FIRST(s2)
        mv      a0, s2
        call    mark
        call    write_back
        bnez    a0, files_failed
        mv      a0, s2
found:  mv      s2, a0
        la      t0, current             ; a free place among the process's files
        lw      t0, 0(t0)
        addi    t0, t0, P_FILES
        li      a0, FIRST_FILE
1:      lw      t1, O_VOLUME(t0)
        beqz    t1, 2f
        addi    t0, t0, O_SIZE
        addi    a0, a0, 1
        li      t1, FIRST_FILE + OPEN_FILES
        bltu    a0, t1, 1b
        j       files_failed
2:      addi    s0, s0, 1
        sw      s0, O_VOLUME(t0)
        sw      s2, O_ENTRY(t0)
        sw      zero, O_POSITION(t0)
        j       end_files

; file_of: a0 <- what the process knows of its open file a1; 0: there is no such
file_of:
        addi    t0, a1, -FIRST_FILE
        li      a0, 0
        li      t1, OPEN_FILES
        bgeu    t0, t1, 1f
        li      t1, O_SIZE
        mul     t0, t0, t1
        la      t1, current
        lw      t1, 0(t1)
        addi    t1, t1, P_FILES
        add     t0, t0, t1
        lw      t1, O_VOLUME(t0)
        beqz    t1, 1f
        mv      a0, t0
1:      ret

; SYS_CLOSE
call_close:
        call    file_of
        beqz    a0, bad_call
        sw      zero, O_VOLUME(a0)
        li      a0, 0
        j       called

; SYS_SEEK: the next byte of file a1 is that at a2
call_seek:
        call    file_of
        beqz    a0, bad_call
        mv      s0, a0
        mv      s1, a2
        lw      a0, O_VOLUME(s0)
        addi    a0, a0, -1
        call    begin_files
        bnez    a0, files_failed
        lw      t0, O_ENTRY(s0)
        lw      t0, E_BYTES(t0)
        bltu    t0, s1, files_failed    ; files have no holes
        sw      s1, O_POSITION(s0)
        li      a0, 0
        j       end_files

; SYS_LIST: name and size of file a2 on volume a1; an empty name: there is none at this place
call_list_files:
        li      t0, VOLUMES
        bgeu    a1, t0, bad_call
        li      t0, FILES
        bgeu    a2, t0, bad_call
        mv      s0, a1
        mv      s1, a2
        mv      s2, a3
        mv      a0, a3
        li      a1, NAME_SIZE
        li      a2, 1
        call    check_user
        beqz    a0, bad_call
        mv      a0, s0
        call    begin_files
        bnez    a0, files_failed
        slli    s1, s1, 5               ; E_LENGTH is 32
        la      t0, directory
        add     s1, s1, t0
        mv      a0, s2
        mv      a1, s1
        li      a2, NAME_SIZE
        call    copy
        lw      a0, E_BYTES(s1)
        j       end_files

; SYS_DELETE: the file with the name at a1
call_delete:
        mv      a0, a1
        call    take_name
        beqz    a0, bad_call
        call    volume_named
        mv      s0, a0
        mv      s1, a1
        sb      zero, NAME_SIZE - 1(s1)
        call    begin_files
        bnez    a0, files_failed
        mv      a0, s1
        call    find
        beqz    a0, files_failed
        mv      s1, a0
        addi    s0, s0, 1
        la      t0, processes           ; not under the hands of somebody who has it open
1:      lw      t1, P_STATE(t0)
        beqz    t1, 4f
        addi    t1, t0, P_FILES
        addi    t2, t0, P_FILES + OPEN_FILES * O_SIZE
2:      lw      a0, O_VOLUME(t1)
        bne     a0, s0, 3f
        lw      a0, O_ENTRY(t1)
        beq     a0, s1, files_failed
3:      addi    t1, t1, O_SIZE
        bltu    t1, t2, 2b
4:      addi    t0, t0, P_SIZE
        la      t1, processes_end
        bltu    t0, t1, 1b

        lw      s2, E_FIRST(s1)         ; its sectors are free again
        sb      zero, E_NAME(s1)
        mv      a0, s1
        call    mark
        beqz    s2, 6f
5:      slli    a0, s2, 1
        la      t0, chain
        add     a0, a0, t0
        lhu     s2, 0(a0)
        sh      zero, 0(a0)
        call    mark
        li      t0, LAST_LINK
        bne     s2, t0, 5b
6:      call    write_back
        bnez    a0, files_failed
        j       end_files

; ---- Reading and writing -----------------------------------------------------------

; SYS_READ
call_read:
        mv      s0, a1
        mv      s1, a2
        mv      s2, a3
        mv      a0, a2
        mv      a1, a3
        li      a2, 1
        call    check_user
        beqz    a0, bad_call
        bnez    s0, 1f
        mv      a0, s1
        mv      a1, s2
        call    read_line
        j       called
1:      mv      a1, s0
        call    file_of
        beqz    a0, bad_call
        mv      s0, a0
        lw      a0, O_VOLUME(s0)
        addi    a0, a0, -1
        call    begin_files
        bnez    a0, files_failed
        lw      fp, O_ENTRY(s0)
read_sector:
        beqz    s2, transfer_ends
        lw      a1, O_POSITION(s0)
        lw      t0, E_BYTES(fp)
        bgeu    a1, t0, transfer_ends
        srli    a1, a1, 9
        lw      a0, E_FIRST(fp)
        call    sector_of
        mv      a1, a0
        lw      a0, O_VOLUME(s0)
        addi    a0, a0, -1
        la      a2, file_sector
        call    volume_read
        bnez    a0, transfer_fails
        lw      t0, O_POSITION(s0)
        andi    a1, t0, 511
        li      a2, 512                 ; to the end of the sector, of the file,
        sub     a2, a2, a1              ; or of what was asked for: what comes first
        lw      t1, E_BYTES(fp)
        sub     t1, t1, t0
        bleu    a2, t1, 1f
        mv      a2, t1
1:      bleu    a2, s2, 2f
        mv      a2, s2
2:      add     t0, t0, a2
        sw      t0, O_POSITION(s0)
        sub     s2, s2, a2
        mv      a0, s1
        add     s1, s1, a2
        la      t0, file_sector
        add     a1, a1, t0
        call    copy
        j       read_sector

transfer_fails:                         ; what was done before it counts
        call    write_back
        lw      t0, F_A2(sp)
        beq     s1, t0, files_failed
transfer_ends:
        lw      t0, F_A2(sp)            ; where the process's bytes began
        sub     a0, s1, t0
        j       end_files

; sector_of: the sector that comes a1 links after a0
sector_of:
        beqz    a1, 1f
        slli    a0, a0, 1
        la      t0, chain
        add     a0, a0, t0
        lhu     a0, 0(a0)
        addi    a1, a1, -1
        j       sector_of
1:      ret

; SYS_WRITE
call_write:
        mv      s0, a1
        mv      s1, a2
        mv      s2, a3
        mv      a0, a2
        mv      a1, a3
        li      a2, 0
        call    check_user
        beqz    a0, bad_call
        li      t0, 1
        bne     s0, t0, 1f
        mv      a0, s1
        mv      a1, s2
        call    print
        mv      a0, s2
        j       called
1:      mv      a1, s0
        call    file_of
        beqz    a0, bad_call
        mv      s0, a0
        lw      a0, O_VOLUME(s0)
        addi    a0, a0, -1
        call    begin_files
        bnez    a0, files_failed
        lw      fp, O_ENTRY(s0)
write_sector:
        beqz    s2, write_ends
        call    sector_to_write         ; a0 <- its number, a1 <- 1 if it is new
        beqz    a0, transfer_fails      ; the volume is full
        push    a0
        lw      t0, O_POSITION(s0)
        andi    t0, t0, 511
        li      t1, 512
        sub     t1, t1, t0
        bleu    t1, s2, 1f
        mv      t1, s2
1:      push    t1                      ; bytes for this sector
        bnez    a1, 2f
        li      t0, 512
        beq     t1, t0, 3f              ; all of it: what was there does not matter
        mv      a1, a0
        lw      a0, O_VOLUME(s0)
        addi    a0, a0, -1
        la      a2, file_sector
        call    volume_read
        beqz    a0, 3f
        addi    sp, sp, 8
        j       transfer_fails
2:      la      a0, file_sector
        li      a1, 512
        call    clear
3:      lw      a0, O_POSITION(s0)
        andi    a0, a0, 511
        la      t0, file_sector
        add     a0, a0, t0
        mv      a1, s1
        lw      a2, 0(sp)
        call    copy
        lw      a0, O_VOLUME(s0)
        addi    a0, a0, -1
        lw      a1, 4(sp)
        la      a2, file_sector
        call    volume_write
        pop     t1
        addi    sp, sp, 4
        bnez    a0, transfer_fails
        add     s1, s1, t1
        sub     s2, s2, t1
        lw      t0, O_POSITION(s0)
        add     t0, t0, t1
        sw      t0, O_POSITION(s0)
        lw      t1, E_BYTES(fp)
        bleu    t0, t1, write_sector
        sw      t0, E_BYTES(fp)         ; it has grown
        mv      a0, fp
        call    mark
        j       write_sector
write_ends:
        call    write_back
        bnez    a0, files_failed
        j       transfer_ends

; sector_to_write: the sector of the position of open file s0, whose entry is fp; at the file's end a new one
; is put at the end of its chain. a0 <- its number, 0: the volume is full; a1 <- 1 if it is new
sector_to_write:
        push    ra
        push    s1
        push    s2
        lw      s1, O_POSITION(s0)
        srli    s1, s1, 9
        lw      t0, E_BYTES(fp)
        addi    t0, t0, 511
        srli    t0, t0, 9               ; sectors that it has
        bgeu    s1, t0, 1f
        lw      a0, E_FIRST(fp)
        mv      a1, s1
        call    sector_of
        li      a1, 0
        j       4f
1:      li      s2, TABLE_SECTORS       ; the first that is free
2:      slli    a0, s2, 1
        la      t0, chain
        add     a0, a0, t0
        lhu     t0, 0(a0)
        beqz    t0, 3f
        addi    s2, s2, 1
        li      t0, VOLUME_SECTORS
        bltu    s2, t0, 2b
        li      a0, 0
        j       4f
3:      li      t0, LAST_LINK
        sh      t0, 0(a0)
        call    mark
        beqz    s1, 5f
        lw      a0, E_FIRST(fp)         ; after the last that it has
        addi    a1, s1, -1
        call    sector_of
        slli    a0, a0, 1
        la      t0, chain
        add     a0, a0, t0
        sh      s2, 0(a0)
        call    mark
        j       6f
5:      sw      s2, E_FIRST(fp)
        mv      a0, fp
        call    mark
6:      mv      a0, s2
        li      a1, 1
4:      pop     s2
        pop     s1
        pop     ra
        ret
