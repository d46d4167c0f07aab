import TestSupport
import Testing

@testable import Shell

/// What is said of a lesson on leaving.
extension LessonSessionTests {
  @Test func ofALessonThatIsDoneNoPlaceIsKept() throws {
    // It makes the folder of the lessons.
    _ = try session()
    for (lesson, isKept) in [("1", true), ("2", false)] {
      let terminal = try Terminal(
        builtExecutable("ringside"), ["lesson", lesson, "--color", "never", "--no-init"],
        environment: childEnvironment([
          "RINGSIDE_LESSONS": folder.path(of: "lessons"), "XDG_STATE_HOME": folder.path,
        ]))
      try terminal.waitForPrompt("(ringside)")
      _ = try terminal.run("", prompt: "(ringside)")
      try terminal.send("quit\r")
      #expect(try terminal.waitForExit() == .exited(0))
      #expect(terminal.screen.text.contains("Goodbye."))
      #expect(terminal.screen.text.contains("is kept") == isKept, "\(terminal.screen.text)")
    }
  }
}
