; devices.s - a kernel with two devices: it prints, writes a sector to its disk and reads it back
;
; It runs in ring 0 with paging off and waits for the disk by looking, so there is nothing here but devices.

        .equ    CONSOLE,      0x10
        .equ    DISK_SECTOR,  0x30
        .equ    DISK_ADDRESS, 0x31
        .equ    DISK_COMMAND, 0x32      ; 1 read, 2 write
        .equ    DISK_STATUS,  0x33      ; 0 ready, 1 busy, 2 error
        .equ    POWER,        0x50

        .equ    PAGE,   0x5000          ; what is written to the disk
        .equ    OTHER,  0x6000          ; where it is to come back

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        li      a0, 'h'
hello:
        out     CONSOLE, a0             ; the port is all that a program knows of a console
        li      a0, 'i'
        out     CONSOLE, a0

        li      t0, PAGE
        li      t1, 0x5EED              ; something to recognise
        sw      t1, 0(t0)
        li      a0, 2
        li      a1, PAGE
write_it:
        call    disk
written:
        li      a0, 1
        la      t0, target
        lw      a1, 0(t0)
read_it:
        call    disk
came_back:                              ; s0: the status
        li      t0, 1
        out     POWER, t0
        j       came_back

; disk: command a0 for sector 7, memory address a1; s0 <- the status
disk:
        li      t0, 7
        out     DISK_SECTOR, t0
        out     DISK_ADDRESS, a1        ; a physical address: the disk asks no page table
command:
        out     DISK_COMMAND, a0        ; from here on the disk works alone
wait:
        in      s0, DISK_STATUS
        addi    t0, s0, -1
        beqz    t0, wait
        out     DISK_STATUS, zero       ; seen
        ret

        .org    0x3000
        .page   ring=0, write=yes
target: .word   OTHER
