; shell.s - the program that reads commands. It is a process like any other.

        .equ    S_LINE, DATA            ; its memory: the line that was typed,
        .equ    S_FACTS, DATA + 256     ; what the kernel says of a process,
        .equ    S_NAME, DATA + 288      ; the name of a file,
        .equ    S_BYTES, DATA + 512     ; and what is in it

shell:
        la      a0, sh_hello
        call    puts
prompt:
        li      a0, SYS_WAIT            ; those that ended behind our back
        li      a1, 0
        li      a2, 1
        int     32
        li      t0, -1
        bne     a0, t0, prompt
        la      a0, sh_prompt
        call    puts
        li      a0, SYS_READ
        li      a1, 0
        li      a2, S_LINE
        li      a3, 127
        int     32
        li      t0, S_LINE
        add     t1, t0, a0              ; without the end of the line
        sb      zero, -1(t1)
        lbu     t1, 0(t0)
        beqz    t1, prompt

        la      s0, sh_commands         ; one of ours?
1:      lw      a1, 0(s0)
        beqz    a1, sh_run
        li      a0, S_LINE
        call    starts_with
        bnez    a0, 2f
        addi    s0, s0, 8
        j       1b
2:      lw      t0, 4(s0)
        mv      s0, a0                  ; what follows the command
        jr      t0

sh_commands:
        .word   sh_word_help, sh_help
        .word   sh_word_ls, sh_ls
        .word   sh_word_cat, sh_cat
        .word   sh_word_write, sh_write
        .word   sh_word_rm, sh_rm
        .word   sh_word_ps, sh_ps
        .word   sh_word_kill, sh_kill
        .word   sh_word_disks, sh_disks
        .word   sh_word_rebuild, sh_rebuild
        .word   sh_word_mem, sh_mem
        .word   sh_word_wait, sh_wait
        .word   sh_word_off, sh_off
        .word   0

sh_help:
        la      a0, sh_text_help
        call    puts
        j       prompt

; A program: its name, two numbers, and & if it is to run by itself
sh_run:
        li      s0, S_LINE
        li      s1, 0                   ; the numbers
        li      s2, 0
1:      lbu     t0, 0(s0)               ; behind the name
        beqz    t0, 3f
        addi    s0, s0, 1
        addi    t1, t0, -' '
        bnez    t1, 1b
        sb      zero, -1(s0)
        lbu     t0, 0(s0)
        addi    t0, t0, -'&'
        beqz    t0, 2f
        mv      a0, s0
        call    number_at
        mv      s1, a0
        mv      s0, a1
        lbu     t0, 0(s0)
        addi    t0, t0, -' '
        bnez    t0, 3f
        addi    s0, s0, 1
        lbu     t0, 0(s0)
        addi    t0, t0, -'&'
        beqz    t0, 2f
        mv      a0, s0
        call    number_at
        mv      s2, a0
        mv      s0, a1
        lbu     t0, 0(s0)
        addi    t0, t0, -' '
        bnez    t0, 3f
        addi    s0, s0, 1
2:      lbu     s0, 0(s0)               ; & or the end
        j       4f
3:      li      s0, 0
4:      li      a0, SYS_SPAWN
        li      a1, S_LINE
        mv      a2, s1
        mv      a3, s2
        int     32
        bltz    a0, sh_unknown
        bnez    s0, prompt              ; we don't wait
        mv      a1, a0
        li      a0, SYS_WAIT
        li      a2, 0
        int     32
        j       prompt
sh_unknown:
        la      a0, sh_text_unknown
        call    puts
        j       prompt

; ls [VOLUME]
sh_ls:
        mv      a0, s0
        call    number_at
        mv      s1, a0
        li      s0, 0
1:      li      a0, SYS_LIST
        mv      a1, s1
        mv      a2, s0
        li      a3, S_NAME
        int     32
        bltz    a0, 3f
        mv      s2, a0
        li      t0, S_NAME
        lbu     t0, 0(t0)
        beqz    t0, 2f
        li      a0, S_NAME
        call    puts
        la      a0, sh_text_space
        mv      a1, s2
        la      a2, sh_text_bytes
        call    put_line
