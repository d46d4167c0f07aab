import Onion
import OnionISA

/// Moves bytes in and out of a guest's memory by its map, frame by frame: neighbours to the guest need not be
/// neighbours in the machine.
struct GuestTransfers {
  private let machine: Machine
  private let memory: MemoryMap

  init(_ machine: Machine, _ memory: MemoryMap) {
    (self.machine, self.memory) = (machine, memory)
  }

  /// Bytes of the guest's memory; nil if some would be outside.
  func read(_ address: UInt32, count: Int) -> [UInt8]? {
    guard let spans = spans(address, count) else { return nil }
    var bytes: [UInt8] = []
    for span in spans {
      guard let part = machine.directRead(span.place, count: span.count) else { return nil }
      bytes += part
    }
    return bytes
  }

  /// Writes bytes; false, and nothing is written, if some would be outside the guest's memory.
  func write(_ bytes: [UInt8], at address: UInt32, by device: TransferDevice?) -> Bool {
    guard let spans = spans(address, bytes.count) else { return false }
    var rest = bytes[...]
    for span in spans {
      guard machine.directWrite(Array(rest.prefix(span.count)), at: span.place, by: device) else {
        return false
      }
      rest = rest.dropFirst(span.count)
    }
    return true
  }

  /// A stretch of the machine's memory.
  private struct Span {
    var place: UInt32
    var count: Int
  }

  /// Where bytes lie; nil if some are outside the guest's memory.
  private func spans(_ address: UInt32, _ count: Int) -> [Span]? {
    guard UInt64(address) + UInt64(count) <= UInt64(memory.count) << 12 else { return nil }
    var spans: [Span] = []
    var (at, left) = (address, count)
    while left > 0 {
      let place = GuestPhysicalAddress(at)
      guard let frame = memory[place.frame] else { return nil }
      let part = min(left, 4096 - Int(place.offset))
      spans.append(Span(place: frame.start.rawValue + place.offset, count: part))
      at &+= UInt32(part)
      left -= part
    }
    return spans
  }
}
