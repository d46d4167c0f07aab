import SourceText

/// What `record` is asked to do.
public enum RecordRequest: Hashable, Sendable {
  case begin(Beginning)
  case status
  case pause
  case resume
  case mark(String)
  case note(String)
  case stop

  /// A recording that is to begin.
  public struct Beginning: Hashable, Sendable {
    var path: String
    /// Who is recorded; nobody unless it is said.
    var name: String?
    /// The teacher's word.
    var nonce: String?
    /// The number that becomes `$seed`.
    var seed: Int64?

    public init(_ path: String) { self.path = Environment.withHome(path) }
  }

  /// Reads the words after `record`.
  init(_ arguments: Arguments) throws(CommandFailure) {
    var words = arguments.words[...]
    guard let first = words.popFirst() else {
      self = .status
      return
    }
    let rest = arguments.text.dropFirst(first.count).trimmed
    switch first {
    case "stop" where words.isEmpty: self = .stop
    case "pause" where words.isEmpty: self = .pause
    case "resume" where words.isEmpty: self = .resume
    case "mark":
      guard !rest.isEmpty else { throw CommandFailure("mark what? 'record mark The trap'") }
      self = .mark(rest)
    case "note":
      guard !rest.isEmpty else { throw CommandFailure("note what? 'record note Here it traps.'") }
      self = .note(rest)
    default:
      var beginning = Beginning(first)
      while let word = words.popFirst() {
        guard let value = words.popFirst() else {
          throw CommandFailure("record: after '\(word)' comes a word; \(Self.usage)")
        }
        switch word {
        case "as": beginning.name = value
        case "nonce": beginning.nonce = value
        case "seed":
          guard let seed = Int64(value) else {
            throw CommandFailure("record: a seed is a number; '\(value.prefix(20))' is not")
          }
          beginning.seed = seed
        default: throw CommandFailure("record: '\(word.prefix(20))' is not known; \(Self.usage)")
        }
      }
      self = .begin(beginning)
    }
  }

  private static let usage =
    "'record FILE.md as NAME nonce WORD seed N', all but the file as you like"
}
