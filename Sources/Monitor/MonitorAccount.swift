import OnionISA

/// Why the VMM had the CPU, once.
public enum MonitorCause: Hashable, Sendable {
  /// Its own business: the first start, its timer, its single step, typed input.
  case own
  /// A hidden page fault.
  case hiddenFault
  /// A store to a guest page table.
  case tracedWrite
  /// A trap or an interrupt delivered to the guest's kernel.
  case delivered(Vector)
  /// An instruction carried out on the virtual CPU.
  case emulated(Instruction)
}

/// What the VMM cost, by cause: one entry has one cause, the first thing that it turned out to be, and all
/// cycles from the real trap to the guest's next instruction are that cause's, less those that count as
/// the guest's own.
public struct MonitorAccount: Hashable, Sendable {
  /// How often, and what it cost.
  public struct Item: Hashable, Sendable {
    public var entries: UInt64 = 0
    /// Less than 0 where somebody made the guest's own costs higher than the VMM's.
    public var cycles: Int64 = 0
  }

  /// A cause as a place in an array, so that an entry costs one addition.
  typealias Slot = UInt16

  static let own: Slot = 0
  static let hiddenFault: Slot = 1
  static let tracedWrite: Slot = 2
  static func delivered(_ vector: Vector) -> Slot { 3 + Slot(vector.rawValue) }
  static func emulated(_ instruction: Instruction) -> Slot {
    3 + Slot(Gate.count) + Slot(instruction.rawValue)
  }

  private var items = [Item](repeating: Item(), count: 3 + Gate.count + 256)

  /// Closes an entry.
  mutating func close(_ slot: Slot, cycles: UInt64) {
    items[Int(slot)].entries += 1
    items[Int(slot)].cycles &+= Int64(truncatingIfNeeded: cycles)
  }

  /// What there is of each cause that came up, in the order of ``MonitorCause``'s cases.
  public var all: [(cause: MonitorCause, item: Item)] {
    items.enumerated().compactMap { slot, item in
      guard item.entries > 0 else { return nil }
      return Self.cause(of: slot).map { ($0, item) }
    }
  }

  static func cause(of slot: Int) -> MonitorCause? {
    switch slot {
    case 0: .own
    case 1: .hiddenFault
    case 2: .tracedWrite
    case 3..<3 + Gate.count: .delivered(Vector(rawValue: UInt8(slot - 3)))
    default: Instruction(rawValue: UInt8(slot - 3 - Gate.count)).map { .emulated($0) }
    }
  }
}
