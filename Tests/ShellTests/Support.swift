import Laboratory
import Onion
import SourceText
import TestSupport
import Testing

@testable import Shell

/// The folder of the shipped lessons.
let shippedLessons = repositoryRoot + "/lessons"

/// An interpreter that finds the shipped programs, as wide as it is told.
func makeInterpreter(width: Int = 80, folders: [String] = []) throws -> CommandInterpreter {
  let files = FileFinder(folders: folders + [shippedLessons + "/programs"])
  return try #require(CommandInterpreter(files: files, width: { width }))
}

extension CommandInterpreter {
  /// Runs lines and gives what they said, one after the other.
  @discardableResult
  func say(_ lines: String...) -> String { lines.map { run(line: $0).output }.joined() }
}

/// A program that prints a letter again and again and never ends.
let endlessProgram = """
          li      t0, 'a'
  again:  out     0x10, t0
          li      t1, 200000
  wait:   addi    t1, t1, -1
          bnez    t1, wait
          j       again
  """

/// A program that never ends and says nothing.
let silentProgram = "spin:   j       spin\n"

/// A program that prints "ok" and switches itself off.
let tidyProgram = """
  start:  li      t0, 'o'
          out     0x10, t0
          li      t0, 'k'
          out     0x10, t0
          li      t0, 1
          out     0x50, t0        ; power off
  """