2:      addi    s0, s0, 1
        li      t0, FILES
        bltu    s0, t0, 1b
        j       prompt
3:      la      a0, sh_text_volume
        call    puts
        j       prompt

; cat FILE
sh_cat:
        li      a0, SYS_OPEN
        mv      a1, s0
        li      a2, 0
        int     32
        bltz    a0, sh_no_file
        mv      s1, a0
1:      li      a0, SYS_READ
        mv      a1, s1
        li      a2, S_BYTES
        li      a3, 512
        int     32
        ble     a0, zero, 2f
        mv      a3, a0
        li      a0, SYS_WRITE
        li      a1, 1
        li      a2, S_BYTES
        int     32
        j       1b
2:      li      a0, SYS_CLOSE
        mv      a1, s1
        int     32
        j       prompt
sh_no_file:
        la      a0, sh_text_no_file
        call    puts
        j       prompt

; write FILE TEXT: one line at the beginning of a file
sh_write:
        li      t1, S_NAME              ; the name is up to the first space
1:      lbu     t0, 0(s0)
        sb      zero, 0(t1)
        beqz    t0, 2f
        addi    s0, s0, 1
        addi    t2, t0, -' '
        beqz    t2, 2f
        sb      t0, 0(t1)
        addi    t1, t1, 1
        j       1b
2:      li      a0, SYS_OPEN
        li      a1, S_NAME
        li      a2, 1
        int     32
        bltz    a0, sh_no_file
        mv      s1, a0
        mv      a0, s0
        call    length_of
        add     t0, s0, a0
        li      t1, '\n'
        sb      t1, 0(t0)
        addi    a3, a0, 1
        li      a0, SYS_WRITE
        mv      a1, s1
        mv      a2, s0
        int     32
        mv      s2, a0
        li      a0, SYS_CLOSE
        mv      a1, s1
        int     32
        bgez    s2, prompt
        la      a0, sh_text_not_written
        call    puts
        j       prompt

; rm FILE
sh_rm:
        li      a0, SYS_DELETE
        mv      a1, s0
        int     32
        bltz    a0, sh_no_file
        j       prompt

; ps: who is there
sh_ps:
        la      a0, sh_text_ps
        call    puts
        li      s0, 0
1:      li      a0, SYS_PROCESS
        mv      a1, s0
        li      a2, S_FACTS
        int     32
        bltz    a0, prompt
        beqz    a0, 2f
        li      s1, S_FACTS
        lw      a0, 20(s1)
        call    puts
        la      a0, sh_text_number
        lw      a1, 0(s1)
        la      a2, sh_text_priority
        call    put_line
        lw      a0, 8(s1)
        call    put_number
        la      t0, sh_states
        lw      t1, 4(s1)
        slli    t1, t1, 2
        add     t0, t0, t1
        lw      a0, 0(t0)
        call    puts
        la      a0, sh_text_frames
        lw      a1, 16(s1)
        la      a2, sh_text_end
        call    put_line
2:      addi    s0, s0, 1
        j       1b

; kill NUMBER
sh_kill:
        mv      a0, s0
        call    number_at
        mv      a1, a0
        li      a0, SYS_KILL
        int     32
        bgez    a0, prompt
        la      a0, sh_text_nobody
        call    puts
        j       prompt

; disks: how the array is
sh_disks:
        li      s0, 0
1:      la      a0, sh_text_disk
        mv      a1, s0
        la      a2, sh_text_colon
        call    put_line
        li      a0, SYS_ARRAY
        mv      a1, s0
        int     32
        mv      a1, a0
        la      a0, sh_text_failed
        beqz    a1, 2f
        la      a0, sh_text_right
        li      t0, STRIPES
        beq     a1, t0, 2f
        la      a0, sh_text_rebuilding
2:      call    puts
        addi    s0, s0, 1
        li      t0, DISKS
        bltu    s0, t0, 1b
        j       prompt

; rebuild DISK
sh_rebuild:
        mv      a0, s0
        call    number_at
        mv      a1, a0
        mv      s0, a0
        li      a0, SYS_REBUILD
        int     32
        la      t0, sh_text_not_rebuilt
        bltz    a0, 1f
        la      t0, sh_text_rebuilt
