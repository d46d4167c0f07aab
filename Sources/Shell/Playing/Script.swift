import Transcripts

/// A transcript as it is performed: what is shown one after the other.
struct Script {
  enum Beat {
    /// A stretch of prose; the chapter that begins with it.
    case prose([String], chapter: String?)
    /// What the presenter alone sees.
    case note([String])
    case command(TranscriptCommand)
    /// What was done while the recording was paused: it is run, and nobody sees it.
    case unseen(TranscriptCommand)
  }

  let beats: [Beat]

  init(_ transcript: Transcript) {
    var beats: [Beat] = []
    for part in transcript.parts {
      switch part {
      case .block(let block):
        beats += block.commands.map { block.isUnseen ? .unseen($0) : .command($0) }
      case .prose(let lines):
        for piece in ProsePiece.pieces(of: lines) {
          switch piece {
          case .note(let lines): beats.append(.note(lines))
          case .text(let lines): beats += Self.stretches(lines)
          }
        }
      }
    }
    self.beats = beats
  }

  /// Prose cut where chapters begin.
  private static func stretches(_ lines: [String]) -> [Beat] {
    let heads = Dictionary(
      Transcript.chapters(of: lines).map { ($0.line, $0.title) }, uniquingKeysWith: { $1 })
    var beats: [Beat] = []
    var stretch: [String] = []
    var chapter: String?
    func flush() {
      if chapter != nil || stretch.contains(where: { !$0.isEmpty }) {
        beats.append(.prose(stretch, chapter: chapter))
      }
    }
    for (index, line) in lines.enumerated() {
      if let title = heads[index] {
        flush()
        stretch = []
        chapter = title
      }
      stretch.append(line)
    }
    flush()
    return beats
  }

  /// Commands, those that nobody sees among them: so their numbers are those of a replay.
  var commandCount: Int { commandCount(before: beats.count) }

  func commandCount(before position: Int) -> Int {
    beats[..<position].count(where: Self.isRun)
  }

  private static func isRun(_ beat: Beat) -> Bool {
    switch beat {
    case .command, .unseen: true
    case .prose, .note: false
    }
  }

  /// Where the command of that number, from 1, stands.
  func position(ofCommand number: Int) -> Int? {
    var left = number
    for (index, beat) in beats.enumerated() {
      guard Self.isRun(beat) else { continue }
      left -= 1
      if left == 0 { return index }
    }
    return nil
  }

  /// The nearest command before a place, of those that are seen.
  func command(before position: Int) -> Int? {
    beats[..<position].lastIndex { if case .command = $0 { true } else { false } }
  }

  /// Where chapters begin, and their names.
  var chapters: [(position: Int, title: String)] {
    beats.enumerated().compactMap { index, beat in
      guard case .prose(_, let chapter?) = beat else { return nil }
      return (index, chapter)
    }
  }

  /// The chapter in which a place is.
  func chapter(at position: Int) -> String? { chapters.last { $0.position < position }?.title }

  /// The next beat from `position` on that holds `text`, then those before it; case does not matter.
  func search(_ text: String, from position: Int) -> Int? {
    let wanted = text.lowercased()
    let order = Array(position..<beats.count) + Array(0..<position)
    return order.first { index in
      switch beats[index] {
      case .note, .unseen: false
      case .prose(let lines, _): lines.contains { $0.lowercased().contains(wanted) }
      case .command(let command):
        ([command.text] + command.writtenOutput).contains { $0.lowercased().contains(wanted) }
      }
    }
  }

  /// The notes that belong to a place: those after the command before it, up to the next command.
  func notes(at position: Int) -> [[String]] {
    let from = command(before: position).map { $0 + 1 } ?? 0
    var notes: [[String]] = []
    for beat in beats[from...] {
      if case .command = beat { break }
      if case .note(let lines) = beat { notes.append(lines) }
    }
    return notes
  }

  /// The command that comes next.
  func nextCommand(from position: Int) -> String? {
    for case .command(let command) in beats[position...] { return command.text }
    return nil
  }
}
