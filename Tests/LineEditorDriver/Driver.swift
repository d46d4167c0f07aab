import Foundation
import LineEditor

/// A small program that the tests of the line editor type at.
///
/// Its arguments are a history file and, if one is wanted, a prompt. It answers every line with
/// `got:` and the line; `spin` computes until Ctrl-C, `work` counts to three behind the next line, `hint`
/// says how lines that begin with `br` go on, `quit` ends.
@main
struct Driver {
  static let words = [
    Completion(text: "break", description: "stop at a place"),
    Completion(text: "step", description: "one instruction"),
    Completion(text: "stop", description: "stop it"),
    Completion(text: "Grüße", description: "a word with an umlaut"),
  ]

  static func main() {
    Interrupts.install()
    let arguments = CommandLine.arguments
    let prompt = arguments.count > 2 ? arguments[2] : "> "
    guard arguments.count > 1,
      let editor = LineEditor(
        program: "line-editor-driver", historyFile: arguments[1], completer: complete)
    else {
      answer(to: PlainLineReader(promptDescriptor: nil), prompt: prompt)
      return
    }
    if let message = editor.loadHistory() { Output.write(message + "\n") }
    answer(to: editor, prompt: prompt)
    if let message = editor.saveHistory() { Output.write(message + "\n") }
    Output.write("bye\n")
  }

  static func answer(to reader: any LineReading, prompt: String) {
    while true {
      switch reader.read(prompt: prompt) {
      case .endOfInput: return
      case .interrupted: Output.write("cancelled\n")
      case .line("quit"): return
      case .line("spin"):
        Output.write("spinning\n")
        while !Interrupts.isPending {}
        _ = Interrupts.take()
        Output.write("stopped\n")
      case .line("numbers"):
        (reader as? LineEditor)?.completer = { line, _ in
          let names = (1...40).map { Completion(text: "n\(100 + $0)") }
          return Completions(
            replaceFrom: 0, candidates: names.filter { $0.text.hasPrefix(line) })
        }
      case .line("work"): work(reader as? LineEditor)
      case .line("hint"):
        (reader as? LineEditor)?.hinter = { line in
          line.hasPrefix("br") ? String("break PLACE".dropFirst(line.count)) : nil
        }
      case .line(let line):
        (reader as? LineEditor)?.addToHistory(line)
        Output.write("got: \(line)\n")
      }
    }
  }

  /// Something to show above the prompt each time that a character more was typed, three times.
  static func work(_ editor: LineEditor?) {
    var count = 0
    var waits = 0
    editor?.background = {
      waits += 1
      usleep(2000)
      guard waits % 20 == 0 else { return .more }
      count += 1
      return count > 3 ? .nothing : .text("work \(count)\nand a line more")
    }
  }

  /// Completes the last word before the cursor.
  static func complete(line: String, cursor: Int) -> Completions {
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
    return Completions(
      replaceFrom: cursor - word.utf8.count,
      candidates: words.filter { $0.text.hasPrefix(word) })
  }
}
