import Lessons
import SourceText
import Transcripts

/// What a lesson says, as text for a terminal.
struct LessonPresenter {
  var width: Int
  var layout = Layout.normal
  /// The outputs of the commands that the lesson ran, with their styles, in order.
  var styled: [StyledText] = []
  /// What to say when the lesson is over.
  var afterLesson = ""

  /// Prose is easier to read in lines that are not too long.
  private var proseWidth: Int { min(width, isBig ? Look.bigWidth : 80) }
  private var isBig: Bool { layout == .big }

  mutating func text(_ outputs: [LessonOutput]) -> StyledText {
    var lines: [StyledText] = []
    var last: Kind?
    for output in outputs {
      let (kind, text) = self.text(output)
      guard !text.isEmpty else { continue }
      if let last, kind.isApart(from: last, isBig: isBig), lines.last?.isEmpty == false {
        lines.append(StyledText())
      }
      lines += text.lines
      last = kind
    }
    return StyledText(lines: lines)
  }

  /// Which pieces stand close together.
  private enum Kind {
    case prose
    case machine
    case question
    case answer
    case list
    case invitation

    func isApart(from last: Kind, isBig: Bool) -> Bool {
      switch (last, self) {
      case (.machine, .machine), (.list, .list), (.answer, .answer): false
      case (.question, .question): isBig
      default: true
      }
    }
  }

  private mutating func text(_ output: LessonOutput) -> (Kind, StyledText) {
    switch output {
    case .title(let number, let title, let minutes):
      return (
        .prose,
        (StyledText("Lesson \(Int(number) ?? 0): \(title)", .heading)
          + StyledText("  (about \(minutes) minutes)", .dim)).wrapped(to: width)
      )
    case .heading(let text):
      return (.prose, (StyledText("## ", .dim) + StyledText(text, .heading)).wrapped(to: width))
    case .prose(let text): return (.prose, Markdown.text(text, width: proseWidth, isSpaced: isBig))
    case .command(let text):
      return (
        .machine,
        (StyledText(TranscriptCommand.prompt + " ", .prompt) + StyledText(text)).wrapped(
          to: width, hanging: "  ")
      )
    case .output(let text): return (.machine, restyled(text))
    case .task(let text): return (.question, labelled("Your turn: ", .heading, text))
    case .question(let text): return (.question, labelled("Question: ", .heading, text))
    case .prediction(let text):
      return (.question, labelled("Predict (one try): ", .heading, text))
    case .choice(let letter, let text): return (.question, labelled("  \(letter)  ", .strong, text))
    case .votes(let letter, let text, let count, let total):
      let share = total == 0 ? 0 : count * 20 / total
      let bar = StyledText(" \(String(repeating: "#", count: share))", .strong)
      return (
        .question,
        labelled("  \(letter)  ", .strong, text) + "\n" + "     \(count)" + (share > 0 ? bar : "")
      )
    case .reply(let text, let verdict): return (.answer, reply(text, verdict))
    case .explanation(let text): return (.answer, labelled("", .plain, text))
    case .hint(let text, let number, let count):
      return (.answer, labelled("Hint \(number) of \(count): ", .strong, text))
    case .solution(let lines):
      return (
        .answer,
        StyledText(
          lines: [StyledText("Solution:", .strong)]
            + lines.flatMap {
              StyledText($0).wrapped(to: width, first: "  ", hanging: "    ").lines
            })
      )
    case .goal(let text, let holds):
      return (.list, labelled(holds ? "  [x] " : "  [ ] ", holds ? .good : .dim, text))
    case .result(let text, let result):
      let mark =
        switch result?.outcome {
        case .done: "  [x] "
        case .shown, .skipped, .missed: "  [-] "
        case nil: "  [ ] "
        }
      let words = result?.words ?? ""
      return (.list, labelled(mark, .strong, words.isEmpty ? text : "\(text) (\(words))"))
    case .part(let number, let name, let state):
      let mark =
        switch state {
        case .done: "  [x] "
        case .current: "   => "
        case .ahead: "  [ ] "
        }
      return (.list, labelled(mark, .strong, "\(number). \(name)"))
    case .note(let text): return (.prose, labelled("Note: ", .dim, text))
    case .message(let text): return (.answer, labelled("", .plain, text))
    case .finished(let title):
      let end = "That was \"\(title)\"." + (afterLesson.isEmpty ? "" : " \(afterLesson)")
      return (.prose, labelled("", .heading, end))
    case .invitation(.nothing): return (.invitation, StyledText())
    case .invitation(let invitation):
      return (.invitation, StyledText("[\(invitation.text)]", .dim).wrapped(to: width))
    }
  }

  private func reply(_ text: String, _ verdict: LessonVerdict) -> StyledText {
    let (word, mark, style): (String, String, Style) =
      switch verdict {
      case .right: ("Right", ".", .good)
      case .notYet: ("Not yet", ":", .strong)
      case .wrong: ("No", ".", .bad)
      }
    // "Nothing was stored" says no "No" yet.
    let begins = text.hasPrefix(word) && text.dropFirst(word.count).first?.isLetter != true
    return labelled(begins ? "" : "\(word)\(mark) ", style, text)
  }

  private func labelled(_ label: String, _ style: Style, _ text: String) -> StyledText {
    let hanging = StyledText(String(repeating: " ", count: label.first == " " ? label.count : 0))
    return Markdown.inline(text.replacing("\n", with: " ")).wrapped(
      to: proseWidth, first: StyledText(label, style), hanging: hanging)
  }

  /// A command's output with the styles that it had when it was run.
  private mutating func restyled(_ plain: String) -> StyledText {
    let text = plain.hasSuffix("\n") ? String(plain.dropLast()) : plain
    while let candidate = styled.first {
      styled.removeFirst()
      if candidate.plain == text { return candidate }
    }
    return StyledText(text)
  }
}
