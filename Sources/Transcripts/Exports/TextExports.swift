import SourceText

extension Performance {
  /// Markdown that any forge shows: no front matter, no seals, no notes.
  public var markdown: String {
    var lines: [String] = []
    for group in groups {
      if !lines.isEmpty { lines.append("") }
      switch group {
      case .prose(let prose): lines += Self.trimmed(prose)
      case .commands(let commands):
        let content = commands.flatMap { command -> [String] in
          let typed = "\(TranscriptCommand.prompt) \(command.line)"
          return [typed] + TranscriptCommand.lines(of: command.output.plain)
        }
        let fence = Self.fence(around: content)
        lines += [fence + "text"] + content + [fence]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The skeleton of a lesson that shows the same: its prose, and its commands as `run` blocks with what they
  /// say. What the learner is to do is for the author to add.
  ///
  /// - Parameter id: number, dash, name.
  public func lesson(id: String) -> String {
    let machine = Dictionary(frontMatter.machine.map { ($0.name, $0.value) }) { first, _ in first }
    // A lesson's programs lie in one folder, wherever the session had them from.
    let programs = frontMatter.images.map { image in
      image.name.split(separator: "/").last.map(String.init) ?? image.name
    }
    var lines = [
      "---", "id: \(id)", "title: \(Self.yaml(title))", "minutes: \(minutes)",
      "needs: []", "machine:", "  profile: \(machine["profile"] ?? "strict")",
      "  memory: \(machine["memory"] ?? "4M")",
      "programs: [\(programs.map { Self.yaml("../programs/" + $0) }.joined(separator: ", "))]",
      "sources:", "  - title: \(Self.yaml("The transcript that it was made of, \(title)"))", "---",
      "",
      "# \(title)",
    ]
    for group in groups {
      lines.append("")
      switch group {
      case .prose(let prose):
        // The title stands above; a screen ends with its commands.
        let rest = prose.filter { line in
          Markdown.heading(line).map { $0.level != 1 || $0.title != title } ?? true
        }
        lines += Self.filled(Self.trimmed(rest).map(Self.lessonLine))
      case .commands(let commands): lines += Self.runs(commands)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private enum Group {
    case prose([String])
    case commands([Command])
  }

  /// The items with the commands that follow one another taken together.
  private var groups: [Group] {
    var groups: [Group] = []
    for item in items {
      switch item {
      case .note: continue
      case .prose(let lines): groups.append(.prose(lines))
      case .command(let command):
        if case .commands(let before) = groups.last {
          groups[groups.count - 1] = .commands(before + [command])
        } else {
          groups.append(.commands([command]))
        }
      }
    }
    return groups
  }

  /// `run` blocks, each up to a command that is refused.
  private static func runs(_ commands: [Command]) -> [String] {
    var lines: [String] = []
    var rest = commands.filter { !$0.line.isEmpty }[...]
    while !rest.isEmpty {
      let end = rest.firstIndex { !$0.succeeded } ?? rest.index(before: rest.endIndex)
      let run = rest[...end]
      rest = rest[(end + 1)...]
      let output = run.flatMap { TranscriptCommand.lines(of: $0.output.plain) }
        .map(OutputPattern.escaped)
      let fence = fence(around: output)
      if !lines.isEmpty { lines.append("") }
      lines += [fence + "run" + (run.last?.succeeded == false ? " fails" : "")]
      lines += run.map(\.line) + [fence]
      if !output.isEmpty { lines += ["", fence + "output"] + output + [fence] }
    }
    return lines
  }

  /// For its prose alone, at a learner's pace.
  private var minutes: Int {
    let words = items.reduce(0) { sum, item in
      guard case .prose(let lines) = item else { return sum }
      return sum + lines.reduce(0) { $0 + $1.split(separator: " ").count }
    }
    return max(1, words / 150)
  }

  /// Paragraphs and items in lines of 80 columns, which is what a lesson may have.
  private static func filled(_ lines: [String]) -> [String] {
    var result: [String] = []
    var fence: Fence?
    var joins = false
    for line in lines {
      if let open = fence {
        if open.isClosed(by: Array(line.utf8)[...]) { fence = nil }
        result.append(line)
        joins = false
        continue
      }
      fence = Fence(line)
      let first = line.first
      let isText = fence == nil && first != nil && first != "#" && first != "|"
      let isItem = line.hasPrefix("- ") || line.hasPrefix("* ") || first?.isNumber == true
      var rest = line.split(separator: " ").map(String.init)[...]
      if isText, !isItem, joins, let before = result.popLast() {
        rest = before.split(separator: " ").map(String.init) + rest
      }
      guard isText else {
        result.append(line)
        joins = false
        continue
      }
      var filled = rest.popFirst() ?? ""
      for word in rest {
        if filled.count + 1 + word.count > 80 {
          result.append(filled)
          filled = word
        } else {
          filled += " " + word
        }
      }
      result.append(filled)
      joins = true
    }
    return result
  }

  /// A lesson has parts, `## `, and no deeper ones.
  private static func lessonLine(_ line: String) -> String {
    Markdown.heading(line).map { "## \($0.title)" } ?? line
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    let from = lines.drop { $0.isEmpty }
    return Array(from.reversed().drop { $0.isEmpty }.reversed())
  }

  private static func fence(around lines: [String]) -> String {
    let longest =
      lines.map { line in line.drop { $0 == " " }.prefix { $0 == "`" }.count }.max() ?? 0
    return String(repeating: "`", count: max(3, longest + 1))
  }

  private static func yaml(_ text: String) -> String {
    "'" + text.replacing("'", with: "''") + "'"
  }
}
