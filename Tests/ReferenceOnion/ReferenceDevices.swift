/// Section 7: console, timer and power. Disk and network ports are unassigned here.
extension ReferenceMachine {
  /// The lowest pending interrupt's vector.
  var pendingInterrupt: UInt32? {
    if timerPending { return 16 }
    if consoleControl & 1 != 0 && !consoleInput.isEmpty { return 17 }
    return nil
  }

  /// A tick is noticed before the first beat that begins at or after it.
  func noticeTicks() {
    while timerInterval != 0 && cycles >= nextTick {
      // One division instead of one round per tick: short intervals tick often.
      let count = (cycles - nextTick) / UInt64(timerInterval) + 1
      ticks &+= count
      timerPending = true
      nextTick += count * UInt64(timerInterval)
    }
  }

  func readPort(_ port: UInt32) -> UInt32 {
    switch port {
    case 0x10: consoleInput.isEmpty ? 0xFFFF_FFFF : UInt32(consoleInput.removeFirst())
    case 0x11: consoleControl
    case 0x20: timerInterval
    case 0x21: UInt32(truncatingIfNeeded: ticks)
    default: 0xFFFF_FFFF
    }
  }

  func writePort(_ port: UInt32, _ value: UInt32) {
    switch port {
    case 0x10: consoleOutput.append(UInt8(truncatingIfNeeded: value))
    case 0x11: consoleControl = value
    case 0x20:
      timerInterval = value
      // The period begins at the end of this `out`, whose 10 cycles are not yet counted.
      if value != 0 { nextTick = cycles + 10 + UInt64(value) }
    case 0x21: timerPending = false
    case 0x50: if value == 1 { stop = .poweredOff }
    default: break
    }
  }
}
