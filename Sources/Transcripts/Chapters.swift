import SourceText

/// A heading of the prose: where a part of the session begins.
public struct Chapter: Hashable, Sendable {
  public let title: String
  /// 1 for `#`, up to 6.
  public let level: Int
  /// The index of the part of the transcript in which it stands.
  public let part: Int
  /// The index of the line within that part.
  public let lineInPart: Int
}

extension Transcript {
  /// The headings in order.
  public var chapters: [Chapter] {
    var chapters: [Chapter] = []
    for (index, part) in parts.enumerated() {
      guard case .prose(let lines) = part else { continue }
      for head in Self.chapters(of: lines) {
        chapters.append(
          Chapter(title: head.title, level: head.level, part: index, lineInPart: head.line))
      }
    }
    return chapters
  }

  /// The headings in lines of prose, with the index of each one's line.
  public static func chapters(of lines: [String]) -> [(line: Int, level: Int, title: String)] {
    var heads: [(line: Int, level: Int, title: String)] = []
    var fence: Fence?
    for (at, line) in lines.enumerated() {
      if let open = fence {
        if open.isClosed(by: line) { fence = nil }
      } else if let open = Fence(line) {
        fence = open
      } else if let (level, title) = Markdown.heading(line) {
        heads.append((at, level, title))
      }
    }
    return heads
  }

  /// The first heading of the first level, if it stands above all commands; `record mark` makes chapters, no title.
  public var title: String? {
    let start = parts.firstIndex { if case .block = $0 { true } else { false } } ?? parts.endIndex
    return chapters.first { $0.level == 1 && $0.part < start }?.title
  }
}

/// Prose in pieces: what everybody sees, and `note` fences, which are for the presenter alone.
public enum ProsePiece: Hashable, Sendable {
  case text([String])
  case note([String])

  public static func pieces(of lines: [String]) -> [ProsePiece] {
    var pieces: [ProsePiece] = []
    var text: [String] = []
    var at = 0
    func flush() {
      if text.contains(where: { !$0.isEmpty }) { pieces.append(.text(text)) }
      text = []
    }
    while at < lines.count {
      guard let fence = Fence(lines[at]),
        let close = lines[(at + 1)...].firstIndex(where: { fence.isClosed(by: $0) })
      else {
        text.append(lines[at])
        at += 1
        continue
      }
      if fence.name == "note" {
        flush()
        pieces.append(.note(Array(lines[at + 1..<close])))
      } else {
        text += lines[at...close]
      }
      at = close + 1
    }
    flush()
    return pieces
  }
}