1:      mv      a2, t0
        la      a0, sh_text_disk
        mv      a1, s0
        call    put_line
        j       prompt

; mem: what is left
sh_mem:
        li      a0, SYS_MEMORY
        int     32
        call    put_number
        la      a0, sh_text_free
        call    puts
        j       prompt

; wait: until all programs that run by themselves have ended
sh_wait:
        li      a0, SYS_WAIT
        li      a1, 0
        li      a2, 0
        int     32
        li      t0, -1
        beq     a1, zero, prompt        ; nobody is left
        j       sh_wait

sh_off:
        la      a0, sh_text_bye
        call    puts
        li      a0, SYS_OFF
        int     32

name_shell:         .asciz "shell"
sh_hello:           .asciz "type help for the commands\n"
sh_prompt:          .asciz "$ "
sh_word_help:       .asciz "help"
sh_word_ls:         .asciz "ls"
sh_word_cat:        .asciz "cat"
sh_word_write:      .asciz "write"
sh_word_rm:         .asciz "rm"
sh_word_ps:         .asciz "ps"
sh_word_kill:       .asciz "kill"
sh_word_disks:      .asciz "disks"
sh_word_rebuild:    .asciz "rebuild"
sh_word_mem:        .asciz "mem"
sh_word_wait:       .asciz "wait"
sh_word_off:        .asciz "off"
sh_text_help:
        .ascii  "ls [VOLUME]        files of volume 0 to 9\n"
        .ascii  "cat FILE           what is in it; 3:notes is on volume 3\n"
        .ascii  "write FILE TEXT    puts a line into a file\n"
        .ascii  "rm FILE            deletes it\n"
        .ascii  "ps                 the processes\n"
        .ascii  "kill NUMBER        ends one\n"
        .ascii  "disks              how the three disks are\n"
        .ascii  "rebuild DISK       fills a new disk from the other two\n"
        .ascii  "mem                frames that are free\n"
        .ascii  "wait               until all programs have ended\n"
        .ascii  "off                switches the machine off\n"
        .ascii  "primes N           how many primes are below N\n"
        .ascii  "pages N            touches N pages of memory\n"
        .ascii  "share N            two processes count to N together\n"
        .ascii  "fill VOLUME KB     writes a file; check VOLUME KB reads it\n"
        .ascii  "ping ADDRESS N     N frames to another machine, and back\n"
        .ascii  "echo               sends back every frame\n"
        .ascii  "spin, hog, fork    bad neighbours; crash: a bad program\n"
        .ascii  "fillshared         spoils what processes share\n"
        .ascii  "filldisk           fills every volume\n"
        .asciz  "with & at its end, a program runs by itself\n"
sh_text_unknown:    .asciz "no such command or program; try help\n"
sh_text_space:      .asciz ": "
sh_text_bytes:      .asciz " bytes\n"
sh_text_volume:     .asciz "can't be read: volumes are 0 to 9, and two disks are needed\n"
sh_text_no_file:    .asciz "no such file, or no room for one\n"
sh_text_not_written: .asciz "not written: the volume is full, or two disks are missing\n"
sh_text_ps:         .asciz "name number priority state frames\n"
sh_text_number:     .asciz " "
sh_text_priority:   .asciz " "
sh_text_frames:     .asciz " "
sh_text_end:        .asciz "\n"
sh_state_free:      .asciz " free"
sh_state_ready:     .asciz " ready"
sh_state_sleeping:  .asciz " sleeping"
sh_state_zombie:    .asciz " ended"
sh_text_nobody:     .asciz "no such process\n"
sh_text_disk:       .asciz "disk "
sh_text_colon:      .asciz ": "
sh_text_failed:     .asciz "missing, new or out of date\n"
sh_text_right:      .asciz "right\n"
sh_text_rebuilding: .asciz "is being rebuilt\n"
sh_text_rebuilt:    .asciz " is rebuilt\n"
sh_text_not_rebuilt: .asciz " can't be rebuilt: it is right, or two are missing\n"
sh_text_free:       .asciz " frames are free\n"
sh_text_bye:        .asciz "shallot: off\n"
        .align  4
sh_states:          .word sh_state_free, sh_state_ready, sh_state_sleeping, sh_state_zombie
