import Lessons
import SourceText
import Transcripts

/// What a transcript can be made into.
enum ExportFormat: String, CaseIterable, Sendable {
  case html
  case cast
  case md
  case lesson
}

extension TranscriptRun {
  /// Its title, or else its name without folder and ending.
  var title: String { transcript.title ?? baseName }

  var baseName: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".md") ? String(name.dropLast(3)) : name
  }

  /// Runs it and keeps what is shown; a difference ends it, and nothing is made of it.
  func performance(
    on interpreter: CommandInterpreter
  ) throws(ExportFailure) -> Performance {
    var performance = Performance(title: title, frontMatter: transcript.frontMatter)
    var replayer = Replayer(transcript)
    _ = interpreter.takeStyledOutputs()
    while let step = replayer.next(on: interpreter) {
      switch step {
      // What stands in a file is not for the reader's terminal to obey.
      case .prose(let lines): performance.add(prose: lines.map { StyledText($0).visible.plain })
      case .command(let line, _):
        let output = StyledText(lines: interpreter.takeStyledOutputs().flatMap(\.lines))
        if replayer.last?.isUnseen == true { continue }
        performance.items.append(
          .command(
            .init(
              line: StyledText(line).visible.plain, output: output,
              succeeded: replayer.last?.succeeded ?? true)))
      case .diverged(let divergence): throw ExportFailure(divergence: divergence)
      }
    }
    // A recording without front matter still knows what it loaded.
    if performance.frontMatter.images.isEmpty {
      performance.frontMatter.images = interpreter.loadedImages.map {
        .init($0.name, $0.image.digest)
      }
    }
    return performance
  }
}

/// It is not as it is written, so what it would show is not what is written.
struct ExportFailure: Error {
  var divergence: Divergence
}

extension Performance {
  /// - Parameters:
  ///   - pace: how fast an asciicast goes.
  ///   - lessonNumber: the number of a lesson that is made of it.
  func text(
    _ format: ExportFormat, name: String, castVersion: Int, pace: Pace = Pace(), lessonNumber: Int
  ) -> String {
    switch format {
    case .html: html
    case .md: markdown
    case .cast:
      cast(version: castVersion, pace: pace) { lines in
        Markdown.text(lines.joined(separator: "\n"), width: min(width, 80))
      }
    case .lesson: lesson(id: Self.lessonID(name, number: lessonNumber))
    }
  }

  /// `15-a-name` from a file's name, a number at whose beginning is that of the lesson.
  static func lessonID(_ name: String, number next: Int) -> String {
    let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let number = words.first.flatMap { Int($0) == nil ? nil : String($0) }
    let rest = words.dropFirst(number == nil ? 0 : 1).joined(separator: "-")
    return "\(number ?? (next < 10 ? "0\(next)" : "\(next)"))-\(rest.isEmpty ? "lesson" : rest)"
  }
}
