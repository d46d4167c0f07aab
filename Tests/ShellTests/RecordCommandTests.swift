import Foundation
import TestSupport
import Testing

@testable import Shell

/// `record` and what follows it at the prompt.
struct RecordCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func ringside(_ arguments: [String] = [], input: String = "") throws -> ProcessResult {
    try CommandLineTests.ringside(arguments, input: input, state: folder.path)
  }

  @Test func chaptersNotesAndAPauseAreInTheFile() throws {
    let file = folder.path(of: "a.md")
    let said = try ringside(
      input: """
        load two-modes.s
        record \(file)
        record mark The first step
        record note Look at pc.
        step
        record pause
        record
        step
        regs
        stpe
        record resume
        print pc
        record stop
        """)
    let text = try folder.read("a.md")
    #expect(text.contains("\n## The first step\n"))
    #expect(text.contains("\nLook at pc.\n"))
    #expect(!text.contains("(ringside) regs"), "looking in a pause is nobody's business")
    #expect(!text.contains("stpe"))
    #expect(text.matches(of: #/\(ringside\) step\n\.\.\.\n/#).count == 1)
    #expect(said.stdout.contains("so far, and it waits;"))
    #expect(said.stdout.contains("4 commands recorded"))
    #expect(try ringside(["replay", file]).status == .exited(0))
  }

  @Test func nobodyIsNamedUnlessAsked() throws {
    let anonymous = folder.path(of: "a.md")
    let named = folder.path(of: "b.md")
    _ = try ringside(input: "record \(anonymous)\nprint 1\n")
    _ = try ringside(
      input: "record \(named) as \"Ada L.\" nonce w7 seed 42\nprint $seed\nrecord stop\n")
    #expect(!(try folder.read("a.md").contains("name:")))
    let text = try folder.read("b.md")
    #expect(text.contains("\nseed: 42\nname: \"Ada L.\"\nnonce: w7\n"))
    #expect(text.contains("$1 = 42 "))
    #expect(try ringside(["replay", named]).status == .exited(0))
  }

  @Test(arguments: [
    ("record a.md as", "record: after 'as' comes a word"),
    ("record a.md seed x", "record: a seed is a number; 'x' is not"),
    ("record a.md by me", "record: 'by' is not known"), ("record mark", "mark what?"),
    ("record mark x", "nothing is recorded; 'record FILE.md' begins"),
    ("record pause", "nothing is recorded"), ("record stop", "nothing is recorded"),
  ])
  func slipsGetOneLine(line: String, message: String) throws {
    let result = try ringside(input: line + "\n")
    #expect(result.stderr.hasPrefix("ringside: \(message)"), "\(result.stderr)")
    #expect(result.stderr.split(separator: "\n").count <= 2)
  }

  @Test func aFullDiskIsToldOnceAndTheSessionGoesOn() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let result = try ringside(input: "record /dev/full\nprint 1\nprint 2\nrecord\n")
    #expect(result.stderr.matches(of: #/No space left on device/#).count == 1)
    #expect(result.stdout.contains("$2 = 2\n"))
    #expect(result.stdout.hasSuffix("nothing is recorded; 'record FILE.md' begins\n"))
  }

  @Test func aVanishedFolderIsToldOnceAndTheSessionGoesOn() throws {
    let inner = folder.path(of: "inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    let terminal = try Terminal(
      builtExecutable("ringside"), ["--color", "never", "--record", inner + "/a.md"],
      environment: childEnvironment([
        "RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": folder.path,
      ]), columns: 100)
    try terminal.waitForPrompt("(ringside)")
    try terminal.run("print 1", prompt: "(ringside)")
    try FileManager.default.removeItem(atPath: inner)
    let told = try terminal.run("print 2", prompt: "(ringside)")
    #expect(told.contains("$2 = 2"))
    #expect(
      told.replacing("\n", with: " ").contains(
        "the file or its folder was taken away; the recording"))
    #expect(try terminal.run("print 3", prompt: "(ringside)") == "$3 = 3\n")
  }

  @Test func aSecondRecordingHasTheChaptersAndNotesOfTheSession() throws {
    let (first, second) = (folder.path(of: "a.md"), folder.path(of: "b.md"))
    _ = try ringside(
      input: """
        load two-modes.s
        record \(first)
        record mark The first step
        step
        note Look at pc.
        record stop
        record \(second)
        print pc
        record stop
        """)
    let text = try folder.read("b.md")
    let chapter = try #require(text.firstRange(of: "\n## The first step\n"))
    let step = try #require(text.firstRange(of: "(ringside) step\n"))
    let note = try #require(text.firstRange(of: "\nLook at pc.\n"))
    #expect(chapter.lowerBound < step.lowerBound && step.lowerBound < note.lowerBound)
    #expect(text.matches(of: #/Look at pc/#).count == 1)
    #expect(try ringside(["replay", "--strict", second]).status == .exited(0))
  }

  @Test func aNameThatGradeDoesNotTakeIsTold() throws {
    let said = try ringside(input: "record \(folder.path(of: "work"))\nrecord stop\n").stdout
    #expect(said.replacing("\n ", with: "").contains("'grade' takes only names that end in .md"))
  }

  @Test func aTildeIsTheHomeFolder() throws {
    let result = try runProcess(
      builtExecutable("ringside"), [], input: "record ~/a.md\nprint 1\nrecord stop\n",
      environment: childEnvironment(["RINGSIDE_LESSONS": shippedLessons, "HOME": folder.path]))
    #expect(result.status == .exited(0), "\(result.stderr)")
    #expect(try folder.read("a.md").contains("$1 = 1"))
  }

  @Test func errorsHangAsAllThatIsSaidDoes() throws {
    let shell = try makeInterpreter(width: 40)
    let lines = shell.run(line: "stpe").output.split(separator: "\n")
    #expect(lines.count > 1 && lines[1].hasPrefix("  ") && !lines[1].hasPrefix("   "))
  }

  @Test func aFileThatIsNowhereIsToldWhereItWasLookedFor() throws {
    let finder = FileFinder(folders: [folder.path])
    let failure = #expect(throws: CommandFailure.self) { try finder.path(of: "nosuch/x.s") }
    // The tests may run where programs lie.
    let text = failure?.text.plain ?? ""
    #expect(!text.contains("name a file that ends in .s"))
  }

  @Test func aProgramOfTheCommandLineIsLoadedAsOneTypes() throws {
    let file = folder.path(of: "a.md")
    _ = try ringside(["--record", file, "two-modes.s"], input: "step\n")
    #expect(try folder.read("a.md").contains("(ringside) load two-modes.s\n"))
  }

  /// The session is killed at any moment: what was answered is in the file, and it replays.
  @Test func whatWasAnsweredSurvivesAKillAtAnyMoment() throws {
    let runs = isSoak ? 1000 : 10
    var cut = 0
    for run in 0..<runs {
      let file = folder.path(of: "\(run).md")
      let lines = (["load two-modes.s"] + (0..<400).map { $0 % 3 == 2 ? "step" : "print \($0)" })
      let wait = Double((run * 7919) % 1000) / 1000 * 0.25
      let answers = try Self.killed(
        ["--record", file, "--no-init"], input: lines.joined(separator: "\n") + "\n", file: file,
        after: wait, state: folder.path)
      guard FileManager.default.fileExists(atPath: file) else {
        #expect(answers.isEmpty)
        continue
      }
      let text = try folder.read("\(run).md")
      let answered = answers.matches(of: #/\$(\d+) = /#).count
      let printed = text.matches(of: #/\n\$(\d+) = /#).count
      if text.firstMatch(of: #/---\n[\s\S]*?\n---\n/#) == nil {
        #expect(answers.isEmpty, "nothing is answered before the file has begun")
        continue
      }
      guard text.contains("\n```\n") else {
        #expect(answers.isEmpty, "nothing is answered before it is in the file")
        continue
      }
      cut += 1
      #expect(printed >= answered, "run \(run): \(answered) answered, \(printed) in the file")
      let replayed = try ringside(["replay", file])
      #expect(replayed.status == .exited(0), "run \(run): \(replayed.stdout)\(replayed.stderr)")
      try FileManager.default.removeItem(atPath: file)
    }
    #expect(cut > runs / 4, "the killings came too early")
  }

  /// What a session has answered when it is killed so many seconds after its file was there.
  private static func killed(
    _ arguments: [String], input: String, file: String, after seconds: Double, state: String
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: builtExecutable("ringside"))
    process.arguments = arguments
    process.environment = childEnvironment([
      "RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": state,
    ])
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    for _ in 0..<30_000 where !FileManager.default.fileExists(atPath: file) && process.isRunning {
      Thread.sleep(forTimeInterval: 0.001)
    }
    Thread.sleep(forTimeInterval: seconds)
    kill(process.processIdentifier, SIGKILL)
    try stdin.fileHandleForWriting.close()
    let answers = stdout.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: answers, as: UTF8.self)
  }
}
