import OnionISA

/// An entry of a translation lookaside buffer: architectural state (the CPU manual, section 4).
public struct TLBEntry: Hashable, Sendable {
  /// The page's address with bit 0 set, so that an empty entry (0) matches no page.
  var tag: UInt32 = 0
  /// The frame's address with W, RING and D at their places in a page-table entry.
  var value: UInt32 = 0

  init() {}

  @inline(__always)
  init(page address: UInt32, frame: UInt32, ring: Ring, writable: Bool, dirty: Bool) {
    tag = address & 0xFFFF_F000 | 1
    value = frame & 0xFFFF_F000 | ring.bits << 2 | (writable ? 2 : 0) | (dirty ? 0x20 : 0)
  }

  public var isValid: Bool { tag != 0 }
  public var page: VirtualPage { VirtualAddress(tag).frame }
  public var frame: MachineFrame { MachineAddress(value).frame }
  @inline(__always) public var ring: Ring { Ring(bits: value >> 2) }
  @inline(__always) public var isWritable: Bool { value & 2 != 0 }
  @inline(__always) public var isDirty: Bool { value & 0x20 != 0 }

  @inline(__always) func matches(_ address: UInt32) -> Bool {
    tag == address & 0xFFFF_F000 | 1
  }
}

/// A TLB: 64 entries, direct mapped by the low six bits of the page number.
///
/// Invariant: `entries` has 64 initialised entries and lives as long as the machine that owns it.
struct TLB {
  static let count = 64
  let entries: UnsafeMutablePointer<TLBEntry>

  init() {
    entries = .allocate(capacity: Self.count)
    entries.initialize(repeating: TLBEntry(), count: Self.count)
  }

  func deallocate() { entries.deallocate() }

  @inline(__always) subscript(address: UInt32) -> TLBEntry {
    get { entries[Int(address >> 12 & 63)] }
    nonmutating set { entries[Int(address >> 12 & 63)] = newValue }
  }

  func empty() { entries.update(repeating: TLBEntry(), count: Self.count) }

  /// Drops the entry of the page that holds `address`.
  func drop(_ address: UInt32) {
    if self[address].matches(address) { self[address] = TLBEntry() }
  }

  var all: [TLBEntry] {
    get { [TLBEntry](UnsafeBufferPointer(start: entries, count: Self.count)) }
    nonmutating set { for index in 0..<Self.count { entries[index] = newValue[index] } }
  }
}
