import OnionISA

/// Where in the host's memory a guest's page lies, for accesses that need no further question.
struct HostEntry {
  /// What no masked address is, whatever the access.
  static let noTag: UInt32 = 4

  /// The page's address if it may be read; else `noTag`.
  var readTag = noTag
  /// The same for stores.
  var writeTag = noTag
  /// What is to be added to an address.
  var addend = 0
}

/// The last page of which something is watched, as an entry for accesses beside what is watched.
struct WatchedPage {
  var entry = HostEntry()
  var ring = Ring.ring0
}

/// The operations of a page of code.
struct HostCode {
  /// The page's address if the ring may run it; else `noTag`.
  var tag = HostEntry.noTag
  var operations: UnsafeMutablePointer<Operation>?
}

/// Translations as the hot path wants them: for each ring a bank of 64 entries for data and one for code.
///
/// Permission was decided when an entry was filled, so that one comparison checks presence, ring, right
/// and alignment: `tag == address & 0xFFFF_F003` for a word.
///
/// Invariants: with paging on, an entry stands only while the architectural TLB's entry of the same index
/// allows the same; with paging off entries are the memory itself, and `mode` can't change without all
/// being dropped. A write tag stands only where a store needs nothing but the bytes to be changed: the
/// page is dirty, its frame is touched and has no decoded code. A page of which something is watched has no
/// entry in the banks; for the last of them the same holds of `watched`. `data` and `code` have 4 × 64
/// initialised entries, `watched` has one, and all live as long as the machine that owns them.
struct HostTLB {
  static let count = TLB.count
  let data: UnsafeMutablePointer<HostEntry>
  let code: UnsafeMutablePointer<HostCode>
  let watched: UnsafeMutablePointer<WatchedPage>

  init() {
    data = .allocate(capacity: 4 * Self.count)
    data.initialize(repeating: HostEntry(), count: 4 * Self.count)
    code = .allocate(capacity: 4 * Self.count)
    code.initialize(repeating: HostCode(), count: 4 * Self.count)
    watched = .allocate(capacity: 1)
    watched.initialize(to: WatchedPage())
  }

  func deallocate() {
    data.deallocate()
    code.deallocate()
    watched.deallocate()
  }

  @inline(__always) static func index(_ address: UInt32) -> Int { Int(address >> 12 & 63) }

  @inline(__always) func data(of ring: Ring) -> UnsafeMutablePointer<HostEntry> {
    data + Int(ring.rawValue) * Self.count
  }

  @inline(__always) func code(of ring: Ring) -> UnsafeMutablePointer<HostCode> {
    code + Int(ring.rawValue) * Self.count
  }

  func dropAll() {
    data.update(repeating: HostEntry(), count: 4 * Self.count)
    code.update(repeating: HostCode(), count: 4 * Self.count)
    watched.pointee.entry = HostEntry()
  }

  /// The architectural data TLB's entry of that address was replaced.
  func dropData(_ address: UInt32) {
    for ring in 0..<4 { data[ring * Self.count + Self.index(address)] = HostEntry() }
    watched.pointee.entry = HostEntry()
  }

  /// The architectural fetch TLB's entry of that address was replaced.
  func dropCode(_ address: UInt32) {
    for ring in 0..<4 { code[ring * Self.count + Self.index(address)] = HostCode() }
  }

  /// Stores have to ask again: a snapshot was taken, or a frame has decoded code now.
  func dropWrites() {
    for index in 0..<4 * Self.count { data[index].writeTag = HostEntry.noTag }
    watched.pointee.entry.writeTag = HostEntry.noTag
  }
}

/// The bank of the ring that runs, as loads and stores use it. Nil or false: the access has to be looked at.
struct DataBank {
  let entries: UnsafeMutablePointer<HostEntry>

  @inline(__always) private func entry(_ address: UInt32) -> UnsafeMutablePointer<HostEntry> {
    entries + HostTLB.index(address)
  }

  @inline(__always) func load<Value: FixedWidthInteger>(
    _ address: UInt32, as type: Value.Type
  ) -> Value? {
    let entry = entry(address)
    let mask = 0xFFFF_F000 | UInt32(MemoryLayout<Value>.size - 1)
    guard entry.pointee.readTag == address & mask,
      let place = UnsafePointer<Value>(bitPattern: entry.pointee.addend &+ Int(address))
    else { return nil }
    return Value(littleEndian: place.pointee)
  }

  /// Where an aligned word that may be written lies in the host's memory.
  @inline(__always) func place(ofWord address: UInt32) -> UnsafeMutablePointer<UInt32>? {
    let entry = entry(address)
    guard entry.pointee.writeTag == address & 0xFFFF_F003 else { return nil }
    return UnsafeMutablePointer(bitPattern: entry.pointee.addend &+ Int(address))
  }

  @inline(__always) func store<Value: FixedWidthInteger>(_ value: Value, _ address: UInt32) -> Bool
  {
    let entry = entry(address)
    let mask = 0xFFFF_F000 | UInt32(MemoryLayout<Value>.size - 1)
    guard entry.pointee.writeTag == address & mask,
      let place = UnsafeMutablePointer<Value>(bitPattern: entry.pointee.addend &+ Int(address))
    else { return false }
    place.pointee = value.littleEndian
    return true
  }
}
