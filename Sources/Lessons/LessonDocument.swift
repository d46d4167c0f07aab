import SourceText

/// A lesson as its file has it: what it says about itself, and its steps in order.
public struct LessonDocument: Hashable, Sendable {
  /// The machine that the lesson is made for.
  public struct Machine: Hashable, Sendable {
    /// `strict` or `classic`.
    public var profile = "strict"
    /// In bytes: 1 MiB to 1 GiB.
    public var memory: UInt64 = 4 << 20
  }

  /// Where a fact comes from.
  public struct Source: Hashable, Sendable {
    public var title: String
    public var url: String?
  }

  /// A command that the lesson does without.
  public struct SwitchedOff: Hashable, Sendable {
    public var command: LocatedText
    /// Why, in a sentence for the learner.
    public var reason: String?
  }

  /// The file as it was named when it was read.
  public var file: String
  /// Number, dash, name: `08-a-kernel-not-in-ring-0`, which is also the folder's name.
  public var id: String
  public var title: String
  /// How long it takes, about.
  public var minutes: Int
  /// The ids of the lessons that come before it.
  public var needs: [String]
  public var machine: Machine
  /// The files that its commands load, relative to the lesson's folder.
  public var programs: [String]
  public var sources: [Source]
  /// Commands that are switched off in it.
  public var without: [SwitchedOff]
  /// The rows of the founding article's claims that it shows, by number.
  public var claims: [Int]
  public var steps: [LessonStep]
  /// The lines of the file.
  var lines: [String] = []

  /// The number at the beginning of the id, as written: `08`.
  public var number: String { Self.parts(ofID: id).number }
  /// The id without the number: `a-kernel-not-in-ring-0`.
  public var name: String { Self.parts(ofID: id).name }

  static func parts(ofID id: String) -> (number: String, name: String) {
    let number = String(id.prefix { $0 != "-" })
    return (number, String(id.dropFirst(number.count + 1)))
  }
}

extension LessonDocument {
  /// Commands without which a learner would be lost.
  public static let needed = ["lesson", "help", "quit"]

  /// What to say to a learner who uses `command`, its full name given; nil if the lesson allows it.
  public func refusal(of command: String) -> String? {
    guard !Self.needed.contains(command),
      let off = without.first(where: { $0.command.text == command })
    else { return nil }
    return "'\(command)' is switched off in this lesson"
      + (off.reason.map { ": \($0)" } ?? "; any other road will do")
  }
}

/// One step of a lesson: prose or a block.
public struct LessonStep: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// A screenful of CommonMark; `heading` if a part of the lesson begins here. One of both may be missing.
    case prose(heading: String?, text: String)
    case run(LessonRun)
    case task(LessonTask)
    case quiz(LessonQuestion)
    case predict(LessonQuestion)
    /// For the teacher alone.
    case note(String)
  }

  /// The first line of the step in the file, from 1.
  public var line: Int
  public var kind: Kind
  /// Tells the step from the others even if it has moved in the file: made of its text alone.
  public var fingerprint: String
  /// What its texts say of the machine.
  var claims = StepClaims()
}

/// Numbers in the texts of a step that the machine can say.
struct StepClaims: Hashable, Sendable {
  /// When the step is reached.
  var before: [LessonClaim] = []
  /// When it is done.
  var after: [LessonClaim] = []
}

/// Text of the file that is looked at again when the lesson is played, with its place for messages.
public struct LocatedText: Hashable, Sendable {
  public var text: String
  /// From 1.
  public var line: Int
  /// From 1.
  public var column: Int

  public init(_ text: String, line: Int, column: Int) {
    self.text = text
    self.line = line
    self.column = column
  }
}

/// Commands that the lesson runs: a `run` block and the `output` block after it, or a `setup` block.
public struct LessonRun: Hashable, Sendable {
  public var commands: [LocatedText]
  /// Nothing of it is shown.
  public var isQuiet = false
  /// It is a `setup` block: it begins with the lesson's empty machine.
  public var isSetup = false
  /// The last command is meant to be refused.
  public var fails = false
  /// What the commands together say, as the lesson has it; nil if it doesn't.
  public var expected: OutputPattern?
  /// The line of the first line of `expected`, from 1.
  public var expectedLine = 0
}

/// Something for the learner to do: a `try` block.
public struct LessonTask: Hashable, Sendable {
  public struct Goal: Hashable, Sendable {
    public var condition: LocatedText
    /// The goal in words, if the lesson has them.
    public var says: String?
  }

  public struct Wrong: Hashable, Sendable {
    public var condition: LocatedText
    public var reply: String
    /// A step in the right direction: what is said begins "Not yet", never "No".
    public var isPartial = false
    /// Commands that reach the condition from where the task begins.
    public var sample: [LocatedText] = []
    var claims: [LessonClaim] = []
  }

  /// What is said when the goal is reached by one road.
  public struct Done: Hashable, Sendable {
    /// On which road, or in which state, it is true; nil: whatever was done.
    public var condition: LocatedText?
    public var text: String
  }

  public var task: String
  /// All must hold.
  public var goals: [Goal]
  public var wrong: [Wrong]
  public var hints: [String]
  public var solution: [LocatedText]
  /// Other ways to the goal: each a list of commands.
  public var roads: [[LocatedText]] = []
  /// What is said when the goal is reached: the first that holds.
  public var done: [Done]
}

/// A question: a `quiz` or a `predict` block.
public struct LessonQuestion: Hashable, Sendable {
  public enum Right: Hashable, Sendable {
    case no
    case yes
    /// It depends on the machine after the commands were run.
    case condition(LocatedText)
  }

  public struct Choice: Hashable, Sendable {
    public var text: String
    public var right: Right
    public var reply: String
  }

  public struct WrongValue: Hashable, Sendable {
    public var value: LocatedText
    public var reply: String
  }

  public enum Answer: Hashable, Sendable {
    case choices([Choice])
    /// An expression over the machine, the replies to it and to known wrong values, and to any other.
    case value(LocatedText, reply: String, wrong: [WrongValue], otherwise: String)
  }

  public var question: String
  public var answer: Answer
  public var hints: [String]
  /// What is run after a prediction; empty in a quiz.
  public var run: [LocatedText]
}

extension LessonStep.Kind {
  /// Whether the learner has to do or answer something.
  var isQuestion: Bool {
    switch self {
    case .task, .quiz, .predict: true
    case .prose, .run, .note: false
    }
  }

  /// It begins with an empty machine.
  var isSetup: Bool {
    if case .run(let run) = self { run.isSetup } else { false }
  }

  /// The commands that the lesson itself runs to get past this step.
  public var commands: [LocatedText] {
    switch self {
    case .run(let run): run.commands
    case .task(let task): task.solution
    case .predict(let question), .quiz(let question): question.run
    case .prose, .note: []
    }
  }
}
