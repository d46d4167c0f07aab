/// The network card (the CPU manual, section 7): sends a frame at a time, and receives one into a buffer that
/// was handed over.
public struct NetworkCard: Hashable, Sendable {
  /// Bytes that a frame may have; the first two are the addresses of destination and source.
  public static let frameSizes: ClosedRange<UInt32> = 14...1514
  /// The address that means everyone.
  public static let everyone: UInt8 = 255
  /// Frames that wait for a buffer; more are dropped.
  public static let queueLimit = 16

  /// 1 to 254; read at port 0x40.
  public var ownAddress: UInt8 = 1
  /// What was written to ports 0x41 and 0x42; an arrival puts the frame's length into the second.
  public var buffer: UInt32 = 0
  public var length: UInt32 = 0
  public var state = DiskController.State.ready
  /// When the frame that is being sent is out; `UInt64.max` without one.
  public internal(set) var due = UInt64.max
  /// Where the frame that is being sent lies, and its length.
  public internal(set) var sending: (address: UInt32, length: UInt32)?
  /// The buffer that was handed over to receive into.
  public internal(set) var receiving: UInt32?
  /// Frames that have come and wait for a buffer, and when each may be moved.
  public internal(set) var waiting: [Arrival] = []
  /// Frames that found no place to wait.
  public internal(set) var dropped: UInt64 = 0
  /// The frames sent since reset.
  public internal(set) var sent = SentFrames()
  /// How many were received since reset.
  public internal(set) var received: UInt64 = 0
  public var isInterruptPending = false

  public struct Arrival: Hashable, Sendable {
    public var frame: [UInt8]
    public var cycle: UInt64
  }

  /// When something happens next.
  @inlinable public var next: UInt64 {
    guard receiving != nil, let first = waiting.first else { return due }
    return min(due, first.cycle)
  }

  /// What a write to the command port does.
  ///
  /// - Parameter end: when a frame that is sent is out.
  mutating func begin(_ value: UInt32, until end: UInt64) {
    switch value {
    case 1 where state != .busy:
      sending = (buffer, length)
      state = .busy
      due = end
    case 2: receiving = buffer
    default: break
    }
  }

  mutating func acknowledge() {
    guard state != .busy else { return }
    state = .ready
    isInterruptPending = false
  }

  /// A frame comes over the wire.
  public mutating func arrive(_ frame: [UInt8], at cycle: UInt64) {
    guard Self.frameSizes.contains(UInt32(frame.count)), waiting.count < Self.queueLimit else {
      dropped += 1
      return
    }
    waiting.append(Arrival(frame: frame, cycle: cycle))
  }

  public static func == (left: NetworkCard, right: NetworkCard) -> Bool {
    left.ownAddress == right.ownAddress && left.buffer == right.buffer
      && left.length == right.length && left.state == right.state && left.due == right.due
      && left.sending?.address == right.sending?.address
      && left.sending?.length == right.sending?.length && left.receiving == right.receiving
      && left.waiting == right.waiting && left.dropped == right.dropped && left.sent == right.sent
      && left.received == right.received && left.isInterruptPending == right.isInterruptPending
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(due)
    hasher.combine(sent.count)
  }
}
