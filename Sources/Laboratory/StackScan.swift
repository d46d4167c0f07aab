import Onion
import OnionISA

/// What a delivery has left on a stack: error, pc, status and sp, in four words.
public struct TrapFrame: Hashable, Sendable {
  /// Where the error word lies, the first of the four.
  public var address: VirtualAddress
  public var error: UInt32
  public var pc: VirtualAddress
  public var status: Status
  public var stackPointer: VirtualAddress
  /// The trap that was taken there.
  public var trap: TrapLogEntry

  /// The interrupted code's stack is this one.
  public var isOnSameStack: Bool { stackPointer == address + 16 }
}

/// A word of a stack, or what several of them are.
public enum StackItem: Hashable, Sendable {
  case word(VirtualAddress, UInt32)
  /// A word that is where a call goes back to.
  case returnAddress(VirtualAddress, UInt32)
  case trapFrame(TrapFrame)
  /// From here on it is the stack of the code that was interrupted.
  case otherStack(VirtualAddress, Ring)
  /// The tables lead nowhere.
  case unmapped(VirtualAddress)
}

extension Session {
  /// The stack from sp on: at most so many words, and on through trap frames to the stacks of the code
  /// that was interrupted. Changes nothing.
  ///
  /// A word counts as the end of a call if a `call` stands before the place that it names, and four words
  /// as a trap frame if they can be one and a trap was taken at that pc: a program may have put such words
  /// there itself.
  public func stack(words limit: Int) -> [StackItem] {
    var items: [StackItem] = []
    var place = VirtualAddress(world.machine[.sp] & ~3)
    var ring = world.ring
    var left = limit
    while left > 0 {
      guard let word = world.word(at: place) else {
        items.append(.unmapped(place))
        break
      }
      if let frame = trapFrame(at: place, ring) {
        items.append(.trapFrame(frame))
        left -= 4
        ring = frame.status.cpl
        if frame.isOnSameStack {
          place = place + 16
        } else {
          place = VirtualAddress(frame.stackPointer.rawValue & ~3)
          items.append(.otherStack(place, ring))
          // A heading alone says nothing. There are three stacks further out at most.
          left = max(left, Self.leastOfAStack)
        }
      } else {
        items.append(isReturnAddress(word) ? .returnAddress(place, word) : .word(place, word))
        left -= 1
        place = place + 4
      }
    }
    return items
  }

  /// Words that are shown of each stack, even if that makes more than were asked for.
  private static let leastOfAStack = 2

  private func isReturnAddress(_ word: UInt32) -> Bool {
    guard word & 3 == 0, let call = world.word(at: VirtualAddress(word &- 4)) else { return false }
    return DecodedInstruction(word: call)?.isCall ?? false
  }

  private func trapFrame(at place: VirtualAddress, _ ring: Ring) -> TrapFrame? {
    let words = (0..<4).compactMap { world.word(at: place + $0 * 4) }
    guard words.count == 4, words[1] & 3 == 0, words[2] & ~Status.mask == 0 else {
      return nil
    }
    let status = Status(rawValue: words[2])
    // A delivery never goes outward.
    guard !ring.isOutward(of: status.cpl) else { return nil }
    let pc = VirtualAddress(words[1])
    let isSameStack = words[3] == place.rawValue &+ 16
    guard isSameStack || ring != status.cpl,
      let trap = trapLog.last(where: { $0.pc == pc && $0.outcome.isProgramsOwn })
    else { return nil }
    return TrapFrame(
      address: place, error: words[0], pc: pc, status: status,
      stackPointer: VirtualAddress(words[3]), trap: trap)
  }
}

extension TrapLogEntry.Outcome {
  /// The program's own kernel was told.
  var isProgramsOwn: Bool { self == .delivered || self == .reflected }
}
