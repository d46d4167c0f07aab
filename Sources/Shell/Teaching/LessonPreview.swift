import Laboratory
import Lessons
import OnionISA
import SourceText

/// A lesson as a learner sees it who makes no mistake, for its author.
struct LessonPreview {
  let library: LessonLibrary
  let width: Int

  /// The whole of `lesson`, or its part number `part`, from 0.
  func text(_ lesson: LessonDocument, part: Int? = nil) -> StyledText {
    guard let interpreter = CommandInterpreter() else {
      return StyledText("there is no room for the lesson's machine", .bad)
    }
    interpreter.width = { width }
    let engine = LessonEngine(lesson, showsNotes: true) { lesson in
      interpreter.files = FileFinder(lesson: lesson, library: library.folder)
      _ = interpreter.beginAnew(settings: lesson.machine.settings)
      return interpreter
    }
    let parts = lesson.parts
    let start = part.map { parts.indices.contains($0) ? parts[$0].step : 0 } ?? 0
    let end = part.flatMap { parts.indices.contains($0 + 1) ? parts[$0 + 1].step : nil }
    var said = engine.start(at: start)
    // Each round goes past a step at least.
    for _ in 0..<(2 * lesson.steps.count)
    where !engine.isFinished && engine.screen.upperBound < end ?? .max {
      said += engine.handle("lesson skip") ?? []
    }
    said.removeAll {
      switch $0 {
      case .invitation: true
      case .title: part != nil
      default: false
      }
    }
    var presenter = LessonPresenter(width: width, styled: interpreter.takeStyledOutputs())
    return presenter.text(said)
  }

  /// The part that was changed first, from 0; nil if the lessons are alike or the beginning was changed.
  static func changedPart(from old: LessonDocument, to new: LessonDocument) -> Int? {
    let (before, after) = (old.steps.map(\.fingerprint), new.steps.map(\.fingerprint))
    guard before != after else { return nil }
    let same = zip(before, after).prefix { $0 == $1 }.count
    return new.parts.lastIndex { $0.step <= same }
  }
}

extension LessonDocument.Machine {
  var settings: MachineSettings {
    MachineSettings(
      profile: Profile(rawValue: profile) ?? .strict, memorySize: UInt32(clamping: memory))
  }
}
