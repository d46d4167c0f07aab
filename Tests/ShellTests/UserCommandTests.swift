import Testing

@testable import Shell

/// Values that are kept, names for them, and commands that are made of others.
struct UserCommandTests {
  private func shell() throws -> CommandInterpreter {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s")
    return shell
  }

  @Test func printedValuesAreKept() throws {
    let shell = try shell()
    #expect(shell.say("print 40 + 2") == "$1 = 42  (0x2a)\n")
    #expect(
      shell.say("print $ + 1", "p $$ + $1", "p $$2")
        == "$2 = 43  (0x2b)\n$3 = 84  (0x54)\n$4 = 42  (0x2a)\n")
    #expect(shell.say("output $4 + 1") == "43  (0x2b)\n")
    #expect(shell.say("p") == "$5 = 42  (0x2a)\n", "the last again")
    #expect(shell.say("p $9").contains("the values printed so far are $1 to $5"))
    #expect(shell.say("show values").split(separator: "\n").count == 5)
    #expect(shell.say("print/x $pc") == "$6 = 0x1000\n", "a register is what it is")
  }

  @Test func variablesKeepValuesAndTouchNoMachine() throws {
    let shell = try shell()
    let before = shell.stateDigest()
    #expect(shell.say("set $limit = 3 * 4") == "$limit = 12  (0xc)\n")
    #expect(shell.say("output $limit << 30") == "12884901888  (0x300000000)\n", "64 bits")
    #expect(shell.stateDigest() == before)
    #expect(shell.say("undo").contains("nothing was changed here"))
    #expect(shell.say("output $limi").contains("'$limi' is not set; did you mean '$limit'?"))
    #expect(shell.say("output $boot").contains("did you mean 'boot'?"))
    #expect(shell.say("set $1 = 2").contains("'$1' is no name of a variable"))
    shell.say("break if steps > $limit", "delete")
    #expect(shell.say("show convenience") == "$limit = 12  (0xc)\n")
    shell.say("set $pc = 0x1004")
    #expect(try shell.value(of: "pc") == 0x1004)
  }

  @Test func anAliasStandsForTheBeginningOfALine() throws {
    let shell = try shell()
    #expect(
      shell.say("alias two = step 2", "two") == shell.say("goto 0", "step 2").split(
        separator: "\n")[
          1] + "\n")
    shell.say("alias px = print/x", "alias hex = px")
    #expect(shell.say("hex 255") == "$1 = 0xff\n")
    #expect(shell.say("show user").hasPrefix("alias hex = px\nalias px = print/x\nalias two"))
    #expect(shell.say("alias step = next").contains("'step' is a command of the shell"))
    #expect(shell.say("alias a b = c").contains("one word"))
    #expect(shell.say("alias z = nonsense").contains("there is no command 'nonsense'"))
    #expect(shell.say("hxe 1").contains("did you mean 'hex'?"))
    shell.say("alias three = two2", "alias hex =")
    #expect(shell.say("hex 1").contains("there is no command 'hex'"))
    shell.say("alias l1 = step", "alias l2 = l1", "alias l1 = l2")
    #expect(shell.say("l1").contains("there is no command"), "a circle ends")
  }

  @Test func aDefinitionRunsItsLines() throws {
    let shell = try shell()
    #expect(shell.say("define twice", "output $arg0 * 2", "output $argc", "end") == "")
    #expect(shell.say("twice 21 x") == "42  (0x2a)\n2\n")
    shell.say("define more", "twice $arg0", "nonsense", "output 1", "end")
    #expect(
      shell.say("more 3")
        == "6\n1\nthere is no command 'nonsense'; 'help' lists the commands\n"
        + "'more': 'nonsense' failed; the rest was not run\n")
    #expect(!shell.run(line: "more 3").succeeded)
    shell.say("define loop", "loop", "end")
    #expect(shell.say("loop").contains("definitions lead to one another more than 20 deep"))
    shell.say("define wide", "twice 1", "twice 1", "end")
    #expect(
      shell.say("show user twice") == "define twice\n  output $arg0 * 2\n  output $argc\nend\n")
    shell.say("define twice", "end")
    #expect(shell.say("twice 1").contains("there is no command 'twice'"))
  }

  @Test func aFailingDefinitionFitsTheTerminal() throws {
    let shell = try makeInterpreter(width: 40)
    shell.say("define broken", "set é", "end")
    let lines = shell.say("broken").split(separator: "\n")
    #expect(lines.count > 2 && lines.allSatisfy { $0.count <= 40 })
  }

  @Test func whatIsRecordedIsPlain() throws {
    let shell = try shell()
    var lines: [String] = []
    shell.observer = { line, _ in lines.append(line) }
    shell.say("alias one = step", "define go", "one 2", "output $arg0", "end", "go 7", "one")
    shell.say("break boot", "commands", "go 1", "end")
    #expect(
      lines == [
        "step 2", "output 7", "step", "break boot", "commands", "step 2", "output 1", "end",
      ])
  }

  @Test func linesCanBeDropped() throws {
    let shell = try shell()
    var lines: [String] = []
    shell.observer = { line, _ in lines.append(line) }
    shell.say("define x1", "step")
    #expect(shell.dropCollection()?.plain == "the lines for 'x1' are dropped")
    #expect(shell.say("x1").contains("there is no command 'x1'"))
    shell.say("break boot", "commands", "output a0")
    #expect(shell.dropCollection()?.plain == "the lines for breakpoint 1 are dropped")
    #expect(shell.dropCollection() == nil)
    #expect(!shell.say("info breakpoints").contains("output a0"))
    #expect(!lines.contains("commands") && !lines.contains("output a0"), "they never were")
  }

  @Test func helpTellsOfACommandThatAPersonMade() throws {
    let shell = try shell()
    shell.say("define both", "regs", "rings", "end")
    #expect(shell.say("help both") == "define both\n  regs\n  rings\nend\n")
  }

  @Test func echoBeginsLinesWhereItIsAsked() throws {
    #expect(try shell().say(#"echo one\ntwo\n"#) == "one\ntwo\n")
  }

  @Test func infoAndShowListTheirSubjects() throws {
    let shell = try shell()
    for command in ["info", "show"] {
      let subjects = shell.say(command).split(separator: "\n")
      #expect(subjects.count >= 6)
      for line in subjects {
        let words = line.split(separator: " ")
        #expect(words.first == "\(command)")
        let said = shell.say("\(words[0]) \(words[1])")
        #expect(!said.contains("there is no '\(command)"), "\(line)")
      }
    }
    #expect(shell.say("info registers sp").hasPrefix("sp = "))
    #expect(shell.say("info symbol 0x1004") == "00001004 is boot+4\n")
    #expect(shell.say("info b").contains("there are no breakpoints"))
    #expect(shell.say("info brekpoints").contains("did you mean 'info breakpoints'?"))
    #expect(shell.say("show version").hasPrefix("ringside 0."))
  }
}
