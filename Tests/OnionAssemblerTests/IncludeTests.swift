import Foundation
import OnionAssembler
import OnionISA
import Testing

/// Programs of several files.
struct IncludeTests {
  @Test func theFilesLinesStandInItsPlace() throws {
    let image = try assembled(
      " call f\n .include \"f.s\"\n .word X\n", files: ["f.s": "f: ret\n .equ X, 7"])
    #expect(image.files.map(\.name) == ["test.s", "f.s"])
    #expect(image.pieces.first?.bytes.count == 12)
    #expect(image.lineName(at: 0x1000) == "test.s:1")
    #expect(image.lineName(at: 0x1004) == "f.s:1")
    #expect(image.lineName(at: 0x1008) == "test.s:3")
  }

  @Test func aLabelMayShareTheLine() throws {
    let image = try assembled("here: .include \"f.s\"", files: ["f.s": " .word here"])
    #expect(image.pieces.first?.bytes == [0, 0x10, 0, 0])
  }

  @Test func messagesNameTheFileWhereTheMistakeIs() {
    let all = messages(
      " .include \"a.s\"\n ad a0, a0, a0\n",
      files: ["a.s": " nop\n .include \"b.s\"", "b.s": " no"])
    #expect(
      all == [
        "test.s:2:2: 'ad' is no instruction; did you mean 'add'?",
        "b.s:1:2: 'no' is no instruction; did you mean 'nop'?",
      ])
  }

  @Test func namesCountFromTheFileThatIncludes() throws {
    var asked: [[String]] = []
    let result = Assembler.assemble(source: " .include \"lib/a.s\"", file: "programs/main.s") {
      (name, includer) throws(IncludeFailure) in
      asked.append([name, includer])
      switch name {
      case "lib/a.s": return " .include \"b.s\""
      case "b.s": return " .include \"/c.s\""
      default: return " nop"
      }
    }
    #expect(
      asked == [
        ["lib/a.s", "programs/main.s"], ["b.s", "programs/lib/a.s"], ["/c.s", "programs/lib/b.s"],
      ])
    #expect(
      result.image?.files.map(\.name) == [
        "programs/main.s", "programs/lib/a.s", "programs/lib/b.s", "/c.s",
      ])
  }

  @Test func circlesAndMissingFilesAreTold() {
    #expect(
      messages(
        " .include \"a.s\"", files: ["a.s": "\n .include \"b.s\"", "b.s": " .include \"a.s\""])
        == [
          "b.s:1:11: 'a.s' can't be included: it includes itself (a.s includes b.s includes a.s)"
        ])
    #expect(
      messages(" .include \"test.s\"")
        == ["test.s:1:11: 'test.s' can't be included: it includes itself (test.s includes test.s)"])
    #expect(
      messages(" .include \"none.s\"\n j there\n ad a0, a0, a0")
        == [
          "test.s:1:11: 'none.s' can't be included: there is no such file",
          "test.s:3:2: 'ad' is no instruction; did you mean 'add'?",
        ])
  }

  @Test func manyFilesAreBounded() {
    let result = Assembler.assemble(source: " .include \"0\"", file: "x") {
      (name, _) throws(IncludeFailure) in
      let next = (Int(name) ?? 0) + 1
      return " .include \"\(next)\"\n .include \"\(next)\""
    }
    #expect(result.image == nil)
    #expect(result.diagnostics.contains { $0.message.contains("more than 20 deep") })
    #expect(result.diagnostics.contains { $0.message.contains("1000 files") })
  }

  @Test func definedTwiceNamesTheOtherFile() {
    #expect(
      messages("a: nop\n .include \"f.s\"", files: ["f.s": "\na: nop"])
        == [
          "f.s:2:1: 'a' is defined already, in line 1 of test.s; give one of them another name"
        ])
  }
}
