/// Physical memory, little-endian, and the loads and stores that go there through the MMU.
extension ReferenceMachine {
  /// The word at a physical address inside memory.
  public func readWord(physical address: UInt32) -> UInt32 { read(address, bytes: 4) }

  /// The word that the fetch TLB, or a machine without paging, would execute next. Changes nothing.
  public var wordAtPC: UInt32? {
    var address = pc & ~3
    if mode & 1 != 0 {
      guard let entry = fetchTLB[Int(pc >> 12 % 64)], entry.page == pc >> 12 else { return nil }
      address = entry.frame << 12 | address & 0xFFF
    }
    return Int(address) < memory.count ? readWord(physical: address) : nil
  }

  /// Changes the word at a physical address inside memory.
  public func writeWord(physical address: UInt32, _ value: UInt32) {
    write(address, value, bytes: 4)
  }

  /// A load of 1, 2 or 4 bytes by `ring`: alignment first, then translation.
  func load(_ address: UInt32, bytes: UInt32, ring: UInt32) throws(Trap) -> UInt32 {
    if address % bytes != 0 { throw Trap(vector: 6, error: address) }
    let place = try translate(address, .load, ring: ring)
    return read(place.address, bytes: bytes)
  }

  /// The checks of a store by `ring`. The answer is the physical address to write to.
  func placeOfStore(_ address: UInt32, bytes: UInt32, ring: UInt32) throws(Trap) -> UInt32 {
    if address % bytes != 0 { throw Trap(vector: 6, error: address) }
    return try translate(address, .store, ring: ring).address
  }

  func read(_ address: UInt32, bytes: UInt32) -> UInt32 {
    var value: UInt32 = 0
    for i in 0..<bytes {
      value |= UInt32(memory[Int(address + i)]) << (8 * i)
    }
    return value
  }

  func write(_ address: UInt32, _ value: UInt32, bytes: UInt32) {
    for i in 0..<bytes {
      memory[Int(address + i)] = UInt8(truncatingIfNeeded: value >> (8 * i))
      written.append(address + i)
    }
  }
}
