/// The programs that are run for their speed: each loops for ever.
enum BenchPrograms {
  /// Arithmetic and one branch taken in every round of eight.
  static let loop = """
            .entry  start
    start:  li      t1, 12345
    1:      addi    t0, t0, 1
            add     t2, t0, t1
            xor     t1, t1, t2
            slli    t2, t1, 3
            sub     t1, t1, t2
            srli    t2, t1, 5
            and     t2, t2, t0
            bne     t0, zero, 1b
            j       start
    """

  /// Loads and stores on four pages, with paging on.
  static let memory =
    pagingOn + """
              la      s0, data
              li      s1, 0x3000
      1:      li      t2, 0
      2:      add     t1, s0, t2
              lw      t0, 0(t1)
              addi    t0, t0, 1
              sw      t0, 0(t1)
              lb      a0, 4(t1)
              sh      a0, 8(t1)
              addi    t2, t2, 252
              bltu    t2, s1, 2b
              j       1b

      """ + tables + "data:   .space  0x4000\n"

  /// Calls, with their registers kept on a stack, with paging on.
  static let calls =
    pagingOn + """
              la      sp, stack
      1:      li      a0, 20
              call    sum
              j       1b
      sum:    push    ra
              push    a0
              addi    a0, a0, -1
              beqz    a0, 2f
              call    sum
      2:      pop     t0
              add     a0, a0, t0
              pop     ra
              ret

      """ + tables + "        .space  0x1000\nstack:\n"

  /// The twentieth Fibonacci number by two calls each time, again and again.
  static let fibonacci = """
            .entry  start
    start:  la      sp, stack
    1:      li      a0, 20
            call    fib
            j       1b
    fib:    slti    t0, a0, 2
            bnez    t0, 2f
            push    ra
            push    a0
            addi    a0, a0, -1
            call    fib
            pop     t0
            push    a0
            addi    a0, t0, -2
            call    fib
            pop     t0
            add     a0, a0, t0
            pop     ra
    2:      ret
            .align  0x1000
            .space  0x1000
    stack:
    """

  /// A software trap and its return, in ring 0.
  static let trap = """
            .entry  start
    start:  la      t0, gates
            setcr   tvec, t0
            la      sp, stack
    1:      int     32
            j       1b
    handler:
            iret
            .align  8
    gates:  .space  32 * 8
            .word   handler, 1
            .space  0x1000
    stack:
    """

  /// Privileged instructions: on the bare machine two cycles, under the VMM two traps.
  static let privileged = """
            .entry  start
    start:  cli
            sti
            j       start
    """

  /// Maps the first 4 MiB to itself, writable, with the code 00.
  private static let pagingOn = """
            .entry  start
    start:  la      t0, table
            li      t1, 3
            li      t2, 0x400000
            li      s0, 0x1000
    1:      sw      t1, 0(t0)
            addi    t0, t0, 4
            add     t1, t1, s0
            bltu    t1, t2, 1b
            la      t0, directory
            setcr   ptbr, t0
            li      t0, 1
            setcr   mode, t0

    """

  private static let tables = """
            .align  0x1000
    directory:
            .word   table + 1
            .align  0x1000
    table:  .space  0x1000

    """
}
