import OnionISA

/// The decoded operations of each frame that has been executed: made once, a slot reset when its word
/// is written.
///
/// Invariants: `pages` has one slot per frame of memory; a slot is nil or points to 1024 operations and
/// a `pageEnd` whose immediate is the frame's number. A fused operation's second stands decoded in the
/// next slot of the same page.
struct DecodedPages {
  typealias Page = UnsafeMutablePointer<Operation>

  static let slots = 1024
  let pages: UnsafeMutablePointer<Page?>
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

  /// The operations of a frame that was executed before.
  @inline(__always) func existing(frame: UInt32) -> Page? { pages[Int(frame)] }

  /// Operations for a frame that is executed for the first time.
  func make(frame: UInt32) -> Page {
    let page = Page.allocate(capacity: Self.slots + 1)
    page.initialize(repeating: .undecoded, count: Self.slots)
    (page + Self.slots).initialize(
      to: Operation(code: .pageEnd, d: 0, a: 0, b: 0, immediate: Int32(frame)))
    pages[Int(frame)] = page
    return page
  }

  /// Decodes a slot.
  ///
  /// - Parameter isBreakable: a breakpoint may stand at such a slot.
  func decode(_ page: Page, slot: Int, word: UInt32, isBreakable: Bool) {
    guard let instruction = DecodedInstruction(word: word) else {
      page[slot].code = .undefined
      return
    }
    page[slot] = Operation(instruction, slot: slot)
    if isBreakable {
      page[slot].code = .breakpoint
      return
    }
    // What follows may be decoded already, if a jump led there.
    fuse(page, slot)
    if slot > 0 { fuse(page, slot - 1) }
  }

  private func fuse(_ page: Page, _ slot: Int) {
    guard slot + 1 < Self.slots,
      let fused = page[slot].code.first.fused(with: page[slot + 1].code.first)
    else { return }
    page[slot].code = fused
  }

  /// Forgets the word at the physical `address`, which was written.
  @inline(__always) func reset(_ address: UInt32) {
    if let page = pages[Int(address >> 12)] { reset(page, slot: Int(address >> 2 & 0x3FF)) }
  }

  func reset(_ page: Page, slot: Int) {
    page[slot] = .undecoded
    if slot > 0 { page[slot - 1].code = page[slot - 1].code.first }
  }

  func reset(frame: Int) {
    pages[frame]?.update(repeating: .undecoded, count: Self.slots)
  }

  /// Forgets a slot in every page: a breakpoint came or went there.
  func reset(slotOfAllPages slot: Int) {
    for frame in 0..<count {
      if let page = pages[frame] { reset(page, slot: slot) }
    }
  }
}
