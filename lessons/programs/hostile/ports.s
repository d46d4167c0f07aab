; ports.s - uses ports from rings that have no right to them, and ports that do not exist
;
; The attack: whoever has the ports has the devices, and through a disk's DMA all of memory. Programs in rings 3 and
; 1 try them with IOPL 0, 1 and 3; the kernel tries ports that don't exist, that can only be read, or only written.
; The wall: the real IOPL is 0 and the guest never runs in ring 0, so every `in` and `out` traps (vector 4,
; error 4). The VMM compares the virtual ring with the virtual IOPL (Entry.swift, `protection`): what the guest's
; kernel permitted is done to the guest's own devices, all else is told to its kernel.
; One sees: "protection, error 4" where the kernel gave no right, and "done" where it did.

        .include "common.s"

        .org    0x1000
attack:
        call    paging_on
        la      a0, text_3_0            ; ring 3, IOPL 0: every port
        li      a1, CODE_11
        li      a2, 3
        call    all_ports
        la      a0, text_1_0            ; ring 1, IOPL 0
        li      a1, CODE_01
        li      a2, 1
        call    all_ports
        la      a0, text_3_1            ; ring 3, IOPL 1
        li      a1, CODE_11
        li      a2, 3 | 1 << 4
        call    all_ports
        la      a0, text_1_1            ; ring 1 with IOPL 1 may
        li      a1, CODE_01
        li      a2, 1 | 1 << 4
        call    all_ports
        la      a0, text_3_3            ; ring 3 with IOPL 3 may: its kernel's folly, nobody else's
        li      a1, CODE_11
        li      a2, 3 | 3 << 4
        call    all_ports

        la      a0, text_none           ; the kernel, and what isn't there
        call    try
        li      t0, 0x1234
        out     0, t0
        out     0x99, t0
        out     0xFFFF, t0
        in      s0, 0xFFFF
        call    outcome
        la      a0, text_write_only
        call    try
        in      s0, POWER
        call    outcome
        la      a0, text_read_only
        call    try
        in      s1, 0x40
        out     0x40, t0
        in      s0, 0x40
        sub     s0, s0, s1              ; the address is still what it was
        call    outcome
        j       off

; all_ports: text a0, page code a1, status a2: `in` and `out` of each port on the list, in that ring
all_ports:
        push    ra
        mv      s2, a2
        push    a1
        call    try
        pop     a0
        call    code_page
        la      fp, tries
1:      lw      a1, 0(fp)
        beqz    a1, 2f
        la      t0, seen
        sw      zero, 0(t0)
        mv      a0, s2
        li      a2, OUT_STACK
        li      s0, 0
        call    go_out
        call    outcome
        addi    fp, fp, 4
        j       1b
2:      pop     ra
        ret

tries:  .word   try_console, try_power, try_disk, try_nothing, 0

text_3_0:       .asciz "ring 3, IOPL 0\n"
text_1_0:       .asciz "ring 1, IOPL 0\n"
text_3_1:       .asciz "ring 3, IOPL 1\n"
text_1_1:       .asciz "ring 1, IOPL 1\n"
text_3_3:       .asciz "ring 3, IOPL 3\n"
text_none:      .asciz "ports that don't exist\n"
text_write_only: .asciz "read a write-only port\n"
text_read_only: .asciz "write a read-only port\n"

        .org    OUTER
        .page   ring=3, write=no
try_console:
        li      s0, '*'
        out     CONSOLE, s0
        int     32
try_power:
        li      s0, 2                   ; 1 would end it all
        out     POWER, s0
        int     32
try_disk:
        in      s0, DISK_STATUS
        int     32
try_nothing:
        in      s0, 0x99
        int     32
