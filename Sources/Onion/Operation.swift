import OnionISA

/// A decoded instruction as the hot path wants it: 8 bytes.
struct Operation {
  /// Nil: not decoded so far, or no instruction. The slow path finds out which.
  var instruction: Instruction?
  var d: UInt8
  var a: UInt8
  var b: UInt8
  var immediate: Int32

  static let undecoded = Operation(instruction: nil, d: 0, a: 0, b: 0, immediate: 0)

  init(instruction: Instruction?, d: UInt8, a: UInt8, b: UInt8, immediate: Int32) {
    self.instruction = instruction
    self.d = d
    self.a = a
    self.b = b
    self.immediate = immediate
  }

  init(_ decoded: DecodedInstruction) {
    self.init(
      instruction: decoded.instruction, d: decoded.d.number, a: decoded.a.number,
      b: decoded.b.number, immediate: decoded.immediate)
  }
}

/// The decoded operations of each frame that has been executed: made once, a slot reset when its word
/// is written.
///
/// Invariant: `pages` has one slot per frame of memory; a slot is nil or points to 1024 operations.
struct DecodedPages {
  static let slots = 1024
  let pages: UnsafeMutablePointer<UnsafeMutablePointer<Operation>?>
  let count: Int

  init(frames: UInt32) {
    count = Int(frames)
    pages = .allocate(capacity: count)
    pages.initialize(repeating: nil, count: count)
  }

  func deallocate() {
    for index in 0..<count { pages[index]?.deallocate() }
    pages.deallocate()
  }

  /// The operations of the frame that holds the physical `address`.
  @inline(__always) func operations(at address: UInt32) -> UnsafeMutablePointer<Operation> {
    if let page = pages[Int(address >> 12)] { return page }
    return make(Int(address >> 12))
  }

  @inline(never) private func make(_ frame: Int) -> UnsafeMutablePointer<Operation> {
    let page = UnsafeMutablePointer<Operation>.allocate(capacity: Self.slots)
    page.initialize(repeating: .undecoded, count: Self.slots)
    pages[frame] = page
    return page
  }

  /// Forgets the word at the physical `address`, which was written.
  @inline(__always) func reset(_ address: UInt32) {
    if let page = pages[Int(address >> 12)] {
      page[Int(address >> 2 & 0x3FF)] = .undecoded
    }
  }

  func reset(frame: Int) {
    pages[frame]?.update(repeating: .undecoded, count: Self.slots)
  }
}
