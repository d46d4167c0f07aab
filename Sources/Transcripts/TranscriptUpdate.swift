import Laboratory
import SourceText

/// What writing a transcript anew came to.
public struct TranscriptRenewal: Hashable, Sendable {
  /// The numbers, from 1, of the blocks whose output or state changed.
  public var blocks: [Int] = []
  /// In what the walk-through broke, in order.
  public var breaks: [TranscriptBreak] = []

  /// The commands that failed though they are written as such that go well.
  public var failures: [TranscriptBreak] { breaks.filter { $0.kind == .failsNow } }
}

extension Transcript {
  /// Runs every command and writes what came in the place of what was written.
  ///
  /// Lines that still fit stay as they are, so `...` and `[..]` survive wherever they still stand for what
  /// came. States, seals and the final digest are renewed where there were some, never added.
  ///
  /// - Parameters:
  ///   - ending: tells the kind of a run's end from a line of output.
  ///   - images: asked at the end: the programs that were loaded. The front matter's digests of them are renewed,
  ///     none is added.
  public mutating func update(
    on runner: any LineRunner, ending: EndingKind = { _ in nil },
    images: () -> [FrontMatter.Entry] = { [] }
  ) -> TranscriptRenewal {
    let commands = blocks.flatMap(\.commands)
    var count = 0
    var renewal = TranscriptRenewal()
    var number = 0
    var check = CommandCheck()
    for index in parts.indices {
      guard case .block(var block) = parts[index] else { continue }
      number += 1
      let before = block
      for at in block.commands.indices {
        let written = block.commands[at]
        let result = check.run(written, on: runner)
        count += 1
        block.commands[at].update(
          output: result.lines, fits: result.fits, pattern: result.pattern,
          succeeded: result.outcome.succeeded)
        // What is kept of a line that captures holds for what follows.
        if !result.fits { check.take(block.commands[at], result.lines) }
        renewal.breaks += block.commands[at].breaks(
          before: written, result,
          isUsed: { name in commands[count...].contains { $0.used.contains(name) } }, ending: ending
        )
      }
      let state = block.state.map { _ in runner.stateDigest() }
      guard block != before || state != before.state else { continue }
      block.rewriteFences(state: state, seal: block.seal)
      parts[index] = .block(block)
      renewal.blocks.append(number)
    }
    var renewed = frontMatter
    renewed.renewImages(images())
    if frontMatter.final != nil { renewed.final = runner.stateDigest() }
    if renewed != frontMatter { setFrontMatter(renewed) }
    if let seal = reseal(), frontMatter.seal != nil, frontMatter.seal != seal {
      var renewed = frontMatter
      renewed.seal = seal
      setFrontMatter(renewed)
    }
    return renewal
  }

  /// Reads, updates and writes back a file; the file is untouched if nothing changed.
  ///
  /// - Returns: the numbers, from 1, of the blocks that changed.
  public static func update(
    path: String, transcript: Transcript, on runner: any LineRunner
  ) throws(FileError) -> [Int] {
    var updated = transcript
    let changed = updated.update(on: runner).blocks
    if updated.text != transcript.text {
      try WholeFile.replace(path, with: Array(updated.text.utf8))
    }
    return changed
  }

  /// Reads the bytes of a transcript's file.
  public static func read(path: String) throws(FileError) -> [UInt8] {
    try WholeFile.read(path, as: .transcript)
  }
}

extension FrontMatter {
  /// Takes over the digests of the images that it names.
  mutating func renewImages(_ loaded: [Entry]) {
    for index in images.indices {
      guard let now = loaded.first(where: { $0.name == images[index].name }) else { continue }
      images[index].value = now.value
    }
  }
}

extension TranscriptCommand {
  /// Takes over the lines of `output` that don't fit what is written, and whether the command failed.
  mutating func update(output: String, succeeded: Bool = true) {
    let actual = Self.lines(of: output)
    let pattern = expected
    update(output: actual, fits: pattern.matches(actual), pattern: pattern, succeeded: succeeded)
  }

  mutating func update(
    output actual: [String], fits: Bool, pattern: OutputPattern, succeeded: Bool
  ) {
    guard !fits || succeeded == fails else { return }
    let written = writtenOutput
    outputSource =
      fits
      ? written
      : pattern.aligned(with: actual).steps.compactMap { step in
        switch step {
        case .same(let index, _), .open(let index, _): written[index]
        case .changed(_, let index), .extra(let index): Self.escaped(actual[index])
        case .missing: nil
        }
      }
    if !succeeded { outputSource.append(Self.failureMark) }
  }
}
