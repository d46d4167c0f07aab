import Laboratory
import SourceText

extension Transcript {
  /// Runs every command and writes what came in the place of what was written.
  ///
  /// Lines that still fit stay as they are, so `...` and `[..]` survive wherever they still stand for what
  /// came. States, seals and the final digest are renewed where there were some, never added.
  ///
  /// - Returns: the numbers, from 1, of the blocks whose output or state changed.
  public mutating func update(on runner: any LineRunner) -> [Int] {
    var changed: [Int] = []
    var number = 0
    for index in parts.indices {
      guard case .block(var block) = parts[index] else { continue }
      number += 1
      let before = block
      for at in block.commands.indices {
        block.commands[at].update(output: runner.run(line: block.commands[at].text).output)
      }
      let state = block.state.map { _ in runner.stateDigest() }
      guard block != before || state != before.state else { continue }
      block.rewriteFences(state: state, seal: block.seal)
      parts[index] = .block(block)
      changed.append(number)
    }
    if frontMatter.final != nil {
      var renewed = frontMatter
      renewed.final = runner.stateDigest()
      if renewed != frontMatter { setFrontMatter(renewed) }
    }
    reseal()
    return changed
  }

  /// Reads, updates and writes back a file; the file is untouched if nothing changed.
  ///
  /// - Returns: the numbers, from 1, of the blocks that changed.
  public static func update(
    path: String, transcript: Transcript, on runner: any LineRunner
  ) throws(FileError) -> [Int] {
    var updated = transcript
    let changed = updated.update(on: runner)
    if updated.text != transcript.text {
      try WholeFile.replace(path, with: Array(updated.text.utf8))
    }
    return changed
  }

  /// Reads the bytes of a transcript's file.
  public static func read(path: String) throws(FileError) -> [UInt8] {
    try WholeFile.read(path)
  }
}

extension TranscriptCommand {
  /// Takes over the lines of `output` that don't fit what is written.
  mutating func update(output: String) {
    let actual = Self.lines(of: output)
    let pattern = expected
    guard !pattern.matches(actual) else { return }
    outputSource = pattern.aligned(with: actual).steps.compactMap { step in
      switch step {
      case .same(let index, _), .open(let index, _): outputSource[index]
      case .changed(_, let index), .extra(let index): Self.escaped(actual[index])
      case .missing: nil
      }
    }
  }
}
