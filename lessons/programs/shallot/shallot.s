; shallot - a small operating system for Onion
;
; What an operating system does, in as few lines as show it:
;
;   boot.s       finds out how much memory there is, and gets everything going
;   traps.s      the gates, and the ways into the kernel and out of it
;   memory.s     frames, an address space for each process, pages on demand
;   balloon.s    memory that is lent back to the VMM, if there is one that asks
;   processes.s  who runs next, sleeping and waking, birth and death
;   calls.s      what processes may ask for (`int 32`)
;   console.s    lines that are typed, texts that are printed
;   disk.s       one disk controller, and a queue in front of it
;   array.s      three disks seen as ten volumes, with parity: RAID-5
;   files.s      a file system on each volume
;   network.s    frames that go out and come in
;   text.s       printing and copying
;   variables.s  everything that the kernel remembers
;
; and in ring 3:
;
;   library.s    what programs share
;   shell.s      the program that reads commands
;   programs.s   the programs that it can start
;
; The same image runs on the bare machine, in ring 0, and as a guest under the VMM, in ring 1. It need
; not know which.
;
; The kernel is simple in one way: in it interrupts are off (IF = 0), and it lets go of the CPU at two
; places only, in `give_up_cpu` and in `idle`. So nothing changes under its hands in between, and what
; takes long (a disk) is waited for by sleeping.
;
; Calls: arguments in a0 to a5, the result in a0. A function may change a0 to a5 and t0 to t2 and keeps
; s0 to s2, fp and sp.

        .include "constants.s"

        .entry  boot
        .org    KERNEL_CODE
        .page   ring=0, write=no
        .include "boot.s"
        .include "traps.s"
        .include "memory.s"
        .include "balloon.s"
        .include "processes.s"
        .include "calls.s"
        .include "console.s"
        .include "disk.s"
        .include "array.s"
        .include "files.s"
        .include "network.s"
        .include "text.s"

        .org    KERNEL_DATA
        .page   ring=0, write=yes
        .include "variables.s"

        .org    USER_CODE
        .page   ring=3, write=no
        .include "library.s"
        .include "shell.s"
        .include "programs.s"
