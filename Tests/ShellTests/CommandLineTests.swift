import Foundation
import TestSupport
import Testing

/// The program as scripts call it: what it prints where, and its exit codes.
struct CommandLineTests {
  static func ringside(
    _ arguments: [String], input: String = "", folder: String? = nil,
    state: String = "/dev/null/state"
  ) throws -> ProcessResult {
    try runProcess(
      builtExecutable("ringside"), arguments, input: input,
      environment: childEnvironment(["RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": state]),
      folder: folder)
  }

  @Test func aProgramThatSwitchesItselfOffGivesZero() throws {
    let program = try TemporaryProgram(tidyProgram)
    for mode in [[], ["--guest"]] {
      let result = try Self.ringside(["run", program.file] + mode)
      #expect(result.stdout == "ok")
      #expect(result.stderr == "")
      #expect(result.status == .exited(0))
    }
  }

  @Test func aProgramThatStopsOtherwiseGivesOneAndSaysWhy() throws {
    let halted = try TemporaryProgram("        hlt\n")
    let result = try Self.ringside(["run", halted.file])
    #expect(result.status == .exited(1))
    #expect(result.stderr.contains("halted for good: hlt with interrupts off"))
    let triple = try TemporaryProgram("        .word   0\n")
    let fault = try Self.ringside(["run", triple.file])
    #expect(fault.status == .exited(1))
    #expect(fault.stderr.contains("triple fault"))
  }

  @Test func theLimitGivesThree() throws {
    let program = try TemporaryProgram(silentProgram)
    for mode in [[], ["--guest"]] {
      let result = try Self.ringside(["run", program.file, "--limit", "10000"] + mode)
      #expect(result.status == .exited(3))
      #expect(result.stderr.contains("the limit was reached"))
    }
  }

  /// Options that hold for more than one call stand before a subcommand or behind it.
  @Test func optionsMayStandBeforeASubcommand() throws {
    let program = try TemporaryProgram(tidyProgram)
    for (options, call) in [
      (["--plain"], ["run", program.file]), (["--width=40"], ["asm", program.file]),
      (["--color", "never"], ["disas", program.file]), (["--plain"], ["lessons", "list"]),
      (["--plain", "--width", "60"], ["lessons", "list"]),
      (["--lessons", shippedLessons], ["lessons", "list"]),
      (["--plain", "-c", "goal"], ["lesson", "3"]), (["--plain", "--no-init"], ["lesson", "3"]),
    ] {
      let before = try Self.ringside(options + call)
      let behind = try Self.ringside(call + options)
      #expect(before.status == .exited(0), "\(options + call): \(before.stderr)")
      #expect(before.stdout == behind.stdout && before.stderr == behind.stderr, "\(call)")
      #expect(!before.stdout.isEmpty)
    }
    // Where a subcommand has no such option it is that subcommand which says so.
    let odd = try Self.ringside(["-c", "help", "run", program.file])
    #expect(odd.status == .exited(2) && odd.stderr.contains("ringside run"), "\(odd.stderr)")
    #expect(try Self.ringside(["--plain", "-c", "print 1", program.file]).status == .exited(0))
  }

  @Test func badUsageAndBadProgramsGiveTwo() throws {
    let wrong = try TemporaryProgram("        ad      a0, a0, 1\n")
    for arguments in [
      ["run", "nosuch.s"], ["run"], ["run", "--frob", wrong.file], ["run", wrong.file],
      ["run", wrong.path], ["--width", "3"], ["asm", wrong.file], ["disas", "nosuch"],
      ["replay", "nosuch.md"], ["lesson", "nosuch"], ["run", wrong.file, "--limit", "x"],
      ["--lessons", "/nonexistent", "-c", "help"],
    ] {
      let result = try Self.ringside(arguments)
      #expect(result.status == .exited(2), "\(arguments)")
      #expect(!result.stderr.isEmpty && result.stdout.isEmpty, "\(arguments)")
    }
  }

