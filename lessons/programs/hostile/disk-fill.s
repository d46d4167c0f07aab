; disk-fill.s - fills its disk, and goes on
;
; The attack: a guest's disk is a part of the real one, and the next sector beyond it is its neighbour's. This kernel
; fills every sector of its first disk, then tries sectors beyond its end, numbers so large that an addition would
; wrap round to the neighbour's, and disks that it doesn't have.
; The wall: the virtual controller compares the sector with the size of the guest's part before it adds where the
; part begins (DirectMemoryAccess.swift, `carryOut`; VirtualDevices.swift, `diskSlice`).
; One sees: 800 hexadecimal sectors (2048) filled, status 2 (error) for all the rest. `disks` in ringside shows what
; is on whose disk.

        .include "common.s"

        .equ    BUFFER,  0x6000
        .equ    SECTORS, 2048

        .org    0x1000
attack:
        la      t0, gates               ; sleep while the disk works
        la      t1, on_disk
        sw      t1, 18 * 8(t0)
        li      t1, PRESENT
        sw      t1, 18 * 8 + 4(t0)

        li      t0, BUFFER
        li      t1, 0xF111
        sw      t1, 0(t0)
        la      a0, text_fill
        call    try
        li      s1, 0                   ; sector
        li      s2, 0                   ; how many went well
1:      li      a0, 2
        mv      a1, s1
        li      a3, 0
        call    sleep_disk
        bnez    s0, 2f
        addi    s2, s2, 1
2:      addi    s1, s1, 1
        li      t0, SECTORS
        bltu    s1, t0, 1b
        mv      s0, s2
        call    outcome
        la      a0, text_read           ; the last one, read back
        call    try
        li      a0, 1
        li      a1, SECTORS - 1
        li      a3, 0
        call    sleep_disk
        li      t0, BUFFER
        lw      s0, 4(t0)
        call    outcome

        la      s1, beyond
3:      lw      a0, 0(s1)
        beqz    a0, 4f
        call    try
        li      a0, 1                   ; read it
        lw      a1, 4(s1)
        lw      a3, 8(s1)
        call    sleep_disk
        mv      s2, s0
        li      a0, 2                   ; and write it
        lw      a1, 4(s1)
        lw      a3, 8(s1)
        call    sleep_disk
        slli    s2, s2, 4
        or      s0, s0, s2
        call    outcome
        addi    s1, s1, 12
        j       3b
4:      j       off

; sleep_disk: command a0, sector a1, disk a3, the buffer with the sector's number in it; s0 <- status
sleep_disk:
        li      a2, BUFFER
        sw      a1, 4(a2)
        out     DISK_SECTOR, a1
        out     DISK_ADDRESS, a2
        out     DISK_SELECT, a3
        out     DISK_COMMAND, a0
        sti
        hlt
        cli
        ret
on_disk:
        in      s0, DISK_STATUS
        out     DISK_STATUS, zero
        iret

beyond: .word   text_2048, SECTORS, 0
        .word   text_4096, 2 * SECTORS, 1
        .word   text_large, 0x7FFFFFFF, 0
        .word   text_minus, 0xFFFFFFFF, 0
        .word   text_wrap, 0xFFFFF800, 2
        .word   text_disk_3, 0, 3
        .word   text_disk_minus, 0, 0xFFFFFFFF
        .word   0

text_fill:      .asciz "fill every sector\n"
text_read:      .asciz "read the last one back\n"
text_2048:      .asciz "the first sector beyond, both ways\n"
text_4096:      .asciz "a whole disk further\n"
text_large:     .asciz "sector 7fffffff\n"
text_minus:     .asciz "sector ffffffff\n"
text_wrap:      .asciz "sector fffff800\n"
text_disk_3:    .asciz "a fourth disk\n"
text_disk_minus: .asciz "disk ffffffff\n"
