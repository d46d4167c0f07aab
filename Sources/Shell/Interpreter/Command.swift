import SourceText

/// One command of the shell: what is said of it and what it does.
///
/// Dispatch, help, completion and "did you mean" all come from the one table of these.
public struct Command: Sendable {
  /// Under which heading `help` lists it.
  public enum Group: String, CaseIterable, Sendable {
    case programs
    case running
    case backwards
    case stopping
    case looking
    case vmm
    case changing
    case teaching
    case shell

    /// What the group is for, in a few words.
    public var title: String {
      switch self {
      case .programs: "putting programs on the machine"
      case .running: "running forwards"
      case .backwards: "going back"
      case .stopping: "where to stop"
      case .looking: "looking, which never changes anything"
      case .vmm: "the VMM and its guest"
      case .changing: "changing the machine from outside"
      case .teaching: "lessons and transcripts"
      case .shell: "the shell itself"
      }
    }
  }

  /// What Enter on an empty line does after the command.
  public enum Repeat: Sendable {
    case nothing
    /// The same line again.
    case same
    /// The command alone, without arguments: it goes on where it was.
    case continued
  }

  /// What its arguments are completed with.
  public enum Completion: Sendable {
    case none
    /// Labels, registers and other names of expressions.
    case expression
    /// Program files.
    case program
    /// Any file.
    case file
    /// Names of lessons and what can follow `lesson`.
    case lesson
    /// Kinds of traps.
    case trap
    /// Names of commands and groups.
    case command
    /// Settings, and what `set` changes else.
    case setting
    /// These words.
    case words([String])
    /// What `info` or `show` tells of.
    case subjects([Subject])
  }

  /// What it is called. One word of lower-case letters.
  public var name: String
  /// Shorter names, beside every beginning that no other command has.
  public var abbreviations: [String]
  /// The arguments, as usage lines write them; empty if there are none.
  public var arguments: String
  /// One line without a full stop.
  public var summary: String
  /// Lines to type, one after the other, of which one is the command; they work where the kernel of
  /// `kernel.s` runs as a guest.
  public var example: String
  /// What else is good to know, in a few sentences; may be empty.
  public var details: String
  public var group: Group
  public var completion: Completion
  public var repeats: Repeat
  /// Does it. What it returns is what is seen; what it throws is why nothing was done.
  public var handler: Handler

  public typealias Handler =
    @Sendable (CommandInterpreter, Arguments) throws(CommandFailure) -> StyledText

  public init(
    _ name: String, _ abbreviations: [String] = [], _ arguments: String = "", group: Group,
    _ summary: String, example: String, details: String = "", completion: Completion = .none,
    repeats: Repeat = .nothing, handler: @escaping Handler
  ) {
    self.name = name
    self.abbreviations = abbreviations
    self.arguments = arguments
    self.summary = summary
    self.example = example
    self.details = details
    self.group = group
    self.completion = completion
    self.repeats = repeats
    self.handler = handler
  }

  /// `step [N]`
  public var usage: String { arguments.isEmpty ? name : "\(name) \(arguments)" }
}

/// Why a command was refused: what is wrong, and what would be right. Nothing was changed.
public struct CommandFailure: Error, Hashable, Sendable {
  public var text: StyledText

  /// One line: a phrase in lower case without a full stop.
  public init(_ message: String) { text = StyledText(message) }

  public init(text: StyledText) { self.text = text }
}
