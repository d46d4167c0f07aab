import SourceText

/// Looks whether a lesson's commands and its list of programs fit together.
struct LessonPrograms {
  let lesson: LessonDocument

  func problems() -> [Diagnostic] {
    var list = DiagnosticList(file: lesson.file, lines: lesson.lines)
    let field = line(of: "programs:")
    var named: Set<String> = []
    for command in lesson.steps.flatMap(\.kind.allCommands) {
      for word in command.text.split(whereSeparator: { $0.isWhitespace || $0 == "\"" || $0 == "," })
      {
        let word = String(word)
        named.insert(word)
        if word.hasSuffix(".s"), !lesson.programs.flatMap(Self.names).contains(word) {
          list.error(
            command.line, command.column, "'\(word)' is not among 'programs:' in the front matter")
        }
      }
    }
    for program in lesson.programs {
      if !WholeFile.isReadable("\(lesson.folder)/\(program)") {
        list.error(field, 1, "there is no program '\(program)' in the lesson's folder")
      } else if named.isDisjoint(with: Self.names(program)) {
        list.error(field, 1, "no command of the lesson names the program '\(program)'")
      }
    }
    return list.diagnostics
  }

  /// How commands may name a program: by its path, by its name alone, or by the end of its path, as
  /// `hostile/spin.s`.
  private static func names(_ program: String) -> [String] {
    let parts = program.split(separator: "/")
    let ends = parts.indices.map { parts[$0...] }.filter { $0.first != ".." && $0.first != "." }
    return [program] + ends.map { $0.joined(separator: "/") }
  }

  private func line(of field: String) -> Int {
    (lesson.lines.firstIndex { $0.hasPrefix(field) } ?? 0) + 1
  }
}

extension LessonStep.Kind {
  /// Every command that the step holds: its own, and those of learners on right and wrong ways.
  var allCommands: [LocatedText] {
    guard case .task(let task) = self else { return commands }
    return task.solution + task.roads.flatMap(\.self) + task.wrong.flatMap(\.sample)
  }
}
