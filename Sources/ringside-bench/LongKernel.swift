/// `kernel.s` with more to do: its program B begins its search anew for ever, and counts its rounds.
///
/// The rest is as it is: program A asks for the CPU again and again, the timer takes it from B, the
/// kernel switches between them.
enum LongKernel {
  /// In that round, about half-way through 10^8 instructions of the guest, B writes to `once`.
  static let middleRound = 279

  static func source(from kernel: String) throws -> String {
    let loop = "        blt     s0, a3, 1b\n"
    let board = "turn:   .word   0 "
    guard kernel.contains(loop), kernel.contains(board) else {
      throw BenchFailure(description: "kernel.s is not what it was: LongKernel doesn't fit it")
    }
    return kernel.replacing(
      loop,
      with: loop + """
                la      t0, rounds
                lw      t1, 0(t0)
                addi    t1, t1, 1
                sw      t1, 0(t0)
                li      s0, 1
                li      t2, \(middleRound)
                bne     t1, t2, 1b
                la      t0, once
                sw      t1, 0(t0)
                j       1b

        """
    ).replacing(
      ".space  0x1000 - 4\n",
      with: "rounds: .word   0\nonce:   .word   0\n        .space  0x1000 - 12\n")
  }
}
