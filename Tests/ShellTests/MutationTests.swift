import Foundation
import Lessons
import SourceText
import TestSupport
import Testing

@testable import Shell

/// The shipped lessons, each with one thing spoilt: the checker tells what.
struct MutationTests {
  /// Changes the text of a lesson in one way; nil if there is nothing in it to change so.
  struct Mutation: Sendable, CustomTestStringConvertible {
    var name: String
    /// A part of what the checker says.
    var message: String
    var change: @Sendable (String) -> String?

    var testDescription: String { name }

    init(_ name: String, _ message: String, _ change: @escaping @Sendable (String) -> String?) {
      (self.name, self.message, self.change) = (name, message, change)
    }

    /// Puts `new` in the place of the first text that matches.
    static func replacing(
      _ pattern: @escaping @Sendable () -> Regex<AnyRegexOutput>, _ new: String
    ) -> @Sendable (String) -> String? {
      { text in
        guard let match = text.firstMatch(of: pattern()) else { return nil }
        return text.replacingCharacters(in: match.range, with: new)
      }
    }
  }

  private static func regex(_ text: String) -> @Sendable () -> Regex<AnyRegexOutput> {
    { (try? Regex(text).anchorsMatchLineEndings()) ?? Regex(verbatim: "never") }
  }

  private static func swap(_ pattern: String, _ new: String) -> @Sendable (String) -> String? {
    Mutation.replacing(regex(pattern), new)
  }

