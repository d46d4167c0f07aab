import TestSupport
import Testing

@testable import Shell

/// Lines up to an `end`, blocks in one another, and those that never end.
struct BlockTests {
  private func ringside(
    _ arguments: [String], input: String = "", _ folder: TemporaryFolder
  ) throws -> ProcessResult {
    try CommandLineTests.ringside(["--plain"] + arguments, input: input, folder: folder.path)
  }

  private func shell() throws -> CommandInterpreter {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s")
    return shell
  }

  @Test func aBlockInsideHasAnEndOfItsOwn() throws {
    let shell = try shell()
    shell.say("define stop", "break boot", "comm", "silent", "output 5", "end", "output 6", "end")
    #expect(!shell.isCollecting)
    #expect(
      shell.say("show user") == """
        define stop
          break boot
          comm
            silent
            output 5
          end
          output 6
        end

        """)
    #expect(shell.say("stop").hasSuffix("6\n"))
    #expect(shell.session.breakpoints.last?.commands == ["silent", "output 5"])
  }

  @Test func anAliasOpensABlockToo() throws {
    let shell = try shell()
    shell.say(
      "alias lines = commands", "define stop", "break boot", "lines", "echo x", "end", "end")
    #expect(!shell.isCollecting)
    shell.say("stop")
    #expect(shell.session.breakpoints.last?.commands == ["echo x"])
  }

  @Test func aDefinitionMakesADefinition() throws {
    let shell = try shell()
    shell.say("define outer", "define inner", "output $arg0", "end", "inner 3", "end")
    #expect(shell.say("outer 4") == "4\n")
    #expect(!shell.isCollecting)
    #expect(shell.userCommands.names == ["inner", "outer"])
  }

  /// The commands of one breakpoint give another its own, each time it is hit.
  @Test func aBreakpointsCommandsHoldABlock() throws {
    let shell = try shell()
    var lines: [String] = []
    shell.observer = { line, _ in lines.append(line) }
    shell.say(
      "tbreak boot+4", "commands", "break boot+8", "commands", "echo second", "end", "echo first",
      "end")
    #expect(!shell.isCollecting)
    #expect(shell.say("continue").hasSuffix("first\n"))
    #expect(shell.session.breakpoints.last?.commands == ["echo second"])
    #expect(shell.say("continue").hasSuffix("second\n"))
    #expect(lines.count == 10, "the inner block is recorded once, with the breakpoint: \(lines)")
  }

  @Test func whatWasRefusedDoesNotRunItsLines() throws {
    let shell = try shell()
    let said = shell.say(
      "define step", "output 1", "commands", "output 2", "end", "output 3", "end", "output 4")
    #expect(
      said
        == """
        'step' is a command of the shell; take another name
        the lines up to its 'end' are left out
        4

        """.replacing("\n4\n", with: "\n4  (0x4)\n") || said.hasSuffix("left out\n4\n"))
    #expect(!shell.say("commands", "output 5", "end").contains("5"))
    #expect(!shell.isCollecting)
  }

  @Test func aDefinitionThatFailsInsideLeavesNoBlockOpen() throws {
    let shell = try shell()
    shell.say("define bad", "commands 9", "output 1", "end", "end")
    #expect(shell.say("bad").contains("the rest was not run"))
    #expect(!shell.isCollecting)
    shell.say("define late", "break boot", "lines", "echo x", "end")
    shell.say("alias lines = commands")
    #expect(shell.say("late").contains("'late': 'commands' has no 'end'"))
    #expect(!shell.isCollecting)
  }

  @Test func aScriptThatEndsInsideABlockSaysWhere() throws {
    let folder = try TemporaryFolder()
    try folder.write("print 1\n\ndefine zz\nbreak boot\ncommands\nend\nregs\n", to: "open.txt")
    try folder.write("end\n", to: "end.txt")
    let message = "ringside: open.txt:3: 'define zz' has no 'end'\n"
    let script = try ringside(["-x", "open.txt", "-x", "end.txt"], folder)
    #expect(script.stderr == message && script.status == .exited(1))
    #expect(script.stdout == "$1 = 1\n")
    let source = try ringside(["-c", "source open.txt", "-c", "regs"], folder)
    #expect(source.stderr.hasSuffix("open.txt:3: 'define zz' has no 'end'\n"))
    #expect(source.status == .exited(1))
    let commands = try ringside(["-c", "print 1", "-c", "define a", "-c", "regs"], folder)
    #expect(commands.stderr == "ringside: -c:2: 'define a' has no 'end'\n")
    #expect(commands.status == .exited(1))
    let piped = try ringside([], input: "print 1\ndefine bb\nregs\n", folder)
    #expect(piped.stderr == "ringside: line 2: 'define bb' has no 'end'\n")
  }

  @Test func aScriptWhoseDefinitionIsRefusedRunsNothingOfIt() throws {
    let folder = try TemporaryFolder()
    try folder.write("define step\nprint 1\nend\nprint 2\n", to: "bad.txt")
    for result in [
      try ringside(["-x", "bad.txt"], folder), try ringside(["-c", "source bad.txt"], folder),
    ] {
      #expect(result.stdout == "" && result.status == .exited(1))
    }
    let after = try ringside([], input: "source bad.txt\nprint 3\n", folder)
    #expect(after.stdout == "$1 = 3\n", "the block that was refused ended with its file")
    let piped = try ringside([], input: "define step\nprint 1\nend\nprint 2\n", folder)
    #expect(piped.stdout == "$1 = 2\n")
  }

  @Test func aPersonAtAPromptSeesWhatWasRefused() throws {
    let terminal = try Terminal(
      builtExecutable("ringside"), ["--color", "never"],
      environment: childEnvironment([
        "RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": "/dev/null/state",
      ]), columns: 80)
    try terminal.waitForPrompt("(ringside)")
    try terminal.run("leave", prompt: "(ringside)")
    try terminal.run("define step", prompt: "(ringside)")
    try terminal.run("print 40 + 2", prompt: "(ringside)")
    #expect(terminal.screen.text.contains("= 42"))
  }
}
