/// Section 7: console, timer, disk, network and power.
extension ReferenceMachine {
  /// The lowest pending interrupt's vector.
  var pendingInterrupt: UInt32? {
    if timerPending { return 16 }
    if consoleControl & 1 != 0 && !consoleInput.isEmpty { return 17 }
    if diskPending { return 18 }
    if networkPending { return 19 }
    return nil
  }

  /// What is due is noticed before the first beat that begins at or after it.
  func noticeTicks() {
    while timerInterval != 0 && cycles >= nextTick {
      // One division instead of one round per tick: short intervals tick often.
      let count = (cycles - nextTick) / UInt64(timerInterval) + 1
      ticks &+= count
      timerPending = true
      nextTick += count * UInt64(timerInterval)
    }
    if diskStatus == 1 && cycles >= diskDone { completeDisk() }
    if networkStatus == 1 && cycles >= networkDone { completeSend() }
  }

  /// The cycle of the next thing that a device does by itself; nil if there is none.
  var nextEvent: UInt64? {
    var next: UInt64?
    if timerInterval != 0 { next = nextTick }
    if diskStatus == 1 { next = min(next ?? .max, diskDone) }
    if networkStatus == 1 { next = min(next ?? .max, networkDone) }
    return next
  }

  private func completeDisk() {
    diskStatus = 2
    diskPending = true
    let (sector, address, disk) = (diskLatched.sector, diskLatched.address, diskLatched.disk)
    guard address % 4 == 0, Int(address) + 512 <= memory.count, disk < 3, sector < 2048 else {
      return
    }
    for i in 0..<512 {
      let place = Int(sector) * 512 + i
      if diskLatched.isWrite {
        disks[Int(disk)][place] = memory[Int(address) + i]
      } else {
        write(address + UInt32(i), UInt32(disks[Int(disk)][place] ?? 0), bytes: 1)
      }
    }
    diskStatus = 0
  }

  private func completeSend() {
    networkStatus = 2
    networkPending = true
    let (address, length) = networkLatched
    guard length >= 14, length <= 1514, address % 4 == 0,
      UInt64(address) + UInt64(length) <= UInt64(memory.count)
    else { return }
    sentFrames.append(Array(memory[Int(address)..<Int(address) + Int(length)]))
    networkStatus = 0
  }

  func readPort(_ port: UInt32) -> UInt32 {
    switch port {
    case 0x10: consoleInput.isEmpty ? 0xFFFF_FFFF : UInt32(consoleInput.removeFirst())
    case 0x11: consoleControl
    case 0x20: timerInterval
    case 0x21: UInt32(truncatingIfNeeded: ticks)
    case 0x33: diskStatus
    case 0x40: 1
    case 0x42: networkLength
    case 0x44: networkStatus
    default: 0xFFFF_FFFF
    }
  }

  func writePort(_ port: UInt32, _ value: UInt32) {
    // The end of this `out`, whose 10 cycles are not yet counted.
    let end = cycles + 10
    switch port {
    case 0x10: consoleOutput.append(UInt8(truncatingIfNeeded: value))
    case 0x11: consoleControl = value
    case 0x20:
      timerInterval = value
      if value != 0 { nextTick = end + UInt64(value) }
    case 0x21: timerPending = false
    case 0x30: diskSector = value
    case 0x31: diskAddress = value
    case 0x32:
      if diskStatus != 1, value == 1 || value == 2 {
        diskLatched = (value == 2, diskSelect, diskSector, diskAddress)
        diskStatus = 1
        diskDone = end + 2000
      }
    case 0x33:
      if diskStatus != 1 {
        diskStatus = 0
        diskPending = false
      }
    case 0x34: diskSelect = value
    case 0x41: networkBuffer = value
    case 0x42: networkLength = value
    case 0x43:
      if value == 1, networkStatus != 1 {
        networkLatched = (networkBuffer, networkLength)
        networkStatus = 1
        networkDone = end + 500
      }
    case 0x44:
      if networkStatus != 1 {
        networkStatus = 0
        networkPending = false
      }
    case 0x50: if value == 1 { stop = .poweredOff }
    default: break
    }
  }
}
