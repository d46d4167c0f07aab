; constants.s - names for numbers

; ---- Memory ------------------------------------------------------------------------
; The first 4 MiB of every address space are the same: page and frame have the same number. The kernel's
; part has code 00; the programs' instructions have code 11 and nobody can write them.
; The second 4 MiB are each process's own.

        .equ    KERNEL_CODE,  0x1000
        .equ    KERNEL_DATA,  0x8000
        .equ    SHARED_TABLE, 0xD000    ; page table of the first 4 MiB
        .equ    BOOT_STACK,   0x10000   ; top; the page below it
        .equ    USER_CODE,    0x10000
        .equ    USER_CODE_END, 0x14000
        .equ    FIRST_FREE,   0x14000   ; frames from here up are handed out
        .equ    KERNEL_REACH, 0x400000  ; and never from here up: the kernel could not see them

        .equ    DATA,         0x400000  ; a process's data, from here up
        .equ    DATA_PAGES,   16        ; as many as it may touch without asking
        .equ    SHARED,       0x600000  ; pages that processes may share
        .equ    SHARED_PAGES, 8
        .equ    STACK_LOW,    0x7F0000  ; its stack grows down to here
        .equ    STACK_TOP,    0x800000
        .equ    USER_END,     0x800000

; ---- What the hardware understands -------------------------------------------------

        .equ    PRESENT, 1              ; page-table entry
        .equ    WRITE,   2
        .equ    CODE_11, 3 << 2

        .equ    GATE,      1            ; gate: present; only the CPU itself comes in
        .equ    GATE_INT,  1 | 3 << 1   ; ... and ring 3 may come in by `int`

        .equ    USER_STATUS, 3 | 1 << 2 ; ring 3, interrupts on

        .equ    CONSOLE,         0x10
        .equ    CONSOLE_CONTROL, 0x11
        .equ    INTERVAL,        0x20
        .equ    TICK_DONE,       0x21
        .equ    DISK_SECTOR,     0x30
        .equ    DISK_ADDRESS,    0x31
        .equ    DISK_COMMAND,    0x32
        .equ    DISK_STATUS,     0x33
        .equ    DISK_SELECT,     0x34
        .equ    NET_OWN,         0x40
        .equ    NET_BUFFER,      0x41
        .equ    NET_LENGTH,      0x42
        .equ    NET_COMMAND,     0x43
        .equ    NET_STATUS,      0x44
        .equ    POWER,           0x50

        .equ    READY_STATUS, 0         ; of the disk and of the network card
        .equ    BUSY_STATUS,  1
        .equ    ERROR_STATUS, 2

        .equ    SLICE, 10000            ; cycles between two ticks

; ---- What a trap leaves on the kernel stack ----------------------------------------
; The CPU pushes four words; save_all puts fourteen registers below them.

        .equ    SAVED,    56
        .equ    F_A0,     8
        .equ    F_A1,     12
        .equ    F_A2,     16
        .equ    F_A3,     20
        .equ    F_ERROR,  56
        .equ    F_PC,     60
        .equ    F_STATUS, 64
        .equ    F_SP,     68
        .equ    F_SIZE,   72

; ---- What the kernel knows of a process --------------------------------------------

        .equ    P_PID,       0          ; its number
        .equ    P_STATE,     4          ; one of the four below
        .equ    P_PRIORITY,  8          ; 0 to 3; more goes first
        .equ    P_SP,        12         ; kernel sp while another runs
        .equ    P_STACK,     16         ; top of its kernel stack
        .equ    P_DIRECTORY, 20
        .equ    P_TABLE,     24         ; of its own 4 MiB
        .equ    P_CHANNEL,   28         ; what it sleeps for
        .equ    P_WAKE,      32         ; the tick that wakes it; 0: none
        .equ    P_PARENT,    36         ; the process that made it
        .equ    P_EXIT,      40         ; what it said when it ended
        .equ    P_NAME,      44         ; its program's name
        .equ    P_BREAK,     48         ; end of its data
        .equ    P_TICKS,     52         ; ticks that came while it ran
        .equ    P_PAGES,     56         ; frames that it has
        .equ    P_RAN,       60         ; when it was chosen last
        .equ    P_KILLED,    64         ; it is to end at the next chance
        .equ    P_SOFT,      68         ; it may be woken to be told so
        .equ    P_FILES,     72         ; its open files
        .equ    P_SIZE,      128
        .equ    PROCESSES,   16

        .equ    FREE,     0
        .equ    READY,    1
        .equ    SLEEPING, 2
        .equ    ZOMBIE,   3             ; it has ended, and its parent has not asked yet

        .equ    O_VOLUME,   0           ; an open file: its volume + 1; 0: not open
        .equ    O_ENTRY,    4           ; its number in the directory
        .equ    O_POSITION, 8           ; where the next byte is read or written
        .equ    O_SIZE,     12
        .equ    OPEN_FILES, 4
        .equ    FIRST_FILE, 2           ; 0 and 1 are the console

