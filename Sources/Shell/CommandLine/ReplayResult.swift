import SourceText
import Transcripts

/// What the replay of one file came to.
struct ReplayResult: Sendable {
  enum End: Sendable {
    case same
    case differs(Divergence)
    /// All came as written, but the file is not what a recording is; in what.
    case edited(String)
    /// Outputs were written anew: what to say of it.
    case updated(String)
    /// Nothing was written: the walk-through is not what it was meant to be.
    case broken([TranscriptBreak])
    case unreadable(String)
  }

  var file: String
  var end: End
  /// What is to be known before any difference.
  var remarks: [String] = []
  var commandCount = 0
  var seconds = 0.0

  var isUnreadable: Bool { if case .unreadable = end { true } else { false } }

  var isWell: Bool {
    switch end {
    case .same, .updated: true
    case .differs, .edited, .broken, .unreadable: false
    }
  }

  var count: String { commandCount == 1 ? "1 command" : "\(commandCount) commands" }

  /// For people.
  var text: String {
    switch end {
    case .same: "\(file): \(count), all as written\n"
    case .differs(let divergence): divergence.report(file: file)
    case .edited(let reason): "\(file): \(count) come as written, but \(reason)\n"
    case .updated(let text): text + "\n"
    case .broken(let breaks):
      breaks.map { "\(file):\($0.line): \($0.command): \($0.words)\n" }.joined()
        + "\(file): \(Self.advice)\n"
    case .unreadable: ""
    }
  }

  private static let advice =
    "the file stays as it was; mend it, or write it anew all the same with --accept-failures"

  /// The kind of end, and what there is to say, for programs.
  var verdict: (status: String, message: String?) {
    switch end {
    case .same: ("same", nil)
    case .differs(let divergence):
      ("differs", "line \(divergence.line): \(divergence.command): \(divergence.summaryWithReason)")
    case .edited(let reason): ("edited", remarks.first ?? reason)
    case .updated(let text): ("updated", text)
    case .broken(let breaks):
      (
        "broken",
        breaks.map { "line \($0.line): \($0.command): \($0.words)" }.joined(separator: "; ")
      )
    case .unreadable(let message): ("unreadable", message)
    }
  }
}

/// How results of many files are written.
enum ReportFormat: String, CaseIterable, Sendable {
  case text
  case json
  case junit
}

extension [ReplayResult] {
  func report(_ format: ReportFormat) -> String {
    switch format {
    case .text: StyledText(map(\.text).joined()).visible.plain
    case .json: JSONText.array(map(\.json)).text + "\n"
    case .junit:
      JUnitText.document(
        suite: "replay",
        cases: map { result in
          JUnitText.Case(
            name: result.file, seconds: result.seconds, failure: result.failure,
            details: result.details, isError: result.isUnreadable)
        })
    }
  }
}

extension ReplayResult {
  fileprivate var failure: String? {
    switch end {
    case .same, .updated: nil
    case .differs, .edited, .broken, .unreadable: verdict.message ?? verdict.status
    }
  }

  fileprivate var details: String {
    let report =
      if case .differs(let divergence) = end { divergence.report(file: file) } else { "" }
    return remarks.map { $0 + "\n" }.joined() + report
  }

  fileprivate var json: JSONText {
    var fields: [(String, JSONText)] = [
      ("file", .string(file)), ("status", .string(verdict.status)),
      ("commands", .number(commandCount)),
    ]
    if let message = verdict.message { fields.append(("message", .string(message))) }
    if case .differs(let divergence) = end {
      fields += [
        ("line", .number(divergence.line)), ("block", .number(divergence.block)),
        ("command", .string(divergence.command)),
        ("machine", .array(divergence.moment.map { .string($0) })),
      ]
    }
    fields.append(("remarks", .array(remarks.map { .string($0) })))
    return .object(fields)
  }
}