  @Test func whatIsNotTextIsRefused() throws {
    let program = try TemporaryProgram("")
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: program.file))
    let result = try Self.ringside(["run", program.file])
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains("is not text in UTF-8"))
  }

  @Test func helpAndVersionAreAnswers() throws {
    for arguments in [["--help"], ["run", "--help"], ["--version"]] {
      let result = try Self.ringside(arguments)
      #expect(result.status == .exited(0))
      #expect(!result.stdout.isEmpty && result.stderr.isEmpty)
    }
  }

  @Test func statisticsAreOneObjectOnOneLine() throws {
    let program = shippedLessons + "/programs/kernel.s"
    let bare = try Self.statistics(["run", program, "--stats"])
    #expect(Set(bare.keys) == ["instructions", "cycles", "traps"])
    let traps = try #require(bare["traps"] as? [String: Int])
    #expect(traps.values.allSatisfy { $0 > 0 })
    #expect(traps["32"] ?? 0 > 0)

    let guest = try Self.statistics(["run", "--guest", program, "--stats"])
    let vmm = try #require(guest["vmm"] as? [String: Any])
    let instructions = try #require(guest["instructions"] as? Int)
    let direct = try #require(vmm["direct"] as? Int)
    #expect(direct <= instructions)
    #expect((vmm["directPercent"] as? Double).map { (0...100).contains($0) } == true)
    #expect(vmm["emulated"] as? Int ?? 0 > 0)
  }

  private static func statistics(_ arguments: [String]) throws -> [String: Any] {
    let result = try ringside(arguments)
    #expect(result.status == .exited(0))
    let lines = result.stderr.split(separator: "\n")
    #expect(lines.count == 1)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(result.stderr.utf8)) as? [String: Any])
  }

  @Test func typedInputComesFromAFile() throws {
    let program = try TemporaryProgram(
      """
      next:   in      t0, 0x10
              bltz    t0, done
              out     0x10, t0
              j       next
      done:   li      t0, 1
              out     0x50, t0
      """)
    let text = try program.folder.write("hello\u{7}\n", to: "input")
    let result = try Self.ringside(["run", program.file, "--input", text])
    #expect(result.stdout == "hello\u{7}\n")
    let piped = try Self.ringside(["run", program.file, "--input", "-"], input: "piped")
    #expect(piped.stdout == "piped")
  }

  @Test func commandsRunUpToTheFirstThatFails() throws {
    let good = try Self.ringside(["-c", "load two-modes.s", "-c", "step"])
    #expect(good.status == .exited(0))
    #expect(good.stdout.contains(" 00001004  ori"))
    let bad = try Self.ringside(["-c", "load two-modes.s", "-c", "stpe", "-c", "step"])
    #expect(bad.status == .exited(1))
    #expect(bad.stderr == "ringside: there is no command 'stpe'; did you mean 'step'?\n")
    #expect(!bad.stdout.contains("00001004"))
  }

  @Test func pipedCommandsHaveNoPromptAndNoColour() throws {
    let result = try Self.ringside([], input: "load two-modes.s\nstep\n\nstpe\nregs")
    #expect(result.status == .exited(0))
    #expect(!result.stdout.contains("(ringside)") && !result.stdout.contains("\u{1b}"))
    #expect(result.stdout.contains(" 00001008  setcr"), "an empty line repeats the step")
    #expect(result.stdout.contains(" pc 00001008"), "a failure doesn't end the session")
  }

  @Test func emptyLineDoesNotRepeatContinue() throws {
    let result = try Self.ringside(
      [], input: "load two-modes.s\nbreak program\nbreak ask\ncontinue\n\nregs\n")
    #expect(result.status == .exited(0))
    #expect(result.stdout.contains(" pc 00008000"), "a breakpoint is not run away from by chance")
  }

  @Test func shellsCanCompleteTheCommandLine() throws {
    for shell in ["bash", "zsh", "fish"] {
      let script = try Self.ringside(["--generate-completion-script", shell])
      #expect(script.status == .exited(0))
      for word in ["lesson", "replay", "profile", "lessons"] {
        #expect(script.stdout.contains(word), "\(shell): \(word)")
      }
    }
    let bash = try Self.ringside(["--generate-completion-script", "bash"]).stdout
    #expect(try runProcess("/bin/bash", ["-n"], input: bash).status == .exited(0))
  }

  @Test func colourComesWhenAskedFor() throws {
    let arguments = ["-c", "load two-modes.s", "-c", "rings"]
    #expect(try Self.ringside(["--color", "always"] + arguments).stdout.contains("\u{1b}["))
    #expect(try !Self.ringside(["--color", "never"] + arguments).stdout.contains("\u{1b}["))
    let plain = try Self.ringside(["--plain", "-c", "load --guest kernel.s", "-c", "trap"])
    #expect(plain.stdout.utf8.allSatisfy { $0 < 0x80 })
    #expect(plain.stdout.contains("trap 1: alpha - step "))
  }

  @Test func imagesRunAsSourcesDo() throws {
    let program = try TemporaryProgram(tidyProgram)
    let image = program.folder.path(of: "program.image")
    #expect(try Self.ringside(["asm", program.file, "-o", image]).status == .exited(0))
    #expect(try Self.ringside(["run", image]).stdout == "ok")
    #expect(try Self.ringside(["disas", image]).stdout.contains("start:"))
    #expect(try Self.ringside(["asm", program.file, "--listing"]).stdout.contains("; power off"))
  }

  @Test func theLessonsAreListed() throws {
    let result = try Self.ringside(["lessons"])
    #expect(result.stdout.contains("Kernel mode and user mode"))
    let new = try TemporaryFolder()
    let made = try Self.ringside(["lessons", "new", "12-my-lesson", "--lessons", new.path])
    #expect(made.stdout.hasSuffix("/12-my-lesson/lesson.md\n"))
    #expect(try Self.ringside(["lessons", "check", new.path]).status == .exited(0))
  }

  @Test func aFullDiskIsSaid() throws {
    let result = try runProcess(
      "/bin/sh", ["-c", "'\(builtExecutable("ringside"))' -c help > /dev/full"])
    #expect(result.status == .exited(1))
    #expect(result.stderr.contains("cannot write to standard output"))
    let closed = try runProcess(
      "/bin/sh", ["-c", "'\(builtExecutable("ringside"))' -c help >&-"])
    #expect(closed.status == .exited(1))
  }

  @Test func aReaderThatLeavesIsNoDisaster() throws {
    let program = try TemporaryProgram(endlessProgram)
    let result = try runProcess(
      "/bin/sh",
      [
        "-c",
        "{ '\(builtExecutable("ringside"))' run '\(program.file)'; echo $? >&2; } | head -c 3",
      ])
    #expect(result.stdout == "aaa")
    #expect(result.stderr == "1\n")
  }
}
