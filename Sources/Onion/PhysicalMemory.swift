import OnionISA

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The physical memory of a machine: bytes from address 0, little-endian, all 0 at first.
///
/// It is mapped lazily by the host, so memory that nothing touches costs nothing. Each write marks its
/// frame as touched, which is what snapshots save.
public final class PhysicalMemory {
  /// Bytes, a multiple of 4096.
  public let size: UInt32

  // The hot path's pointers. Invariants: `base` has `size` bytes, `touched` one byte per frame and 0 up
  // to a whole group of frames; both live as long as this object; every address used with them is below
  // `size`.
  let base: UnsafeMutableRawPointer
  let touched: UnsafeMutablePointer<UInt8>

  /// What each frame held at the last snapshot.
  var saved: MemorySnapshot

  /// The sizes that a machine may have: 1 MiB to 1 GiB in whole frames.
  public static let allowedSizes: ClosedRange<UInt32> = (1 << 20)...(1 << 30)

  /// Memory of that many bytes, rounded up to whole frames and brought into ``allowedSizes``; nil if
  /// the host has no such room.
  public init?(size: UInt32) {
    let wanted = min(max(size, Self.allowedSizes.lowerBound), Self.allowedSizes.upperBound)
    self.size = (wanted + 0xFFF) & ~0xFFF
    guard
      let mapping = mmap(
        nil, Int(self.size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
        -1,
        0), mapping != MAP_FAILED
    else { return nil }
    base = mapping
    let groups = (Int(self.size >> 12) + MemorySnapshot.Group.size - 1) / MemorySnapshot.Group.size
    saved = MemorySnapshot(groupCount: groups)
    let notes = UnsafeMutableRawPointer.allocate(
      byteCount: groups * MemorySnapshot.Group.size, alignment: 8)
    touched = notes.initializeMemory(
      as: UInt8.self, repeating: 0, count: groups * MemorySnapshot.Group.size)
  }

  deinit {
    munmap(base, Int(size))
    touched.deallocate()
  }

  public var frameCount: UInt32 { size >> 12 }

  /// True if the `count` bytes from `address` on lie in memory.
  public func contains(_ address: UInt32, count: UInt32 = 1) -> Bool {
    UInt64(address) + UInt64(count) <= UInt64(size)
  }

  // MARK: Looking

  /// The word at an aligned address, or nil outside memory.
  public func word(at address: MachineAddress) -> UInt32? {
    guard contains(address.rawValue & ~3, count: 4) else { return nil }
    return loadWord(address.rawValue & ~3)
  }

  public func byte(at address: MachineAddress) -> UInt8? {
    guard contains(address.rawValue) else { return nil }
    return loadByte(address.rawValue)
  }

  /// The bytes from `address` on, as many of `count` as lie in memory.
  public func bytes(at address: MachineAddress, count: UInt32) -> [UInt8] {
    guard address.rawValue < size else { return [] }
    let available = min(count, size - address.rawValue)
    return [UInt8](
      UnsafeRawBufferPointer(start: base + Int(address.rawValue), count: Int(available)))
  }

  /// These are the bytes from `address` on; false where they reach out of memory.
  public func holds(_ bytes: [UInt8], at address: MachineAddress) -> Bool {
    guard address.rawValue <= size, bytes.count <= size - address.rawValue else { return false }
    return bytes.withUnsafeBytes { expected in
      // An empty array may have no address.
      guard let start = expected.baseAddress else { return true }
      return memcmp(start, base + Int(address.rawValue), expected.count) == 0
    }
  }

  // MARK: The hot path

  @inline(__always) func loadWord(_ address: UInt32) -> UInt32 {
    UInt32(littleEndian: base.load(fromByteOffset: Int(address), as: UInt32.self))
  }

  @inline(__always) func loadHalf(_ address: UInt32) -> UInt16 {
    UInt16(littleEndian: base.load(fromByteOffset: Int(address), as: UInt16.self))
  }

  @inline(__always) func loadByte(_ address: UInt32) -> UInt8 {
    base.load(fromByteOffset: Int(address), as: UInt8.self)
  }

  @inline(__always) func storeWord(_ value: UInt32, _ address: UInt32) {
    base.storeBytes(of: value.littleEndian, toByteOffset: Int(address), as: UInt32.self)
    touched[Int(address >> 12)] = 1
  }

  @inline(__always) func storeHalf(_ value: UInt16, _ address: UInt32) {
    base.storeBytes(of: value.littleEndian, toByteOffset: Int(address), as: UInt16.self)
    touched[Int(address >> 12)] = 1
  }

  @inline(__always) func storeByte(_ value: UInt8, _ address: UInt32) {
    base.storeBytes(of: value, toByteOffset: Int(address), as: UInt8.self)
    touched[Int(address >> 12)] = 1
  }
}

extension PhysicalMemory {
  /// What 1, 2 or 4 aligned bytes hold.
  func value(at address: UInt32, size: UInt32) -> UInt32 {
    switch size {
    case 4: loadWord(address)
    case 2: UInt32(loadHalf(address))
    default: UInt32(loadByte(address))
    }
  }

  /// The frame was written since the last snapshot.
  @inline(__always) func isDirty(_ frame: Int) -> Bool { touched[frame] != 0 }

  /// Notes that the frame is about to be written.
  @inline(never) func markDirty(_ frame: Int) { touched[frame] = 1 }
}
