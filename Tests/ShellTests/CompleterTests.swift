import Lessons
import SourceText
import Testing

@testable import Shell

/// What Tab offers.
struct CompleterTests {
  let session: ShellSession

  init() throws {
    var look = LookOptions()
    look.plain = false
    look.width = 80
    look.color = .never
    session = try ShellSession(
      output: ShellOutput(look, descriptor: -1),
      library: try LessonLibrary(folder: shippedLessons), progress: nil)
    _ = session.run("load kernel.s")
  }

  static let cases: [(line: String, expected: [String]?)] = [
    ("st", ["step", "stack"]), ("  wal", ["walk"]), ("load --g", ["--guest"]),
    ("load two", ["two-modes.s"]),
    ("break crit", ["critical"]), ("print a0+crit", ["critical"]), ("set mem[crit", ["critical"]),
    ("set a0 = crit", ["critical"]),
    ("set crit", []), ("set pt", ["ptbr"]),
    ("catch prot", ["protection"]), ("lesson 08", ["08-a-kernel-not-in-ring-0"]),
    ("lesson ne", ["next"]), ("help wal", ["walk"]), ("explain iret", ["iret"]),
    ("x/8xw crit", ["critical"]), ("step ", nil), ("regs x", []), ("nosuch x", []),
    ("info br", ["breakpoints"]), ("gates r", ["real"]),
  ]

  @Test(arguments: cases)
  func offers(line: String, expected: [String]?) {
    let found = Completer(session: session).completions(line, line.utf8.count)
    if let expected {
      #expect(found.candidates.map(\.text) == expected)
    } else {
      #expect(found.candidates.count > 50, "every name of an expression")
    }
  }

  @Test func theWordUnderTheCursorIsReplaced() {
    let found = Completer(session: session).completions("print a0+crit rest", 13)
    #expect(found.replaceFrom == 9)
    #expect(found.candidates.map(\.text) == ["critical"])
  }
}
