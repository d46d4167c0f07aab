import TestSupport
import Testing

@testable import Shell

/// Sessions that are written down and run again.
struct RecordingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func ringside(_ arguments: [String], input: String = "") throws -> ProcessResult {
    try CommandLineTests.ringside(arguments, input: input, state: folder.path)
  }

  @Test func aShippedTranscriptIsFoundByItsName() throws {
    for name in ["one-page-two-faults", "one-page-two-faults.md"] {
      let replayed = try CommandLineTests.ringside(["replay", name], folder: folder.path)
      #expect(replayed.stdout.hasSuffix("one-page-two-faults.md: 19 commands, all as written\n"))
      #expect(replayed.status == .exited(0))
    }
  }

  @Test func aRecordedSessionReplays() throws {
    let file = folder.path(of: "work.md")
    let recorded = try ringside(
      ["--width", "60"],
      input: """
        load --guest kernel.s
        trap

        record \(file)
        step 100
        back 7
        set a0 = 5
        note The machine was changed here.
        stpe
        display a0
        step
        record stop
        step
        """)
    #expect(recorded.status == .exited(0))
    let text = try folder.read("work.md")
    #expect(text.contains("  width: 60\n"))
    #expect(text.contains("\nThe machine was changed here.\n"))
    #expect(text.contains("(ringside) load --guest kernel.s\n"), "what led here is in it")
    let replayed = try ringside(["replay", file])
    #expect(replayed.stdout == "\(file): 9 commands, all as written\n")
    #expect(replayed.stderr == "")
    #expect(replayed.status == .exited(0))
    let inside = try ringside([], input: "replay \(file)\nprint a0\n")
    #expect(inside.stdout.hasSuffix("\(file): 9 commands, all as written\n$1 = 5\n"))
  }

  @Test func aDifferenceIsFoundAndUpdated() throws {
    let file = folder.path(of: "work.md")
    _ = try ringside(["--record", file, "-c", "load two-modes.s", "-c", "step", "-c", "regs"])
    var text = try folder.read("work.md")
    text = text.replacingFirst(" 00001004", with: " 00001005")
    try folder.write(text, to: "work.md")
    let differs = try ringside(["replay", file])
    #expect(differs.status == .exited(1))
    #expect(differs.stdout.contains("block 2, command 2: step"))
    #expect(differs.stderr.contains("was changed after it was recorded"))
    #expect(try ringside(["replay", "--update", file]).status == .exited(0))
    #expect(try ringside(["replay", file]).status == .exited(0))
  }

  @Test func aRecordingInALessonReplaysWithoutIt() throws {
    let file = folder.path(of: "lesson.md")
    let lines = "\n\nc\n\n\n\nbreak program\ncontinue\n\nstep\nlesson back\n\n"
    _ = try ringside(["lesson", "1", "--record", file], input: lines)
    let text = try folder.read("lesson.md")
    #expect(text.contains("lesson: 01-kernel-and-user-mode\n"))
    #expect(text.contains("(ringside) machine --profile strict --memory 4M\n"))
    #expect(text.contains("(ringside) break program\n"))
    let replayed = try ringside(["replay", file])
    #expect(replayed.status == .exited(0), "\(replayed.stdout)\(replayed.stderr)")
  }

  @Test func aFileThatIsThereIsNotWrittenOver() throws {
    try folder.write("mine\n", to: "work.md")
    let result = try ringside([], input: "record \(folder.path(of: "work.md"))\n")
    #expect(result.stderr.contains("File exists"))
    #expect(result.stdout.isEmpty, "complaints are no answers")
    #expect(try folder.read("work.md") == "mine\n")
  }

  @Test func whatWasAnsweredSurvivesAKilledTerminal() throws {
    let program = try TemporaryProgram(silentProgram)
    let file = folder.path(of: "work.md")
    let terminal = try Terminal(
      builtExecutable("ringside"), [program.file, "--record", file, "--color", "never"],
      environment: childEnvironment(["XDG_STATE_HOME": folder.path, "HOME": folder.path]))
    try terminal.waitForPrompt("(ringside)")
    try terminal.run("step 5", prompt: "(ringside)")
    try terminal.run("regs", prompt: "(ringside)")
    try terminal.send("continue\r")
    try terminal.waitForCooked()
    try terminal.killProcess()
    let text = try folder.read("work.md")
    #expect(text.contains("(ringside) regs\n"))
    #expect(!text.contains("(ringside) continue"))
    let replayed = try ringside(["replay", file])
    #expect(replayed.stdout.hasSuffix("3 commands, all as written\n"), "\(replayed.stdout)")
  }
}

extension String {
  func replacingFirst(_ text: String, with other: String) -> String {
    guard let range = firstRange(of: text) else { return self }
    return replacingCharacters(in: range, with: other)
  }

  private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
