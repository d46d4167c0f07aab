/// A thing that a lesson has to say; the caller wraps and styles it.
public enum LessonOutput: Hashable, Sendable {
  /// The lesson begins, or is gone on with.
  case title(number: String, title: String, minutes: Int)
  /// A part begins.
  case heading(String)
  /// CommonMark.
  case prose(String)
  /// A command that the lesson runs, without prompt.
  case command(String)
  /// What it said: plain text, lines ending in `\n`.
  case output(String)
  /// Something to do.
  case task(String)
  /// Something to answer.
  case question(String)
  /// Something to foresee, with one try; then it is run.
  case prediction(String)
  /// A choice below a question.
  case choice(letter: Character, text: String)
  /// How many of a class, of so many that answered, are for a choice.
  case votes(letter: Character, text: String, count: Int, total: Int)
  /// What the lesson answers to a choice, a value or a deed.
  case reply(String, LessonVerdict)
  /// What the lesson says to the right answer, after it was shown.
  case explanation(String)
  /// Hint `number` of `count`, from 1.
  case hint(String, number: Int, count: Int)
  /// The commands, or the answer, that a task or question wants.
  case solution([String])
  /// A goal of the task and whether it holds now.
  case goal(String, holds: Bool)
  /// A part of the lesson, for a list of all.
  case part(Int, String, state: PartState)
  /// A task or question and how it went; nil if it is still to come.
  case result(String, StepResult?)
  /// For the teacher alone.
  case note(String)
  /// A sentence of the lesson program's own.
  case message(String)
  /// The lesson is over.
  case finished(title: String)
  /// What the learner can do now; comes last.
  case invitation(LessonInvitation)

  public enum PartState: Hashable, Sendable {
    case done
    case current
    case ahead
  }
}

/// How far right an answer or a deed is.
public enum LessonVerdict: Hashable, Sendable {
  case right
  /// A step in the right direction.
  case notYet
  case wrong
}

/// What a lesson waits for.
public enum LessonInvitation: Hashable, Sendable {
  /// Enter on an empty line goes on.
  case enter
  /// The task is to be done, by any commands; `hint` helps.
  case work
  /// The task is to be done, and nothing helps.
  case workAlone
  /// One of these letters answers.
  case letters([Character])
  /// A number answers.
  case number
  /// The room has answered: Enter shows what is right.
  case reveal
  /// The learner plays; `resume` goes back to the lesson.
  case play
  /// Nothing: the lesson is over.
  case nothing

  /// An answer is wanted.
  public var isQuestion: Bool {
    switch self {
    case .letters, .number, .reveal: true
    case .enter, .work, .workAlone, .play, .nothing: false
    }
  }

  /// What to tell the user, in a few words.
  public var text: String {
    switch self {
    case .enter: return "Enter goes on"
    case .work: return "your turn; hint · goal · lesson skip"
    case .workAlone: return "your turn; goal · lesson skip"
    case .letters(let letters):
      let names = letters.map(String.init)
      guard let last = names.last, names.count > 1 else { return "answer " + names.joined() }
      return "answer " + names.dropLast().joined(separator: ", ") + " or " + last
    case .number: return "answer with a number, decimal or 0x…"
    case .reveal: return "Enter shows what is right; another answer takes its place"
    case .play: return "you play; resume goes back"
    case .nothing: return "the lesson is over"
    }
  }
}
