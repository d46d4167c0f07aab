import Lessons
import SourceText
import TestSupport
import Testing

@testable import Shell

/// The lessons that come with the program, gone through in more ways than one.
struct ShippedLessonTests {
  static let lessons = (try? LessonLibrary(folder: shippedLessons))?.lessons ?? []

  @Test func thereAreLessons() { #expect(Self.lessons.count >= 3) }

  @Test(arguments: lessons.map(\.id)) func allOfThemPassTheChecker(id: String) throws {
    let problems = LessonsCommand.Check.check(try LessonLibrary(folder: shippedLessons), only: id)
    #expect(problems.map { $0.rendered(width: 200).plain } == [])
  }

  @Test func everyClaimOfTheArticleIsShownOrLeftOutForAReason() {
    #expect(ArticleClaim.missing(Self.lessons) == [], "no lesson has these among its 'claims:'")
    #expect(ArticleClaim.all.map(\.number) == Array(1...31))
  }

  /// At the prompt, where the task is given: what is said to these lines.
  private func said(_ lesson: LessonDocument, step: Int, _ lines: [LocatedText]) throws -> String {
    var look = LookOptions()
    (look.plain, look.width, look.color) = (false, 200, .never)
    let session = try ShellSession(
      output: ShellOutput(look, descriptor: -1),
      library: try LessonLibrary(folder: shippedLessons), progress: nil)
    _ = session.begin(lesson)
    _ = session.engine?.start(at: step)
    return lines.map { session.run($0.text).text.plain }.joined(separator: "\n")
  }

  private func words(_ text: String) -> String {
    Markdown.inline(text.split(whereSeparator: \.isWhitespace).joined(separator: " ")).plain
  }

  @Test(arguments: lessons) func everyRoadReachesItsGoal(lesson: LessonDocument) throws {
    var ways = 0
    for (step, task) in lesson.tasks {
      for road in [task.solution] + task.roads {
        let said = words(try said(lesson, step: step, road))
        let endings = task.done.isEmpty ? ["Done."] : task.done.map(\.text)
        #expect(
          endings.contains { said.contains(words($0)) }, "\(lesson.id): \(road.map(\.text))")
      }
      ways = max(ways, 1 + task.roads.count)
    }
    #expect(ways >= 2, "\(lesson.id): no task has 'roads:'")
  }

  @Test(arguments: lessons) func wrongTurnsGetRepliesOfTheirOwn(lesson: LessonDocument) throws {
    var replies: Set<String> = []
    for (step, task) in lesson.tasks {
      for wrong in task.wrong {
        let said = words(try said(lesson, step: step, wrong.sample))
        #expect(said.contains(words(wrong.reply)), "\(lesson.id): \(wrong.sample.map(\.text))")
        replies.insert(wrong.reply)
      }
    }
    for case .quiz(let question) in lesson.steps.map(\.kind) {
      switch question.answer {
      case .value(_, _, let wrong, _): replies.formUnion(wrong.map(\.reply))
      case .choices(let choices): replies.formUnion(choices.filter { $0.right == .no }.map(\.reply))
      }
    }
    #expect(replies.count >= 3, "\(lesson.id)")
  }
}

extension LessonDocument {
  /// The tasks and the numbers of their steps.
  fileprivate var tasks: [(step: Int, task: LessonTask)] {
    steps.enumerated().compactMap { index, step in
      if case .task(let task) = step.kind { (index, task) } else { nil }
    }
  }
}
