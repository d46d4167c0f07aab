import OnionISA

/// Memory as a device reaches it, past the CPU and its page tables.
public protocol DirectMemory {
  /// The bytes at a physical address; nil if some of them are outside memory.
  func directRead(_ address: UInt32, count: Int) -> [UInt8]?
  /// Writes bytes; false, and nothing is written, if some would be outside memory.
  ///
  /// - Parameter device: whose transfer it is; nil: nobody's, memory is filled from outside.
  func directWrite(_ bytes: [UInt8], at address: UInt32, by device: TransferDevice?) -> Bool
}

/// A device that stores to memory by itself.
public enum TransferDevice: Hashable, Sendable {
  /// The disk of that number.
  case disk(UInt32)
  case network
}

/// A stretch of the machine's memory that a device stored to.
public struct MemoryTransfer: Hashable, Sendable {
  public var device: TransferDevice
  /// Machine addresses.
  public var bytes: Range<UInt64>

  init(device: TransferDevice, start: UInt32, count: Int) {
    self.device = device
    bytes = UInt64(start)..<UInt64(start) + UInt64(count)
  }
}

/// Something that a device has done by itself.
public enum DeviceEvent: Hashable, Sendable {
  /// A disk command has completed; `failed`: nothing was moved.
  case disk(DiskController.Command, failed: Bool)
  /// A frame is out, or nothing was sent.
  case sent(length: Int, failed: Bool)
  /// A frame was moved into memory, or the buffer was no place for it.
  case received(length: Int, at: UInt32, failed: Bool)
}

/// The sectors that a controller reaches of each disk.
public struct DiskSlice: Hashable, Sendable {
  public var first: UInt32
  public var count: UInt32

  public init(first: UInt32, count: UInt32) {
    self.first = first
    self.count = count
  }

  static let whole = DiskSlice(first: 0, count: .max)
}

extension Devices {
  /// The cycle at which the next device has something to do by itself; `UInt64.max` if none has.
  @inlinable public var nextEvent: UInt64 { min(timer.nextTick, nextTransfer) }

  /// When the next transfer between a device and memory completes.
  @inlinable public var nextTransfer: UInt64 { min(disk.due, network.next) }

  /// Completes the transfers that are due, with the disks given.
  ///
  /// - Parameters:
  ///   - cycle: now.
  ///   - disks: what the disks hold; nil: one that was pulled.
  ///   - slice: what of each of them is the controller's.
  /// - Returns: what was done, in its order.
  public mutating func completeTransfers(
    at cycle: UInt64, disks: inout [DiskContents?], slice: DiskSlice?, memory: some DirectMemory
  ) -> [DeviceEvent] {
    var events: [DeviceEvent] = []
    if cycle >= disk.due, let command = disk.command {
      let isDone = carryOut(command, &disks, slice ?? .whole, memory)
      disk.command = nil
      disk.due = .max
      disk.state = isDone ? .ready : .failed
      disk.isInterruptPending = true
      events.append(.disk(command, failed: !isDone))
    }
    if cycle >= network.due, let (address, length) = network.sending {
      let frame =
        NetworkCard.frameSizes.contains(length) && address % 4 == 0
        ? memory.directRead(address, count: Int(length)) : nil
      network.sending = nil
      network.due = .max
      network.state = frame == nil ? .failed : .ready
      network.isInterruptPending = true
      if let frame { network.sent.append(frame) }
      events.append(.sent(length: Int(length), failed: frame == nil))
    }
    if let address = network.receiving, let first = network.waiting.first, cycle >= first.cycle {
      network.waiting.removeFirst()
      network.receiving = nil
      let isMoved = address % 4 == 0 && memory.directWrite(first.frame, at: address, by: .network)
      if isMoved {
        network.length = UInt32(first.frame.count)
        network.received += 1
      } else if network.state != .busy {
        network.state = .failed
      }
      network.isInterruptPending = true
      events.append(.received(length: first.frame.count, at: address, failed: !isMoved))
    }
    return events
  }

  private func carryOut(
    _ command: DiskController.Command, _ disks: inout [DiskContents?], _ slice: DiskSlice,
    _ memory: some DirectMemory
  ) -> Bool {
    guard command.address % 4 == 0, command.disk < UInt32(disks.count),
      disks[Int(command.disk)] != nil, command.sector < slice.count,
      case (let sector, let overflow) = command.sector.addingReportingOverflow(slice.first),
      !overflow
    else { return false }
    if command.isWrite {
      guard let bytes = memory.directRead(command.address, count: DiskContents.sectorSize) else {
        return false
      }
      return disks[Int(command.disk)]?.write(bytes, to: sector) ?? false
    }
    guard let bytes = disks[Int(command.disk)]?[sector] else { return false }
    return memory.directWrite(bytes, at: command.address, by: .disk(command.disk))
  }
}

extension Machine: DirectMemory {
  public func directRead(_ address: UInt32, count: Int) -> [UInt8]? {
    guard memory.contains(address, count: UInt32(clamping: count)) else { return nil }
    return memory.bytes(at: MachineAddress(address), count: UInt32(clamping: count))
  }

  public func directWrite(
    _ bytes: [UInt8], at address: UInt32, by device: TransferDevice?
  ) -> Bool {
    guard memory.contains(address, count: UInt32(clamping: bytes.count)) else { return false }
    if let device { note(MemoryTransfer(device: device, start: address, count: bytes.count)) }
    transferringDevice = device
    defer { transferringDevice = nil }
    var place = address
    var rest = bytes[...]
    while !rest.isEmpty {
      if place % 4 == 0, rest.count >= 4 {
        let word = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        write(word, at: MachineAddress(place))
        rest = rest.dropFirst(4)
        place += 4
      } else {
        if hooks.pointee.hasWatches, let byte = rest.first {
          noteAccess(nil, place, 1, stored: UInt32(byte))
        }
        writeByte(rest.removeFirst(), at: MachineAddress(place))
        place += 1
      }
    }
    return true
  }

  /// Lets the devices do what is due now.
  func completeTransfers() -> [DeviceEvent] {
    var disks = devicesPointer.pointee.disks
    devicesPointer.pointee.disks = []
    defer { devicesPointer.pointee.disks = disks }
    return devicesPointer.pointee.completeTransfers(
      at: cpu.pointee.cycles, disks: &disks, slice: nil, memory: self)
  }
}
