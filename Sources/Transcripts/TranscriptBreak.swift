/// Something in which a walk-through is no longer what it was meant to be, found as it was written anew.
public struct TranscriptBreak: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The command failed, and is written as one that goes well.
    case failsNow
    /// It went well, and `(exit 1)` is written.
    case succeedsNow
    /// The line in which something was captured did not come; whether the name is used further down.
    case captureLost(String, isUsed: Bool)
    /// The run ended in another way; nil: in none that is told.
    case endsOtherwise(was: String?, now: String?)
  }

  /// The command's line in the file, from 1.
  public let line: Int
  public let command: String
  public let kind: Kind
  /// What the command said now.
  public let output: [String]

  /// What is another, in words.
  public var words: String {
    switch kind {
    case .failsNow: "fails now: \(output.joined(separator: " "))"
    case .succeedsNow: "goes well now, and '\(TranscriptCommand.failureMark)' is written below it"
    case .captureLost(let name, let isUsed):
      "nothing is captured as [\(name)=..] any more"
        + (isUsed ? ", and [=\(name)] is used further down" : "")
    case .endsOtherwise(let was, let now):
      "ended otherwise: \(was ?? "nothing was told of an end") before, "
        + "\(now ?? "nothing is told of an end") now"
    }
  }
}

/// Tells the kind of a run's end from a line of output; nil if the line tells none.
public typealias EndingKind = (_ line: String) -> String?

extension TranscriptCommand {
  /// What became another kind of thing in a command that was run and written anew.
  ///
  /// - Parameter before: the command as it was.
  func breaks(
    before: TranscriptCommand, _ result: CommandCheck.Result, isUsed: (String) -> Bool,
    ending: EndingKind
  ) -> [TranscriptBreak] {
    var kinds: [TranscriptBreak.Kind] = []
    if result.outcome.succeeded == before.fails {
      kinds.append(result.outcome.succeeded ? .succeedsNow : .failsNow)
    }
    let kept = captured
    kinds += before.captured.filter { !kept.contains($0) }
      .map { .captureLost($0, isUsed: isUsed($0)) }
    if !result.fits, result.outcome.succeeded, !before.fails {
      let was = before.plainOutput.last { ending($0) != nil }.flatMap(ending)
      let now = result.lines.last { ending($0) != nil }.flatMap(ending)
      // Lines that were left open may have told one.
      if was != now, was != nil || before.firstWildcard == nil {
        kinds.append(.endsOtherwise(was: was, now: now))
      }
    }
    return kinds.map { .init(line: line, command: result.line, kind: $0, output: result.lines) }
  }

  /// The names that its output captures, in order.
  var captured: [String] {
    plainOutput.flatMap(CaptureSyntax.names).filter { !$0.isUse }.map(\.name)
  }

  /// The names that it stands on: in the command itself and in its output.
  var used: [String] {
    ([text] + plainOutput).flatMap(CaptureSyntax.names).filter(\.isUse).map(\.name)
  }
}
