import Foundation
import Lessons
import SourceText
import TestSupport
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

  @Test func namesOfFilesMayHaveBlanksAndAHome() throws {
    let folder = try TemporaryFolder()
    for name in ["my file.s", "my/inner one/x.s", "myself.s", "od\"d.s"] {
      try folder.write("", to: name)
    }
    let cases: [(line: String, from: Int, expected: [String])] = [
      ("load \(folder.path)/mys", 5, ["\(folder.path)/myself.s"]),
      (
        "load \(folder.path)/my", 5,
        ["\(folder.path)/my/", "\"\(folder.path)/my file.s\"", "\(folder.path)/myself.s"].sorted {
          $0.filter { $0 != "\"" } < $1.filter { $0 != "\"" }
        }
      ),
      ("load --guest \"\(folder.path)/my f", 13, ["\"\(folder.path)/my file.s\""]),
      ("source \(folder.path)/my/in", 7, ["\"\(folder.path)/my/inner one/"]),
      ("source \"\(folder.path)/my/inner one/", 7, ["\"\(folder.path)/my/inner one/x.s\""]),
      ("load \(folder.path)/od", 5, []),
    ]
    for (line, from, expected) in cases {
      let found = Completer(session: session).completions(line, line.utf8.count)
      #expect(found.replaceFrom == from, "\(line)")
      #expect(Set(found.candidates.map(\.text)) == Set(expected), "\(line)")
      // What Tab writes is what the command reads.
      for candidate in found.candidates where candidate.addsSpace {
        let words = Arguments(candidate.text).words
        #expect(words.count == 1 && FileManager.default.fileExists(atPath: words[0]))
      }
    }
    let home = Completer(session: session).completions("load ~/", 7)
    #expect(
      home.candidates.allSatisfy {
        $0.text.filter { $0 != "\"" }.hasPrefix("~/") || $0.text.hasPrefix("--")
      })
  }
}