; ---- Disks, volumes, files ---------------------------------------------------------

        .equ    DISKS,       3
        .equ    STRIPES,     2048       ; sectors of a disk
        .equ    FIRST_STRIPE, 48        ; those below hold the disk's label
        .equ    VOLUMES,     10
        .equ    VOLUME_STRIPES, 200     ; two sectors of data in each
        .equ    LABEL_MAGIC, 0x44494152 ; "RAID"

        .equ    TABLE_SECTORS, 5        ; of a volume: who is there, and where
        .equ    FILES,       32
        .equ    FILE_MAGIC,  0x454C4946 ; "FILE"
        .equ    VOLUME_SECTORS, 400
        .equ    LAST_LINK,   0xFFFF

        .equ    E_NAME,      0          ; a file in the directory: 20 bytes
        .equ    E_BYTES,     20         ; its bytes
        .equ    E_FIRST,     24         ; its first sector; 0: it has none
        .equ    E_LENGTH,    32         ; of the entry itself
        .equ    NAME_SIZE,   20

        .equ    LINE_SIZE,   128
        .equ    FRAME_SIZE,  1536       ; room for a network frame
        .equ    FRAME_ROOM,  4          ; frames that may wait to be read

; ---- The list of programs -----------------------------------------------------------

        .equ    PROGRAM_NAME,  0
        .equ    PROGRAM_ENTRY, 4
        .equ    PROGRAM_SIZE,  8

; ---- System calls: the number in a0, arguments in a1 to a3, the result in a0 --------

        .equ    SYS_EXIT,      0        ; a1: what to tell the parent
        .equ    SYS_WRITE,     1        ; a1: file, a2: from, a3: bytes -> bytes written
        .equ    SYS_READ,      2        ; a1: file, a2: to, a3: bytes -> bytes read; 0: its end
        .equ    SYS_YIELD,     3
        .equ    SYS_SPAWN,     4        ; a1: name, a2 and a3: for its a0 and a1 -> its number
        .equ    SYS_WAIT,      5        ; a1: a child or 0 for any, a2: 1 = don't sleep -> what it said; a1: who
        .equ    SYS_SLEEP,     6        ; a1: ticks
        .equ    SYS_MAP,       7        ; a1: pages -> address of new memory
        .equ    SYS_SHARE,     8        ; a1: 0 to 7 -> address of that shared page
        .equ    SYS_OPEN,      9        ; a1: name, a2: 1 = make it if it isn't there -> file
        .equ    SYS_CLOSE,     10       ; a1: file
        .equ    SYS_DELETE,    11       ; a1: name
        .equ    SYS_LIST,      12       ; a1: volume, a2: number, a3: 20 bytes for the name -> size
        .equ    SYS_SEND,      13       ; a1: from, a2: bytes -> 0
        .equ    SYS_RECEIVE,   14       ; a1: to, a2: bytes, a3: ticks to wait, 0 = for ever -> bytes
        .equ    SYS_PID,       15
        .equ    SYS_KILL,      16       ; a1: process
        .equ    SYS_PROCESS,   17       ; a1: number, a2: 32 bytes -> its number; 0: nobody there
        .equ    SYS_ARRAY,     18       ; a1: disk -> stripes that are right on it, of 2048
        .equ    SYS_REBUILD,   19       ; a1: disk -> 0
        .equ    SYS_TIME,      20       ; -> ticks
        .equ    SYS_ADDRESS,   21       ; -> this machine's network address
        .equ    SYS_OFF,       22
        .equ    SYS_MEMORY,    23       ; -> frames that are free
        .equ    SYS_PRIORITY,  24       ; a1: 0 to 3, for this process
        .equ    SYS_SEEK,      25       ; a1: file, a2: position
        .equ    CALLS,         26
