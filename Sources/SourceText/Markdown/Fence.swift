/// The opening of a fenced block, as CommonMark has it.
public struct Fence: Hashable, Sendable {
  /// The first word after the marks, empty if there is none.
  public let name: String
  /// The further words.
  public let attributes: [String]
  /// Whether it is of backticks and not indented.
  public let isPlain: Bool
  /// Spaces before the marks.
  let indent: Int
  private let mark: UInt8
  private let length: Int

  public init?(_ line: String) {
    let bytes = Array(line.utf8)
    let indent = bytes.prefix { $0 == UInt8(ascii: " ") }.count
    guard indent < 4, let mark = bytes.dropFirst(indent).first,
      mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
    else { return nil }
    let length = bytes.dropFirst(indent).prefix { $0 == mark }.count
    let info = bytes.dropFirst(indent + length)
    guard length >= 3, mark == UInt8(ascii: "~") || !info.contains(mark) else { return nil }
    let words = info.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .map { String(decoding: $0, as: UTF8.self) }
    name = words.first ?? ""
    attributes = Array(words.dropFirst())
    isPlain = indent == 0 && mark == UInt8(ascii: "`")
    self.indent = indent
    self.mark = mark
    self.length = length
  }

  /// Whether a line is its end.
  public func isClosed(by line: String) -> Bool { isClosed(by: Array(line.utf8)[...]) }

  public func isClosed(by line: ArraySlice<UInt8>) -> Bool {
    let space = UInt8(ascii: " ")
    let text = line.drop { $0 == space }
    guard line.count - text.count < 4 else { return false }
    let marks = text.prefix { $0 == mark }.count
    return marks >= length && text.dropFirst(marks).allSatisfy { $0 == space }
  }
}
