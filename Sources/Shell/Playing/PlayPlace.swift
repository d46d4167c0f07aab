import SourceText
import Transcripts

/// Where performances are: what is gone on from another day, and what the presenter's second terminal follows.
///
/// One small file in the user's state folder, the newest line first:
///
///     ringside play 1
///     12 40 talks/traps.md
///
/// that is: the beat that comes next, how many there are, and the file.
struct PlayPlace {
  private struct Line {
    var position: Int
    var count: Int
    var path: String
  }

  private static let header = "ringside play 1"
  private static let limit = 50

  let path: String

  /// Nil without a home folder.
  init?() {
    guard let folder = Environment.stateFolder else { return nil }
    path = folder + "/play"
  }

  /// Where a script of so many beats was left; nil if it never was, or is another by now.
  func position(of file: String, count: Int) -> Int? {
    guard let line = lines.first(where: { $0.path == Self.absolute(file) }), line.count == count,
      (0...count).contains(line.position)
    else { return nil }
    return line.position
  }

  /// Notes where a script is. A place that can't be kept spoils no performance.
  func note(_ position: Int, of file: String, count: Int) {
    let name = Self.absolute(file)
    let kept = lines.filter { $0.path != name }.prefix(Self.limit - 1)
    let text = ([Line(position: position, count: count, path: name)] + kept).map {
      "\($0.position) \($0.count) \($0.path)\n"
    }.joined()
    WholeFile.makeFolders(for: path)
    try? WholeFile.replace(path, with: Array("\(Self.header)\n\(text)".utf8))
  }

  private var lines: [Line] {
    guard let bytes = try? WholeFile.read(path, as: .place) else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard lines.first == Self.header[...] else { return [] }
    return lines.dropFirst().compactMap { line in
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let position = Int(words[0]), let count = Int(words[1]) else {
        return nil
      }
      return Line(position: position, count: count, path: String(words[2]))
    }
  }

  private static func absolute(_ file: String) -> String {
    if file.hasPrefix("/") { return file }
    return (Environment["PWD"] ?? ".") + "/" + file
  }
}

/// What the presenter alone sees of a transcript.
struct PlayNotes {
  let title: String
  let script: Script

  /// The notes of a place, and what comes next.
  func text(at position: Int, width: Int) -> StyledText {
    var lines = StyledText("Notes: \(Markdown.inline(title).plain)", .heading).wrapped(to: width)
      .lines
    let count = script.commandCount
    let done = script.commandCount(before: position)
    let chapter = script.chapter(at: position).map { ", " + Markdown.inline($0).plain } ?? ""
    lines += StyledText("\(done) of \(count) commands\(chapter)", .strong).wrapped(to: width).lines
    let notes = script.notes(at: position)
    for note in notes {
      lines += [StyledText()] + Markdown.text(note.joined(separator: "\n"), width: width).lines
    }
    if notes.isEmpty { lines += [StyledText(), StyledText("(no note here)", .dim)] }
    let next =
      script.nextCommand(from: position).map { "next: \($0)" } ?? "nothing comes after this"
    return StyledText(
      lines: lines + [StyledText()] + StyledText(next, .dim).wrapped(to: width).lines)
  }
}
