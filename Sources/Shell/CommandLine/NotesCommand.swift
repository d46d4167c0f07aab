import ArgumentParser
import Lessons
import LineEditor
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `ringside notes [ID]`: the presenter's notes, in a second terminal.
struct NotesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notes",
    abstract:
      "The presenter's notes: follows 'ringside lesson ID --mode class' in another terminal.")

  @Argument(help: ArgumentHelp("A lesson: all its notes at once.", valueName: "ID"))
  var id: String?
  @Flag(help: "Show where the class is now, and leave.") var once = false
  @Flag(help: "Go on with the class at once, without a key.") var follow = false
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func run() throws {
    let output = ShellOutput(look)
    let library = try LessonsCommand.library(place)
    if let id {
      let notes = Self.notes(try library.named(id), library)
      output.write(notes.all(width: width(output)))
    } else {
      guard let path = Environment.classFile else {
        throw CommandFailure("there is no home folder in which a class could leave its place")
      }
      let follows = !once && TerminalInfo.isTerminal(1)
      try follow(path, library, output, follows)
    }
    try output.leaveIfBroken()
  }

  private func follow(
    _ path: String, _ library: LessonLibrary, _ output: ShellOutput, _ follows: Bool
  ) throws {
    // Whoever listens to a screen reader has no status line that changes.
    let keys = follows && !output.isPlain && TerminalInfo.canMoveTheCursor ? KeyPad() : nil
    var reader = NotesReader(waits: keys != nil && !follow)
    var notes: PresenterNotes?
    repeat {
      let isNew = reader.look(
        ClassPlace.read(path), width: width(output), rows: output.rows ?? Int.max)
      if isNew {
        let place = reader.shown
        // A lesson is gone through for its answers once.
        if notes?.lesson.id != place?.lesson {
          notes = place.flatMap { library.lesson($0.lesson) }.map { Self.notes($0, library) }
        }
        reader.take(Self.text(place, notes, width: width(output)))
      }
      if isNew || reader.hasTurned {
        if follows { output.clear() }
        output.write(reader.page)
      }
      guard let keys else {
        if follows { usleep(Self.pause) }
        continue
      }
      let status = reader.status(now: Environment.seconds, minutes: notes?.lesson.minutes)
      output.write(raw: output.rendered(StyledText(status, .dim).truncated(to: width(output) - 1)))
      let key = keys.next(within: Int(Self.pause / 1000))
      output.write(raw: "\r\u{1B}[K")
      if !reader.press(key) { return }
    } while follows && !Interrupts.take() && output.failure == nil
  }

  /// The notes for a place, or what to do to have one.
  static func text(_ place: ClassPlace?, _ notes: PresenterNotes?, width: Int) -> StyledText {
    guard let place, let notes else {
      return Markdown.inline(
        "No class is being held. `ringside lesson 1 --mode class` in another terminal begins one."
      ).wrapped(to: width)
    }
    return notes.text(at: place.screen, width: width)
  }

  /// The notes of a lesson, with the answers that the machine gives.
  static func notes(_ lesson: LessonDocument, _ library: LessonLibrary) -> PresenterNotes {
    let answers = LessonAnswers(lesson) { LessonsCommand.session(for: $0, in: library) }
    return PresenterNotes(lesson: lesson, answers: answers)
  }

  private func width(_ output: ShellOutput) -> Int { min(output.width, 80) }

  /// Between two looks at the file, in microseconds.
  private static let pause: UInt32 = 200_000
}

extension LessonLibrary {
  /// The lesson that a person means by `name`.
  func named(_ name: String) throws(CommandFailure) -> LessonDocument {
    switch find(name) {
    case .found(let lesson): return lesson
    case .ambiguous(let ids):
      throw CommandFailure("'\(name)' may be \(ids.joined(separator: ", ")); type more of it")
    case .none(let guess):
      throw CommandFailure(
        "there is no lesson '\(name.prefix(40))'"
          + (guess.map { "; did you mean '\($0)'?" } ?? "; 'lesson list' lists them"))
    }
  }
}
