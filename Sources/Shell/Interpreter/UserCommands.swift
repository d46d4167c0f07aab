import SourceText

/// Commands that a person has made of others: `define` and `alias`.
struct UserCommands {
  /// By name, the lines of a definition.
  private(set) var definitions: [String: [String]] = [:]
  /// By name, what stands for it at the beginning of a line.
  private(set) var aliases: [String: String] = [:]

  /// Lines of definitions that may lead to one another.
  static let depthLimit = 20
  /// Lines that one line may stand for.
  static let lengthLimit = 10_000

  var names: [String] { (Array(definitions.keys) + aliases.keys).sorted() }

  mutating func define(_ name: String, _ lines: [String]) {
    aliases[name] = nil
    definitions[name] = lines.isEmpty ? nil : lines
  }

  mutating func alias(_ name: String, _ text: String?) {
    definitions[name] = nil
    aliases[name] = text
  }

  /// The line with an alias at its beginning written out, again and again, but none twice.
  func expanded(_ line: String) -> String {
    var line = line
    var used: Set<String> = []
    while let typed = TypedLine(line), let text = aliases[typed.name],
      used.insert(typed.name).inserted
    {
      line = text + line.trimmed.dropFirst(typed.name.count)
    }
    return line
  }

  /// The lines of the shell's own commands that a line stands for; only itself if nobody made it.
  func flattened(_ line: String, depth: Int = 0) throws(CommandFailure) -> [String] {
    let line = expanded(line)
    guard let typed = TypedLine(line), let lines = definitions[typed.name] else { return [line] }
    guard depth < Self.depthLimit else {
      throw CommandFailure(
        "'\(typed.name)': definitions lead to one another more than \(Self.depthLimit) deep")
    }
    let words = typed.arguments.words
    var result: [String] = []
    for line in lines {
      var line = line.replacing("$argc", with: "\(words.count)")
      for number in 0...9 {
        line = line.replacing("$arg\(number)", with: number < words.count ? words[number] : "")
      }
      result += try flattened(line, depth: depth + 1)
      guard result.count <= Self.lengthLimit else {
        throw CommandFailure("'\(typed.name)' makes more than \(Self.lengthLimit) lines")
      }
    }
    return result
  }
}

extension CommandInterpreter {
  /// Runs what a person has made of others, up to a line that fails; nil if the line is none of that.
  func runUserCommand(_ line: String) -> Outcome? {
    guard let name = TypedLine(line)?.name, userCommands.definitions[name] != nil else {
      return nil
    }
    var outcome = Outcome(text: StyledText(), command: name, isSilentlyObserved: true)
    do throws(CommandFailure) {
      for line in try userCommands.flattened(line) {
        let said = execute(line)
        if !said.text.isEmpty { outcome.text.appendLine(said.text) }
        guard said.succeeded else {
          throw CommandFailure("'\(name)': '\(line)' failed; the rest was not run")
        }
        if poll() { throw CommandFailure("'\(name)' was stopped by Ctrl-C") }
      }
      if let missing = endOfLines() { throw CommandFailure("'\(name)': \(missing)") }
    } catch {
      collection = nil
      outcome.text.appendLine(fitted(error.text))
      outcome.succeeded = false
    }
    return outcome
  }
}
