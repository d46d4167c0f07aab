/// The opening of a fence in a lesson.
struct LessonFence {
  let name: String
  let options: [String]
  /// The shortest line that closes it.
  let closing: String

  init?(_ line: String) {
    let text = line.drop { $0 == " " }
    guard line.count - text.count < 4, let mark = text.first, mark == "`" || mark == "~" else {
      return nil
    }
    let marks = text.prefix { $0 == mark }
    let info = text.dropFirst(marks.count)
    guard marks.count >= 3, mark == "~" || !info.contains(mark) else { return nil }
    let words = info.split(separator: " ").map(String.init)
    name = words.first ?? ""
    options = Array(words.dropFirst())
    closing = String(marks)
  }

  func isClosed(by line: String) -> Bool {
    let text = line.trimmingSpace
    return text.hasPrefix(closing) && text.allSatisfy { $0 == closing.first }
  }
}
