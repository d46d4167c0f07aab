import SourceText

/// How far a learner is, lesson by lesson.
///
/// The file is plain text, a line for each lesson begun, and may be read and edited by a person:
///
///     ringside progress 1
///     02-a-page-has-a-ring done
///     08-a-kernel-not-in-ring-0 at 12 9a8b7c6d5e4f3021
///     current 08-a-kernel-not-in-ring-0
///
/// A place is the number of the step, from 0, and the step's fingerprint, so that it is found again in a
/// lesson that was changed meanwhile. Lines that make no sense are left out and counted.
public struct Progress: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case done
    /// All steps before `step` are done.
    case at(step: Int, fingerprint: String)
  }

  /// The id of the lesson that was open last.
  public var current: String?
  /// How many lines of the file made no sense.
  public private(set) var damagedLineCount = 0
  private var states: [(id: String, state: State)] = []

  private static let header = "ringside progress 1"

  public init() {}

  /// Reads the text of the file; whatever it holds, the result is usable.
  public init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpace }
      .filter { !$0.isEmpty }
    if let first = lines.first, first != Self.header { damagedLineCount += 1 }
    for line in lines where line != Self.header && line != lines.first { read(line) }
  }

  private mutating func read(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    if words.count == 2, words[0] == "current", LessonDocument.isWellFormed(id: words[1]) {
      current = words[1]
    } else if words.count == 2, words[1] == "done", LessonDocument.isWellFormed(id: words[0]) {
      self[words[0]] = .done
    } else if words.count == 4, words[1] == "at", let step = Int(words[2]), step >= 0,
      LessonDocument.isWellFormed(id: words[0])
    {
      self[words[0]] = .at(step: step, fingerprint: words[3])
    } else {
      damagedLineCount += 1
    }
  }

  /// How far the lesson `id` is; nil if it was not begun.
  public subscript(id: String) -> State? {
    get { states.first { $0.id == id }?.state }
    set {
      states.removeAll { $0.id == id }
      guard let newValue else { return }
      states.append((id, newValue))
      states.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }
  }

  /// Notes that `engine`'s lesson is open and how far it is.
  ///
  /// A lesson once done stays done.
  public mutating func note(_ engine: LessonEngine) {
    let lesson = engine.lesson
    current = lesson.id
    if engine.isFinished {
      self[lesson.id] = .done
    } else if self[lesson.id] != .done {
      let step = engine.resumePosition
      self[lesson.id] = .at(step: step, fingerprint: lesson.steps[step].fingerprint)
    }
  }

  /// The step at which to go on with `lesson`, from 0.
  ///
  /// If the lesson was changed: where the step is now; if it is gone, the lesson's beginning.
  public func step(in lesson: LessonDocument) -> Int {
    guard case .at(let step, let fingerprint) = self[lesson.id] else { return 0 }
    let places = lesson.steps.indices.filter { lesson.steps[$0].fingerprint == fingerprint }
    return places.min { abs($0 - step) < abs($1 - step) } ?? 0
  }

  /// The text of the file.
  public var text: String {
    var lines = [Self.header]
    for (id, state) in states {
      switch state {
      case .done: lines.append("\(id) done")
      case .at(let step, let fingerprint): lines.append("\(id) at \(step) \(fingerprint)")
      }
    }
    if let current { lines.append("current \(current)") }
    return lines.joined(separator: "\n") + "\n"
  }

  public static func == (a: Progress, b: Progress) -> Bool { a.text == b.text }
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// The file that holds a learner's progress.
public struct ProgressFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// Reads the file.
  ///
  /// - Returns: the progress, empty if there is no file; and what to tell the user if something was wrong.
  public func load() -> (progress: Progress, problem: String?) {
    guard WholeFile.isReadable(path) else { return (Progress(), nil) }
    do throws(FileError) {
      let progress = Progress(String(decoding: try WholeFile.read(path), as: UTF8.self))
      guard progress.damagedLineCount > 0 else { return (progress, nil) }
      let count = progress.damagedLineCount == 1 ? "a line" : "\(progress.damagedLineCount) lines"
      return (progress, "\(path): \(count) made no sense; the rest of your progress was kept")
    } catch {
      return (Progress(), "\(error); your progress begins anew")
    }
  }

  /// Notes how far `engine` is, in the file as it is now: another terminal may have written to it.
  ///
  /// The old file is there until the new one is whole. What was damaged is kept beside it as `….damaged`.
  ///
  /// - Returns: what to tell the user if it could not be written.
  public func note(_ engine: LessonEngine) -> String? {
    WholeFile.makeFolders(for: path)
    do throws(FileError) {
      var (progress, _) = load()
      if progress.damagedLineCount > 0 {
        try WholeFile.replace(path + ".damaged", with: WholeFile.read(path))
      }
      progress.note(engine)
      try WholeFile.replace(path, with: Array(progress.text.utf8))
      return nil
    } catch {
      return "\(error); your progress is not kept"
    }
  }
}
