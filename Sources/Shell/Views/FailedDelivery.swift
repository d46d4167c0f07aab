import Onion
import OnionISA

/// A trap that could not be delivered, and what that leads to, in words.
struct FailedDelivery {
  private let trap: Trap
  private let refusal: Refusal

  init(_ trap: Trap, _ refusal: Refusal) {
    self.trap = trap
    self.refusal = refusal
  }

  var sentences: [String] {
    let failure = "Vector \(trap.vector) can't be delivered: \(RefusalWords().why(refusal))"
    guard trap.vector != .double else {
      return [failure, "That is a triple fault: nothing runs any further."]
    }
    let error = trap.doubled.error
    return [failure, "So a double fault is due: vector 7, error \(error) (the first vector)."]
  }
}

extension Trap {
  /// The double fault that a trap becomes which can't be delivered.
  var doubled: Trap { Trap(.double, error: UInt32(vector.rawValue)) }
}
