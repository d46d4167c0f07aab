import Onion
import OnionISA

/// The VMM's map of one guest's memory: which machine frame stands behind each frame of the guest's.
///
/// No machine frame is in two guests' maps. A frame that a guest gave up (a balloon took it) has none, and is
/// to the guest as memory that isn't there.
public struct MemoryMap: Hashable, Sendable {
  private static let none = UInt32.max
  /// By guest frame number.
  private var frames: [UInt32]
  /// Frames that the guest gave up.
  public private(set) var givenUp = 0

  init(_ frames: [UInt32]) {
    self.frames = frames
  }

  /// Frames that the guest was made with.
  public var count: UInt32 { UInt32(frames.count) }

  /// The machine frame behind a guest's; nil outside its memory, and for one that it gave up.
  public subscript(frame: GuestFrame) -> MachineFrame? {
    guard frame.number < count else { return nil }
    let number = frames[Int(frame.number)]
    return number == Self.none ? nil : MachineFrame(number)
  }

  /// The guest's frame that a machine frame stands behind; nil if it isn't this guest's.
  ///
  /// - Complexity: O(frames of the guest).
  public func guestFrame(of frame: MachineFrame) -> GuestFrame? {
    frames.firstIndex(of: frame.number).map { GuestFrame(UInt32($0)) }
  }

  /// The machine frames in order of the guest's, those given up left out.
  public var machineFrames: [MachineFrame] {
    frames.lazy.filter { $0 != Self.none }.map { MachineFrame($0) }
  }

  /// Takes a frame out of the map; nil if there is none.
  mutating func giveUp(_ frame: GuestFrame) -> MachineFrame? {
    guard let machine = self[frame] else { return nil }
    frames[Int(frame.number)] = Self.none
    givenUp += 1
    return machine
  }

  /// Puts a machine frame where one was given up; false if none was.
  mutating func take(_ machine: MachineFrame, at frame: GuestFrame) -> Bool {
    guard frame.number < count, self[frame] == nil else { return false }
    frames[Int(frame.number)] = machine.number
    givenUp -= 1
    return true
  }
}

/// The machine's frames that nobody has.
struct FreeFrames: Hashable, Sendable {
  /// From here on nobody ever had one.
  private var fresh: UInt32
  private let end: UInt32
  /// Those that were given back, full of zeros; the last goes first.
  private var returned: [UInt32] = []

  init(from first: UInt32, to end: UInt32) {
    fresh = min(first, end)
    self.end = end
  }

  var count: Int { Int(end - fresh) + returned.count }

  /// Neighbouring frames; nil if there are not so many.
  mutating func takeRange(_ count: UInt32) -> Range<UInt32>? {
    guard end - fresh >= count else { return nil }
    defer { fresh += count }
    return fresh..<fresh + count
  }

  /// Frames from wherever there are some, neighbours first; nil, and none is taken, if there are not so many.
  mutating func take(_ count: UInt32) -> [UInt32]? {
    guard Int(count) <= self.count else { return nil }
    let neighbours = takeRange(min(count, end - fresh)) ?? fresh..<fresh
    let rest = returned.suffix(Int(count) - neighbours.count)
    returned.removeLast(rest.count)
    return Array(neighbours) + rest.reversed()
  }

  mutating func giveBack(_ frame: MachineFrame) { returned.append(frame.number) }
}
