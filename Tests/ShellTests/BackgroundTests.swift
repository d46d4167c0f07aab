import Laboratory
import Lessons
import SourceText
import TestSupport
import Testing

@testable import Shell

/// `continue &`: the program runs while somebody types.
struct BackgroundTests {
  static let echo = """
            .org    0x1000
    start:  li      s0, 0
    loop:   addi    s0, s0, 1
            in      a0, 0x10
            li      t1, -1
            beq     a0, t1, loop
            out     0x10, a0
            li      t1, 'q'
            bne     a0, t1, loop
            li      t0, 1
            out     0x50, t0
    """

  let folder: TemporaryFolder
  let session: ShellSession

  init() throws {
    folder = try TemporaryFolder()
    var look = LookOptions()
    look.plain = false
    look.width = 80
    look.color = .never
    session = try ShellSession(
      output: ShellOutput(look, descriptor: -1), library: nil, progress: nil)
    session.canWatch = true
    let file = try folder.write(Self.echo, to: "echo.s")
    #expect(session.run("load \(file)").succeeded)
  }

  /// Runs about so many steps behind the prompt.
  private func slice(_ shell: CommandInterpreter) -> CommandInterpreter.Slice {
    var polls = 0
    return shell.runSlice {
      polls += 1
      return polls > 1
    }
  }

  private func say(_ line: String) -> String { session.run(line).text.plain }

  @Test func linesAreAnsweredWhileItRuns() throws {
    let shell = session.interpreter
    #expect(say("continue &").hasPrefix("it runs;"))
    var steps = shell.session.world.steps
    for _ in 0..<3 {
      guard case .more = slice(shell) else { throw SupportFailure("it runs on") }
      #expect(shell.session.world.steps > steps)
      steps = shell.session.world.steps
      #expect(say("print steps") == "$\(shell.session.variables.history.count) = \(text(steps))")
      #expect(shell.session.world.steps == steps, "looking moves nothing")
    }
    for line in ["step", "back", "continue", "continue &", "reset", "undo", "goto 3", "run 5"] {
      #expect(say(line) == "the program runs; 'interrupt' or Ctrl-C stops it", "\(line)")
    }
    #expect(say("interrupt").hasPrefix("stopped\n"))
    #expect(shell.background == nil)
    #expect(say("interrupt") == "nothing runs; 'continue &' runs behind the prompt")
    #expect(session.run("step").succeeded)
  }

  private func text(_ value: UInt64) -> String {
    session.interpreter.text(of: Int64(value), nil)
  }

  @Test func whatIsPrintedIsShownOnceInWholeLines() throws {
    let shell = session.interpreter
    _ = say("continue &")
    _ = say("type one")
    _ = say(#"type "tw""#)
    var shown = ""
    for _ in 0..<20 {
      if case .more(let text) = slice(shell), !text.isEmpty { shown += text.plain + "\n" }
    }
    #expect(shown == " console | one\n console | tw\n")
  }

  @Test func theEndIsToldAndTheRunIsOver() throws {
    let shell = session.interpreter
    _ = say("continue &")
    _ = say("type q")
    var end = ""
    for _ in 0..<20 where shell.background != nil {
      if case .over(let text) = slice(shell) { end = text.plain }
    }
    #expect(end.hasSuffix("the machine is switched off"))
    #expect(shell.background == nil)
  }

  @Test func aBreakpointStopsIt() throws {
    let shell = session.interpreter
    _ = say("break loop if s0 == 7000")
    _ = say("continue &")
    var end = ""
    for _ in 0..<200 where shell.background != nil {
      if case .over(let text) = slice(shell) { end = text.plain }
    }
    #expect(end.contains("breakpoint 1: 00001004 loop if s0 == 7000"))
  }

  @Test func aRecordingOfItReplays() throws {
    let shell = session.interpreter
    let file = folder.path(of: "work.md")
    _ = say("record \(file)")
    _ = say("continue &")
    for line in ["regs", "type one", "display s0", "regs", "changed", "set $goal = s0 + 90000"] {
      _ = slice(shell)
      #expect(session.run(line).succeeded, "\(line)")
    }
    #expect(session.run("break loop if s0 > $goal").succeeded)
    for _ in 0..<500 where shell.background != nil { _ = slice(shell) }
    #expect(shell.background == nil)
    _ = say("info breakpoints")
    _ = say("delete")
    _ = say("continue &")
    _ = slice(shell)
    _ = say("interrupt")
    _ = say("back 3")
    _ = say("record stop")
    let written = try folder.read("work.md")
    #expect(written.contains("(ringside) continue to "))
    #expect(!written.contains("continue &") && !written.contains("interrupt\n"))
    let replayed = try CommandLineTests.ringside(["replay", file])
    #expect(replayed.status == .exited(0), "\(replayed.stdout)")
  }

  @Test func countedHitsCommandsAndBudgetsReplay() throws {
    let shell = session.interpreter
    let file = folder.path(of: "work.md")
    _ = say("record \(file)")
    // Lines that are refused belong to no recording, and a budget ends no run in the background.
    _ = say("set budget 1000")
    for line in ["break loop", "ignore 1 20000", "commands 1", "print s0", "set s0 = 1", "end"] {
      _ = say(line)
    }
    _ = say("continue &")
    var said = ""
    for turn in 0..<2000 where shell.background != nil {
      if case .over(let text) = slice(shell) { said = text.plain }
      if turn % 3 == 0, shell.background != nil {
        _ = say("print s0")
        _ = say("step")
      }
    }
    #expect(said.contains("= 20000") || said.contains("= 20001"), "\(said)")
    #expect(said.contains("s0 = 00000001"))
    #expect(session.run("predict runs").succeeded)
    _ = say("regs")
    _ = say("record stop")
    let replayed = try CommandLineTests.ringside(["replay", file])
    #expect(replayed.status == .exited(0), "\(replayed.stdout)")
  }

  @Test func aRecordingEndsWhereTheRunIs() throws {
    let file = folder.path(of: "work.md")
    _ = say("record \(file)")
    _ = say("continue &")
    _ = slice(session.interpreter)
    // As Ctrl-D does.
    _ = session.interpreter.interruptBackground()
    _ = session.close()
    #expect(try CommandLineTests.ringside(["replay", file]).status == .exited(0))
  }

  @Test func itNeedsAPrompt() {
    session.canWatch = false
    #expect(
      say("continue &")
        == "a run in the background needs a prompt with line editing; 'continue' runs")
  }

  @Test func atATerminalTheOutputComesAboveTheLine() throws {
    let terminal = try PromptTests().session([folder.path(of: "echo.s")])
    try terminal.waitForPrompt("(ringside)")
    try terminal.run("continue &", prompt: "(ringside)")
    try terminal.send("type hello\r")
    try terminal.wait(forText: "console | hello")
    try terminal.waitForPrompt("(ringside)")
    try terminal.send("half")
    try terminal.waitForLine("(ringside) half")
    try terminal.send("\u{3}")
    try terminal.wait(forText: "stopped")
    try terminal.waitForPrompt("(ringside)")
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
  }
}
