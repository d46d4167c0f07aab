import SourceText

/// The lessons under a folder, each in a folder of its own with a `lesson.md`.
public struct LessonLibrary: Sendable {
  public let folder: String
  /// The lessons that can be used, by number and then by name.
  public let lessons: [LessonDocument]
  /// What is wrong with the lessons, the broken ones and the others; broken ones are not in `lessons`.
  public let diagnostics: [Diagnostic]

  /// Reads every lesson under `folder`; folders without a `lesson.md` are something else.
  public init(folder: String) throws(FileError) {
    self.folder = folder
    var lessons: [LessonDocument] = []
    var diagnostics: [Diagnostic] = []
    for name in try WholeFile.names(inFolder: folder) {
      let file = "\(folder)/\(name)/lesson.md"
      guard WholeFile.isReadable(file) else { continue }
      let bytes: [UInt8]
      do {
        bytes = try WholeFile.read(file)
      } catch {
        diagnostics.append(Diagnostic(.error, "\(error)", file: file, line: 1, column: 1))
        continue
      }
      let (lesson, problems) = LessonDocument.parse(
        String(decoding: bytes, as: UTF8.self), file: file)
      diagnostics += problems
      if let lesson {
        if lesson.id != name {
          diagnostics.append(
            Diagnostic(
              .error, "the id is '\(lesson.id)' but the folder is '\(name)'", file: file, line: 1,
              column: 1))
        }
        lessons.append(lesson)
      }
    }
    self.lessons = lessons.sorted { Self.order($0) < Self.order($1) }
    self.diagnostics = diagnostics
  }

  private static func order(_ lesson: LessonDocument) -> (Int, String) {
    (Int(lesson.number) ?? Int.max, lesson.name)
  }

  /// What a name means.
  public enum Lookup: Hashable, Sendable {
    case found(LessonDocument)
    /// Several lessons' ids begin so.
    case ambiguous([String])
    /// No lesson is called so; the id of one that may be meant.
    case none(didYouMean: String?)
  }

  /// Finds a lesson by its id, number (`8`, `08`), name, or the beginning of its id or name.
  public func find(_ name: String) -> Lookup {
    let wanted = name.trimmingSpace.lowercased()
    let tests: [(LessonDocument) -> Bool] = [
      { $0.id == wanted || $0.name == wanted },
      { Int($0.number) != nil && Int($0.number) == Int(wanted) },
      { $0.id.hasPrefix(wanted) || $0.name.hasPrefix(wanted) },
    ]
    for test in tests where !wanted.isEmpty {
      let found = lessons.filter(test)
      if found.count == 1 { return .found(found[0]) }
      if found.count > 1 { return .ambiguous(found.map(\.id)) }
    }
    let guess = Suggestion.nearest(to: wanted, among: lessons.flatMap { [$0.id, $0.name] })
    let lesson = lessons.first { $0.id == guess || $0.name == guess }
    return .none(didYouMean: lesson?.id)
  }

  /// The lesson after `lesson`, if there is one.
  public func lesson(after lesson: LessonDocument) -> LessonDocument? {
    guard let index = lessons.firstIndex(where: { $0.id == lesson.id }) else { return nil }
    return lessons.dropFirst(index + 1).first
  }
}

extension LessonDocument {
  /// The folder that the lesson's programs are relative to.
  public var folder: String {
    guard let slash = file.lastIndex(of: "/") else { return "." }
    return String(file[..<slash])
  }
}