  static let mutations = [
    Mutation(
      "hints removed", "needs at least one hint", swap(#"^hints:\n(  - .*\n)+(?=solution)"#, "")),
    Mutation(
      "a goal that holds at the start", "already holds before the learner",
      swap(#"^goal:\n(  +.*\n)+"#, "goal: 1 == 1\n")),
    Mutation(
      "a goal that is never reached", "does not reach the goal",
      swap(#"^goal:\n(  +.*\n)+"#, "goal: 1 == 2\n")),
    Mutation(
      "a goal without meaning", "has no value", swap(#"^goal:\n(  +.*\n)+"#, "goal: nowhere == 2\n")
    ),
    Mutation(
      "a solution that is refused", "is refused",
      swap(#"^solution:\n(  - .*\n)+"#, "solution:\n  - frobnicate\n")),
    Mutation(
      "a solution that does nothing", "the solution does not reach the goal",
      swap(#"^solution:\n(  - .*\n)+"#, "solution:\n  - print 1\n")),
    Mutation(
      "a road that leads elsewhere", "this road does not reach the goal",
      swap(#"^roads:\n(  - .*\n)+"#, "roads:\n  - [print 1]\n")),
    Mutation(
      "a sample that misses", "the sample does not reach the wrong",
      swap(#"^    sample: .*$"#, "    sample: print 1")),
    Mutation("a sample removed", "a wrong needs 'sample:'", swap(#"^    sample: .*\n"#, "")),
    Mutation("a changed number in the text", "the text says", swap(#"\d<!-- ="#, "9999<!-- =")),
    Mutation("no right answer", "exactly one choice", swap(#"^    right: true\n"#, "")),
    Mutation("a reply removed", "'reply:' is empty", swap(#"^    reply: .*$"#, "    reply:")),
    Mutation("a part in a block", "is inside a block", swap(#"^## "#, "```text\n## ")),
    Mutation("an empty part", "is empty", swap(#"^## "#, "## Nothing here\n\n## ")),
    Mutation("a part twice", "there are two parts") { text in
      guard let match = text.firstMatch(of: #/(?m)^## .*$/#) else { return nil }
      return text + "\n\(match.output)\n\nMore.\n"
    },
    Mutation("a title that differs", "the title in the front matter", swap(#"^# .*$"#, "# Other")),
    Mutation("a line too long", "break it before column 81") {
      $0 + "\n" + String(repeating: "word ", count: 20) + "\n"
    },
    Mutation("no sources", "names where its facts come from", swap(#"^sources:\n(  +.*\n)+"#, "")),
    Mutation("a dead link", "there is no file") { $0 + "\nSee [this](nowhere.md).\n" },
    Mutation(
      "a program missing", "there is no program", swap(#"^programs: \["#, "programs: [no.s, ")),
    Mutation(
      "a program not named", "is not among 'programs:'", swap(#"^programs: .*$"#, "programs: []")),
    Mutation(
      "a program that nothing needs", "no command of the lesson names the program",
      swap(#"^programs: \["#, "programs: [lesson.md, ")),
    Mutation(
      "an unknown need", "but there is no such lesson", swap(#"^needs: .*$"#, "needs: [77-none]")),
    Mutation("needs itself", "comes later or is this lesson itself") { text in
      guard let id = text.firstMatch(of: #/(?m)^id: (.*)$/#) else { return nil }
      return text.replacing(#/(?m)^needs: .*$/#, with: "needs: [\(id.1)]")
    },
    Mutation("another id", "but the folder is", swap(#"^id: .*$"#, "id: 99-other")),
    Mutation(
      "a claim that there isn't", "claims are numbers from", swap(#"^claims: \["#, "claims: [32, ")),
    Mutation("an unknown field", "has no 'tile'", swap(#"^title:"#, "tile: x\ntitle:")),
    Mutation("an unknown block", "is no kind of block", swap(#"^```quiz"#, "```quizz")),
    Mutation("a block left open", "is never closed") { $0 + "\n```text\nopen\n" },
    Mutation(
      "a command that is refused", "is refused", swap(#"^```run\n"#, "```run\nfrobnicate\n")),
    Mutation(
      "an output that differs", "expected 'nothing'",
      { text in
        guard let match = text.firstMatch(of: #/(?m)^```run\n(?:.*\n)*?```\n/#) else { return nil }
        return text.replacingCharacters(
          in: match.range, with: match.output + "\n```output\n...\nnothing\n```\n")
      }),
    Mutation("a setup in the middle", "stands at the beginning of a part") {
      $0 + "\nText.\n\n```setup\nload x.s\n```\n"
    },
    Mutation(
      "a command that there isn't", "there is no command 'frob'",
      swap(#"^needs:"#, "without: [frob]\nneeds:")),
    Mutation("a command that is needed", "the lesson does without") { text in
      guard let match = text.firstMatch(of: #/(?m)^solution:\n  - (\w+)/#) else { return nil }
      return text.replacing(
        #/(?m)^needs:/#, with: "without: [\(match.1)]\nneeds:", maxReplacements: 1)
    },
  ]

  /// Played in any case; the others only if there is time.
  static let lessons = ShippedLessonTests.lessons.filter {
    isSoak || ["01", "02", "08"].contains($0.number)
  }

  @Test(arguments: mutations) func theCheckerTellsWhatWasSpoilt(mutation: Mutation) throws {
    var count = 0
    for lesson in Self.lessons {
      let text = try String(contentsOfFile: lesson.file, encoding: .utf8)
      guard let changed = mutation.change(text), changed != text else { continue }
      count += 1
      let folder = try TemporaryFolder()
      try FileManager.default.copyItem(
        atPath: shippedLessons + "/programs", toPath: folder.path(of: "programs"))
      // Files of its own come along.
      try FileManager.default.copyItem(
        atPath: lesson.folder, toPath: folder.path(of: lesson.id))
      try folder.write(changed, to: "\(lesson.id)/lesson.md")
      let problems = LessonsCommand.Check.check(try LessonLibrary(folder: folder.path))
      #expect(
        problems.contains {
          $0.severity == .error && ($0.message + ($0.suggestion ?? "")).contains(mutation.message)
        },
        "\(lesson.id): \(problems.map(\.message))")
    }
    #expect(count > 0, "no lesson could be changed so")
  }

  @Test func anIdThatIsThereTwiceIsTold() throws {
    let folder = try TemporaryFolder()
    let lesson = try #require(Self.lessons.first)
    let text = try String(contentsOfFile: lesson.file, encoding: .utf8)
    for id in [lesson.id, "99-copy"] { try folder.write(text, to: "\(id)/lesson.md") }
    let problems = LessonsCommand.Check.check(try LessonLibrary(folder: folder.path))
    #expect(problems.contains { $0.message.hasPrefix("the id '\(lesson.id)' is also that of") })
  }
}
