import Crypto

/// The chain of SHA-256 that ties the recorded blocks of a transcript together.
///
///     seal of block n = SHA-256 of: seal of block n−1, newline,
///                                   each line between the fences, newline,
///                                   "state ", state digest, newline
///
/// In a block from a pause a line "unseen" comes before those lines.
/// The chain starts on the front matter (without its final digest). Prose is not sealed, so a transcript may be
/// annotated. A seal shows that a block was edited; it proves nothing, since anybody can work it out:
/// the proof is to run the commands again.
struct Seal {
  /// In hexadecimal, 64 digits.
  private(set) var value: String

  /// The beginning of the chain of `transcript`.
  init(start transcript: Transcript) {
    self.init(frontMatter: transcript.frontMatter)
  }

  init(frontMatter: FrontMatter) {
    value = Self.digest(["ringside transcript"] + frontMatter.sealedLines)
  }

  /// Goes on to the next block and returns its seal.
  @discardableResult
  mutating func advance(over block: TranscriptBlock, state: String) -> String {
    value = Self.digest(
      [value] + (block.isUnseen ? ["unseen"] : []) + block.content + ["state \(state)"])
    return value
  }

  /// Goes on as if the block's seal were `seal`, so that one edited block does not spoil those after it.
  mutating func resume(at seal: String) { value = seal }

  private static func digest(_ lines: [String]) -> String {
    var hash = SHA256()
    for line in lines { hash.update(data: Array(line.utf8) + [UInt8(ascii: "\n")]) }
    let digits = Array("0123456789abcdef".utf8)
    let hex = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: hex, as: UTF8.self)
  }
}

/// A block whose seal does not fit.
public struct SealFault: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The block, or its place in the chain, is not as it was recorded.
    case altered
    /// The block has no seal though others have: it was put in, or its seal was taken away.
    case missing
    /// The last block is not the one that was recorded last.
    case shortened
    /// The front matter has a seal, and no block has one.
    case absent
  }

  /// The block's number, from 1.
  public let block: Int
  /// The line of its opening fence, from 1.
  public let line: Int
  public let kind: Kind

  /// What to tell the user.
  public var message: String {
    switch kind {
    case .altered:
      "line \(line): block \(block), or what is before it, was changed after it was recorded"
    case .missing: "line \(line): block \(block) was not recorded but written in"
    case .shortened:
      "line \(line): the front matter's seal is not that of block \(block): it was edited, or blocks were "
        + "taken away"
    case .absent:
      "line \(line): the front matter has a seal and no block has: they were taken away, or it is another's"
    }
  }
}

extension Transcript {
  /// The blocks that are not as they were recorded; none if no block has a seal (a transcript written by hand).
  public func sealFaults() -> [SealFault] {
    let blocks = blocks
    guard frontMatter.seal != nil || blocks.contains(where: { $0.seal != nil }) else { return [] }
    guard blocks.isEmpty || blocks.contains(where: { $0.seal != nil }) else {
      return [SealFault(block: 0, line: 1, kind: .absent)]
    }
    var faults: [SealFault] = []
    var chain = Seal(start: self)
    for (index, block) in blocks.enumerated() {
      guard let seal = block.seal, let state = block.state else {
        faults.append(SealFault(block: index + 1, line: block.line, kind: .missing))
        continue
      }
      if chain.advance(over: block, state: state) != seal {
        faults.append(SealFault(block: index + 1, line: block.line, kind: .altered))
        chain.resume(at: seal)
      }
    }
    let last = blocks.last { $0.seal != nil }?.seal
    if let seal = frontMatter.seal, (last ?? Seal(start: self).value) != seal {
      faults.append(
        SealFault(block: blocks.count, line: blocks.last?.line ?? 1, kind: .shortened))
    }
    return faults
  }

  /// Why it is not what a recorder leaves behind when it has ended; nil if it is, or was written by hand.
  public var strictFault: String? {
    if !sealFaults().isEmpty { return "it is not as it was recorded" }
    return isSealed && frontMatter.final == nil ? "its recording was never ended" : nil
  }

  /// Whether it was recorded and not written by hand.
  public var isSealed: Bool { frontMatter.seal != nil || blocks.contains { $0.seal != nil } }

  /// The links of the chain that fit their blocks, in order. No other recording has them; what the front matter
  /// claims to be the last is none of them.
  public var fittingSeals: [String] {
    let broken = Set(sealFaults().filter { $0.kind != .shortened }.map(\.block))
    return blocks.enumerated().compactMap { index, block in
      broken.contains(index + 1) ? nil : block.seal
    }
  }

  /// Whether block `number`, from 1, is not as it was recorded.
  public func sealBroken(atBlock number: Int) -> Bool {
    sealFaults().contains { $0.block == number }
  }

  /// Works every seal out again, for blocks that have one.
  ///
  /// - Returns: the last of them; nil if there is none.
  mutating func reseal() -> String? {
    var chain = Seal(start: self)
    var last: String?
    for index in parts.indices {
      guard case .block(var block) = parts[index], block.seal != nil, let state = block.state
      else { continue }
      let seal = chain.advance(over: block, state: state)
      last = seal
      block.rewriteFences(state: state, seal: seal)
      parts[index] = .block(block)
    }
    return last
  }
}
