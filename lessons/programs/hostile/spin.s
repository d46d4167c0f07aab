; spin.s - keeps the CPU for itself, for ever
;
; The attack: interrupts off and an endless loop. On the bare machine nothing gets the CPU back but the power switch.
; The wall: `cli` traps and turns off the guest's virtual IF only. The real IF is on whenever it runs, the real timer is the
; VMM's (Resume.swift): at the end of the slice it takes the CPU, and the guest has had its share and no
; more (Scheduler.swift).
; One sees: with other guests beside it, `vm list` gives each its share. This one never ends.

        .include "common.s"

        .org    0x1000
attack:
        la      a0, text_spin
        call    puts
        cli
for_ever:
        j       for_ever

text_spin:      .asciz "interrupts off, and round for ever\n"
