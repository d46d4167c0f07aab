import OnionISA

/// A piece of an image that doesn't fit into memory.
public struct ImageDoesNotFit: Error, Hashable, Sendable {
  public var address: UInt32
  public var count: Int
  public var memorySize: UInt32
}

extension Machine {
  /// Puts an image into memory and sets `pc` to its entry. Nothing is written if a piece doesn't fit.
  ///
  /// - Parameter offset: what is added to each address: where a guest's memory begins.
  public func load(_ image: Image, at offset: UInt32 = 0, size: UInt32? = nil)
    throws(ImageDoesNotFit)
  {
    let room = size ?? memory.size
    for piece in image.pieces where UInt64(piece.address) + UInt64(piece.bytes.count) > UInt64(room)
    {
      throw ImageDoesNotFit(
        address: piece.address, count: piece.bytes.count, memorySize: room)
    }
    for piece in image.pieces {
      for (index, byte) in piece.bytes.enumerated() {
        writeByte(byte, at: MachineAddress(offset &+ piece.address &+ UInt32(index)))
      }
    }
    pc = VirtualAddress(image.entry)
  }
}
