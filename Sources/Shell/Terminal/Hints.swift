import SourceText

/// How a line could go on, shown dim behind it: the rest of a command's name, and what it takes.
struct Hints {
  unowned let session: ShellSession

  func hint(after line: String) -> String? {
    guard session.interpreter.look.hints == .on, session.engine?.invitation.isQuestion != true,
      !session.interpreter.isCollecting
    else { return nil }
    let text = line.drop { $0.isWhitespace }
    let name = text.prefix { !$0.isWhitespace }
    let rest = text.dropFirst(name.count)
    guard !name.isEmpty, !name.contains("/"), rest.isEmpty || rest == " " else { return nil }
    guard case .found(let command) = CommandTable.find(String(name)) else { return nil }
    let usage = command.arguments
    if !rest.isEmpty { return usage.isEmpty ? nil : usage }
    let isBeginning = command.name.hasPrefix(name.lowercased())
    // Another name of the command stands for itself.
    let ending = isBeginning ? String(command.name.dropFirst(name.count)) : ""
    let all = usage.isEmpty ? ending : "\(ending) \(usage)"
    return all.isEmpty ? nil : all
  }
}
