/// The list of candidates under the line: with their descriptions while they are few, in columns
/// when they are many.
enum CompletionList {
  /// Up to so many candidates get a line each.
  static let describedLimit = 16
  /// Of more lines than this only the first are shown.
  static let lineLimit = 100

  /// The lines of the list, each shorter than the window is wide.
  static func lines(_ candidates: [Completion], columns: Int) -> [String] {
    let isDescribed = candidates.contains { !$0.description.isEmpty }
    if isDescribed, candidates.count <= describedLimit {
      return described(candidates, room: max(columns - 1, 1))
    }
    return inColumns(candidates.map(\.text), room: max(columns - 1, 1))
  }

  private static func described(_ candidates: [Completion], room: Int) -> [String] {
    let width = candidates.reduce(0) { max($0, DisplayWidth.columns($1.text)) }
    return candidates.map {
      let line = $0.description.isEmpty ? $0.text : padded($0.text, to: width + 2) + $0.description
      return DisplayWidth.clipped(line, to: room)
    }
  }

  /// Columns that are read downwards, as those of `ls`.
  private static func inColumns(_ texts: [String], room: Int) -> [String] {
    let width = texts.reduce(0) { max($0, DisplayWidth.columns($1)) } + 2
    let across = max((room + 2) / width, 1)
    let down = (texts.count + across - 1) / across
    let shown = (0..<min(down, lineLimit)).map { row in
      let cells = stride(from: row, to: texts.count, by: down).map { texts[$0] }
      let line = cells.dropLast().map { padded($0, to: width) }.joined() + (cells.last ?? "")
      return DisplayWidth.clipped(line, to: room)
    }
    guard down > lineLimit else { return shown }
    return shown + [DisplayWidth.clipped("(\(texts.count) in all: type more)", to: room)]
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(width - DisplayWidth.columns(text), 0))
  }
}
