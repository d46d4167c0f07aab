import Laboratory
import Lessons
import LineEditor
import OnionISA
import SourceText

/// Says how a line can go on: commands, then what the command's arguments are.
struct Completer {
  unowned let session: ShellSession

  /// - Parameter cursor: an offset in UTF-8 bytes.
  func completions(_ line: String, _ cursor: Int) -> Completions {
    let before = Array(line.utf8.prefix(cursor))
    let text = String(decoding: before, as: UTF8.self)
    let lead = text.prefix { $0.isWhitespace }
    let name = text.dropFirst(lead.count).prefix { !$0.isWhitespace }
    if lead.count + name.count == text.count {
      return Completions(replaceFrom: lead.utf8.count, candidates: commands(String(name)))
    }
    let meant = session.interpreter.userCommands.expanded(String(name.prefix { $0 != "/" }))
    guard let command = command(String(meant.prefix { !$0.isWhitespace })) else {
      return Completions(replaceFrom: cursor, candidates: [])
    }
    switch command.completion {
    case .file: return fileCompletions(text, isProgram: false)
    case .program: return fileCompletions(text, isProgram: true)
    default: break
    }
    let separators: Set<Character> =
      switch command.completion {
      case .setting where isChoice(text): [" ", "\t"]
      case .expression, .setting: Set(" \t()[]+-*/%&|^~!<>=,")
      default: [" ", "\t"]
      }
    let start = text.lastIndex { separators.contains($0) }.map { text.index(after: $0) }
    let word = String(text[(start ?? text.startIndex)...])
    var candidates = arguments(command.completion, word)
    let words = text.split(separator: " ")
    // Behind the sign, or inside brackets, stands an expression.
    if case .setting = command.completion, text.contains("=") || text.contains("[") {
      candidates = arguments(.expression, word)
    }
    if case .setting = command.completion, words.count > 1,
      let values = Setting.named(String(words[1]))?.values, words.count > 2 || text.hasSuffix(" ")
    {
      candidates = matching(values, word)
    }
    return Completions(replaceFrom: before.count - word.utf8.count, candidates: candidates)
  }

  /// `set theme …`: what follows is one of a few words.
  private func isChoice(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    return words.count > 1 && Setting.named(String(words[1]))?.values.isEmpty == false
      && (words.count > 2 || text.hasSuffix(" "))
  }

  private func command(_ name: String) -> Command? {
    if case .found(let command) = CommandTable.find(name) { command } else { nil }
  }

  private func commands(_ word: String) -> [Completion] {
    CommandTable.all.filter { $0.name.hasPrefix(word.lowercased()) }.map {
      Completion(text: $0.name, description: $0.summary)
    } + matching(session.interpreter.userCommands.names, word)
  }

  private func arguments(_ kind: Command.Completion, _ word: String) -> [Completion] {
    switch kind {
    case .none: return []
    case .expression: return matching(session.interpreter.session.knownNames, word, meaning)
    case .setting:
      return matching(Setting.all.map(\.name), word) { name in
        Setting.named(name)?.summary ?? ""
      } + matching(CommandInterpreter.settableNames + ["mem[", "mem8[", "phys["], word, meaning)
    case .program, .file: return []
    case .lesson:
      let ids = session.library?.ids ?? []
      return matching(LessonEngine.lessonWords + ["list", "reset", "leave"] + ids, word) {
        session.library?.lesson($0)?.title ?? ""
      }
    case .trap: return matching(CommandTable.caughtWords, word, trap)
    case .command:
      return commands(word)
        + matching(Command.Group.allCases.map(\.rawValue), word) {
          Command.Group(rawValue: $0)?.title ?? ""
        }
    case .words(let words): return matching(words, word)
    case .subjects(let subjects):
      return matching(subjects.map(\.name), word) { name in
        subjects.first { $0.name == name }?.summary ?? ""
      }
    }
  }

  /// What a name of an expression stands for.
  private func meaning(_ name: String) -> String {
    if let register = Register(name: name) { return register.use }
    if let control = ControlRegister(name: name) { return control.summary }
    guard let symbol = session.interpreter.session.image?.symbol(named: name) else { return "" }
    switch symbol.kind {
    case .label: return "at \(hexadecimal(symbol.value))"
    default: return "constant \(symbol.value)"
    }
  }

  private func trap(_ word: String) -> String {
    Vector.named.first { $0.name == word }.map { "vector \($0): \(Glossary.vector($0))" } ?? ""
  }

  private func matching(
    _ names: [String], _ word: String, _ description: (String) -> String = { _ in "" }
  ) -> [Completion] {
    var seen: Set<String> = []
    return names.filter { $0.hasPrefix(word) && seen.insert($0).inserted }.map {
      Completion(text: $0, description: description($0))
    }
  }

  /// Names of files, which may stand in quotes.
  private func fileCompletions(_ text: String, isProgram: Bool) -> Completions {
    let (start, word) = Arguments.lastWord(of: text)
    var candidates = files(word, isProgram ? ".s" : "")
    let isQuoted = text[start...].first == "\""
    for index in candidates.indices {
      candidates[index].text = Self.quoted(candidates[index].text, always: isQuoted)
    }
    if isProgram {
      candidates = matching(["--guest", "--profile", "--memory"], word) + candidates
    }
    return Completions(
      replaceFrom: text[..<start].utf8.count, candidates: candidates)
  }

  /// As a line has to have it: in quotes if there is a blank in it. A folder's name goes on behind the `/`.
  private static func quoted(_ name: String, always: Bool) -> String {
    guard always || name.contains(where: \.isWhitespace) else { return name }
    return "\"" + name + (name.hasSuffix("/") ? "" : "\"")
  }

  /// Files of the folder that the word names, and programs that are found by name alone.
  private func files(_ word: String, _ ending: String) -> [Completion] {
    let lead = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    let folder = lead.isEmpty ? "." : Environment.withHome(lead)
    var result: [Completion] = []
    for name in (try? WholeFile.names(inFolder: folder)) ?? []
    where name.first != "." && !name.contains("\"") && (lead + name).hasPrefix(word) {
      let isFolder = WholeFile.isFolder("\(folder)/\(name)")
      guard isFolder || name.hasSuffix(ending) else { continue }
      result.append(Completion(text: lead + name + (isFolder ? "/" : ""), addsSpace: !isFolder))
    }
    guard lead.isEmpty, !ending.isEmpty else { return result }
    let known = result.map(\.text)
    return result
      + matching(session.interpreter.files.programs().filter { !known.contains($0) }, word)
  }
}
