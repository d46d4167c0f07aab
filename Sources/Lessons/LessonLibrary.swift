import SourceText

/// The lessons under a folder, each in a folder of its own with a `lesson.md`.
///
/// A lesson is read when it is asked for: a session that opens one does not read the others.
public final class LessonLibrary {
  public let folder: String
  /// What the folders call their lessons, by number and then by name; some may be broken.
  public let ids: [String]
  private var read: [String: (lesson: LessonDocument?, diagnostics: [Diagnostic])] = [:]

  /// Looks what there is under `folder`; folders without a `lesson.md` are something else.
  public init(folder: String) throws(FileError) {
    self.folder = folder
    ids = try WholeFile.names(inFolder: folder)
      .filter { WholeFile.isReadable("\(folder)/\($0)/lesson.md") }
      .sorted { Self.order($0) < Self.order($1) }
  }

  private static func order(_ id: String) -> (Int, String) {
    let (number, name) = LessonDocument.parts(ofID: id)
    return (Int(number) ?? Int.max, name)
  }

  /// The lessons that can be used, in the order of `ids`.
  public var lessons: [LessonDocument] { ids.compactMap { lesson($0) } }

  /// What is wrong with the lessons, the broken ones and the others.
  public var diagnostics: [Diagnostic] { ids.flatMap { entry($0).diagnostics } }

  /// The lesson in the folder of that name; nil if there is none or it is broken.
  public func lesson(_ id: String) -> LessonDocument? {
    ids.contains(id) ? entry(id).lesson : nil
  }

  /// The file of the lesson in the folder of that name.
  public func file(of id: String) -> String { "\(folder)/\(id)/lesson.md" }

  private func entry(_ id: String) -> (lesson: LessonDocument?, diagnostics: [Diagnostic]) {
    if let known = read[id] { return known }
    let file = file(of: id)
    var entry: (lesson: LessonDocument?, diagnostics: [Diagnostic])
    do throws(FileError) {
      let text = String(decoding: try WholeFile.read(file, as: .lesson), as: UTF8.self)
      entry = LessonDocument.parse(text, file: file)
      if let lesson = entry.lesson, lesson.id != id {
        entry.diagnostics.append(
          Diagnostic(
            .error, "the id is '\(lesson.id)' but the folder is '\(id)'", file: file, line: 1,
            column: 1))
      }
    } catch {
      entry = (nil, [Diagnostic(.error, "\(error)", file: file, line: 1, column: 1)])
    }
    read[id] = entry
    return entry
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
    let all = ids.map { (id: $0, parts: LessonDocument.parts(ofID: $0)) }
    let tests: [((id: String, parts: (number: String, name: String))) -> Bool] = [
      { $0.id == wanted || $0.parts.name == wanted },
      { Int($0.parts.number) != nil && Int($0.parts.number) == Int(wanted) },
      { $0.id.hasPrefix(wanted) || $0.parts.name.hasPrefix(wanted) },
    ]
    for test in tests where !wanted.isEmpty {
      let found = all.filter(test).map(\.id)
      if found.count > 1 { return .ambiguous(found) }
      if let id = found.first, let lesson = lesson(id) { return .found(lesson) }
    }
    let guess = Suggestion.nearest(to: wanted, among: all.flatMap { [$0.id, $0.parts.name] })
    return .none(didYouMean: all.first { $0.id == guess || $0.parts.name == guess }?.id)
  }

  /// The lesson after `lesson`, if there is one.
  public func lesson(after lesson: LessonDocument) -> LessonDocument? {
    guard let index = ids.firstIndex(of: lesson.id) else { return nil }
    return ids[(index + 1)...].lazy.compactMap { self.lesson($0) }.first
  }
}

extension LessonDocument {
  /// The folder that the lesson's programs are relative to.
  public var folder: String {
    guard let slash = file.lastIndex(of: "/") else { return "." }
    return String(file[..<slash])
  }
}
