import Lessons
import SourceText

/// Where a class is in its lesson: what the first terminal writes down and the presenter's second one reads.
///
/// A file of two lines; the numbers are those of the steps that are on the screen, from 0, the second one not
/// among them, and when the class began, in seconds since 1970:
///
///     ringside class 2
///     08-a-kernel-not-in-ring-0 5 7 1764345600
struct ClassPlace: Equatable {
  var lesson: String
  var screen: Range<Int>
  var began: Int

  private static let header = "ringside class 2"

  init(lesson: String, screen: Range<Int>, began: Int) {
    self.lesson = lesson
    self.screen = screen
    self.began = began
  }

  /// Reads the file's text; nil if it is none.
  init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.count == 2, lines[0] == Self.header else { return nil }
    let words = lines[1].split(separator: " ").map(String.init)
    guard words.count == 4, let start = Int(words[1]), let end = Int(words[2]), start >= 0,
      start <= end, let began = Int(words[3])
    else { return nil }
    (lesson, screen, self.began) = (words[0], start..<end, began)
  }

  var text: String {
    "\(Self.header)\n\(lesson) \(screen.lowerBound) \(screen.upperBound) \(began)\n"
  }

  /// The place in the file; nil if no class is being held.
  static func read(_ path: String) -> ClassPlace? {
    guard let bytes = try? WholeFile.read(path, as: .place) else { return nil }
    return ClassPlace(String(decoding: bytes, as: UTF8.self))
  }
}
