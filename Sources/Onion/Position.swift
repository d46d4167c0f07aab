/// Where the loop is in a page of operations, and how long it may go on.
///
/// The time costs nothing per instruction: `deadline` is the place at which the budget would end if the
/// code went straight on. A jump shifts it, and what costs more than one cycle pulls it nearer. `Fast` runs
/// on as long as it lies behind the page: straight code can't miss it then.
struct Position {
  typealias Place = UnsafeMutablePointer<Operation>
  let page: Place
  /// The page's address.
  let address: UInt32
  var ip: Place
  var deadline: Place

  @inline(__always) init(_ page: Place, pc: UInt32, budget: Int) {
    self.page = page
    address = pc & 0xFFFF_F000
    ip = page + Int(pc >> 2 & 0x3FF)
    deadline = ip + budget
  }

  @inline(__always) var end: Place { page + DecodedPages.slots }
  @inline(__always) var isOutOfTime: Bool { deadline < end }
  @inline(__always) var pc: UInt32 {
    address &+ UInt32(truncatingIfNeeded: UInt(bitPattern: ip) &- UInt(bitPattern: page)) >> 1
  }
  /// What is left of the budget.
  @inline(__always) var left: Int { deadline - ip }

  @inline(__always) mutating func next() { ip += 1 }

  /// A branch within the page; false if `Fast` has to stop there.
  @inline(__always) mutating func branch(_ isTaken: Bool) -> Bool {
    guard isTaken else {
      ip += 1
      return true
    }
    return jump(Int(ip.pointee.immediate))
  }

  @inline(__always) mutating func jump(_ distance: Int) -> Bool {
    ip += distance
    deadline += distance - 1
    return !isOutOfTime
  }

  /// An instruction that costs so many cycles beyond the first.
  @inline(__always) mutating func next(extra: UInt64) -> Bool {
    ip += 1
    deadline -= Int(truncatingIfNeeded: extra)
    return !isOutOfTime
  }
}
