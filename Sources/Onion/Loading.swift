import OnionISA

/// A piece of an image that doesn't fit into memory.
public struct ImageDoesNotFit: Error, Hashable, Sendable {
  public var address: UInt32
  public var count: Int
  public var memorySize: UInt32
}

extension Image {
  /// Throws if a piece doesn't fit into a memory of so many bytes.
  public func check(fits memorySize: UInt32) throws(ImageDoesNotFit) {
    for piece in pieces where UInt64(piece.address) + UInt64(piece.bytes.count) > memorySize {
      throw ImageDoesNotFit(
        address: piece.address, count: piece.bytes.count, memorySize: memorySize)
    }
  }
}

extension Machine {
  /// Puts an image into memory and sets `pc` to its entry. Nothing is written if a piece doesn't fit.
  public func load(_ image: Image) throws(ImageDoesNotFit) {
    try image.check(fits: memory.size)
    for piece in image.pieces {
      for (index, byte) in piece.bytes.enumerated() {
        writeByte(byte, at: MachineAddress(piece.address &+ UInt32(index)))
      }
    }
    pc = VirtualAddress(image.entry)
  }
}
