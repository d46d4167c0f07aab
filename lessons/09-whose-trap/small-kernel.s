; small-kernel.s - as little kernel as a system call needs; included by asks.s and thinks.s
;
; It sets its gates and page tables and starts the program in ring 3. It knows two system calls: 0 ends, all
; others give back their number plus one.

        .equ    POWER, 0x50
        .equ    KERNEL_STACK, 0x4000    ; it grows down

        .entry  boot
        .org    0x1000
        .page   ring=0, write=no

boot:
        la      t0, directory
        setcr   ptbr, t0
        la      t0, gates
        setcr   tvec, t0
        la      t0, KERNEL_STACK
        setcr   ksp0, t0
        li      t0, 1
        setcr   mode, t0                ; paging on: now every page has a code
        la      sp, start_frame
        iret                            ; into ring 3

syscall:                                ; `int 32`: a0 = which
        beqz    a0, off
        addi    a0, a0, 1               ; all the work that this kernel does
        iret
off:
        li      t0, 1
        out     POWER, t0
        j       off

        .org    0x2000
        .page   ring=0, write=yes
gates:  .space  32 * 8
        .word   syscall, 1 | 3 << 1     ; gate 32: present, ring 3 may come in by `int`
        .space  31 * 8
start_frame:                            ; error, pc, status (ring 3), sp
        .word   0, program, 3, 0

        .org    0x3000                  ; the kernel's stack
        .space  0x1000

        .org    0x5000
directory:
        .word   table + 1               ; present
        .space  4092
table:                                  ; page, and its code in bits 3:2
        .word   0
        .word   0x1001, 0x2003, 0x3003  ; code 00: the kernel and its data
        .word   0, 0, 0, 0
        .word   0x800D                  ; code 11: the program
        .space  4060

        .org    0x8000
        .page   ring=3, write=no
