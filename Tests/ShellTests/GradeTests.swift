import Foundation
import Lessons
import TestSupport
import Testing

@testable import Shell

/// `ringside grade`: honest hand-ins, and such that lie.
struct GradeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let way = [
    "load two-modes.s", "break program", "continue", "break ask", "continue", "step", "step 4",
    "delete", "break read_it", "continue", "trap", "back", "set phys[0x5008] = 0x200f", "step",
  ]

  /// How many goals the lesson has.
  static let goals: Int = {
    let library = try? LessonLibrary(folder: shippedLessons)
    return library?.lesson("01-kernel-and-user-mode").map { LessonGrader($0).goals.count } ?? 0
  }()
  private var count: Int { Self.goals }

  func ringside(_ arguments: [String]) throws -> ProcessResult {
    try CommandLineTests.ringside(arguments, state: folder.path)
  }

  /// A recording in the folder of hand-ins.
  @discardableResult
  func record(_ name: String, _ lines: [String] = way) throws -> String {
    // The folder on the way to it.
    try folder.write("", to: ("hand/" + name as NSString).deletingLastPathComponent + "/.keep")
    let file = folder.path(of: "hand/" + name)
    _ = try ringside(["--record", file] + lines.flatMap { ["-c", $0] })
    return try folder.read("hand/" + name)
  }

  /// A table as a program reads it: for each hand-in its goals reached, and its marks.
  func grades(_ options: [String] = []) throws -> [String: (reached: Int, marks: [String: String])]
  {
    let result = try ringside(
      ["grade", "1", folder.path(of: "hand"), "--format", "json"] + options)
    let data = try JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any]
    let handIns = data?["handIns"] as? [[String: Any]] ?? []
    return Dictionary(
      uniqueKeysWithValues: handIns.map { handIn in
        let marks = handIn["marks"] as? [[String: String]] ?? []
        return (
          handIn["file"] as? String ?? "",
          (
            handIn["reached"] as? Int ?? -1,
            Dictionary(marks.map { ($0["kind"] ?? "", $0["text"] ?? "") }) { first, _ in first }
          )
        )
      })
  }

  @Test func anHonestHandInReachesItsGoalsAndTheMomentIsTold() throws {
    try record("ada.md")
    let result = try ringside(["grade", "1", folder.path(of: "hand")])
    #expect(result.status == .exited(0), "\(result.stdout)")
    #expect(result.stdout.contains(#/ ada\.md +(yes +){4,}(\d)\/\2\n/#), "\(result.stdout)")
    let json = try ringside(["grade", "1", folder.path(of: "hand"), "--format", "json"]).stdout
    #expect(json.contains(#""id":"1.1","reached":true,"command":3,"#))
    #expect(json.contains(#""kind":"set""#) == false, "what the lesson sets may be set")
  }

  @Test func theManualShowsTheGoalsThatThereAre() throws {
    try record("ada.md")
    let page = try String(
      contentsOfFile: repositoryRoot + "/Sources/Manual/Manual.docc/Grading.md", encoding: .utf8)
    let goals = try ringside(["grade", "1", folder.path(of: "hand")]).stdout
      .split(separator: "\n").filter { $0.firstMatch(of: #/^ \d\.\d  /#) != nil }
    #expect(goals.count == count)
    for goal in goals { #expect(page.contains("\n\(goal)\n")) }
  }

  @Test func aGoalThatWasNotReachedIsNotClaimed() throws {
    try record("ada/work.md", Array(Self.way.prefix(3)))
    let result = try ringside(["grade", "01", folder.path(of: "hand"), "--format", "csv"])
    #expect(result.status == .exited(1))
    #expect(result.stdout.contains("\nada/work.md,,,3,1,yes,no,no,"), "\(result.stdout)")
  }

  @Test func handInsThatLieAreCaughtEachWithALine() throws {
    let good = try record("good.md")
    try record("other.md", Self.way + ["print 1", "print 2", "print 3", "regs", "rings", "gates"])
    func lie(_ name: String, _ change: (String) -> String) throws {
      try folder.write(change(good), to: "hand/\(name).md")
    }
    try lie("output") {
      $0.replacingFirst("program.s", with: "program.s").replacing("ring 3", with: "ring 0")
        .replacingFirst("00001", with: "00002")
    }
    try lie("removed") { text in
      // The block of one command is taken out.
      let parts = text.components(separatedBy: "\n\n")
      return parts.filter { !$0.contains("(ringside) break ask") }.joined(separator: "\n\n")
    }
    try lie("unsealed") { $0.replacing(#/ state=\w+ sha256=\w+/#, with: "") }
    try lie("stolen") { $0 }
    try lie("renamed") { $0.replacing("\nfinal:", with: "\nname: Eve\nfinal:") }
    try lie("outside") { _ in
      "```console\n(ringside) load /etc/hostname\n(ringside) source ../x\n```\n"
    }
    let grades = try grades()
    #expect(grades["other.md"]?.marks.keys.sorted() == ["similar"], "looking tells nobody apart")
    #expect(
      grades["output.md"]?.marks["edited"]?.contains("was changed after it was recorded") == true)
    #expect(grades["output.md"]?.marks["differs"] != nil)
    #expect(grades["output.md"]?.reached == count, "what is true is what the machine does")
    #expect(grades["removed.md"]?.marks["edited"] != nil)
    #expect(
      grades["unsealed.md"]?.marks["edited"] != nil
        || grades["unsealed.md"]?.marks["unsealed"] != nil)
    #expect(grades["stolen.md"]?.marks["copied"]?.contains("good.md") == true)
    #expect(
      grades["renamed.md"]?.marks["edited"]?.contains("block 1, or what is before it") == true)
    #expect(
      grades["outside.md"]?.marks["outside"]
        == "it reaches for '/etc/hostname', outside the folders that it may read")
  }

  @Test func whatNeverEndsOrFloodsIsStopped() throws {
    try folder.write("spin:   j spin\n", to: "hand/spin.s")
    try folder.write(
      "```console\n(ringside) load spin.s\n...\n(ringside) continue\n...\n```\n",
      to: "hand/endless.md")
    try folder.write(endlessProgram, to: "hand/flood.s")
    let looks = String(repeating: "(ringside) x/4000xw 0\n...\n", count: 200)
    try folder.write("```console\n\(looks)```\n", to: "hand/flood.md")
    let big = FileManager.default.createFile(atPath: folder.path(of: "hand/big.md"), contents: nil)
    #expect(big)
    truncate(folder.path(of: "hand/big.md"), 100_000_000)
    let grades = try grades(["--instructions", "20000000", "--time", "600"])
    #expect(
      grades["endless.md"]?.marks["limit"]
        == "line 4: continue: stopped: it ran more than 20000000 instructions")
    #expect(grades["flood.md"]?.marks["limit"]?.contains("more output than") == true)
    #expect(
      grades["big.md"]?.marks["unreadable"]?.contains("a transcript has at most 16 MiB") == true)
  }

  @Test func aProgramUnderTheLessonsNameIsNotTaken() throws {
    try folder.write("        hlt\n", to: "hand/two-modes.s")
    try record("ada.md")
    let reached = try grades()["ada.md"]?.reached
    #expect(reached == count)
  }

  @Test func aLinkOutOfTheFolderLeadsNowhere() throws {
    try folder.write("        hlt\n", to: "secret.s")
    try folder.write("```console\n(ringside) load in.s\n...\n```\n", to: "hand/ada.md")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "hand/in.s"), withDestinationPath: folder.path(of: "secret.s"))
    let mark = try grades()["ada.md"]?.marks["outside"]
    #expect(mark?.contains("'in.s'") == true)
  }

  @Test func sessionsThatAreAlikeAreTold() throws {
    try record("ada.md")
    try record("bob.md", Self.way + ["step"])
    try record("cy.md", ["load two-modes.s"] + (1...12).map { "print \($0)" })
    let grades = try grades()
    #expect(grades["bob.md"]?.marks["similar"] == "its commands are those of ada.md to 96 %")
    #expect(grades["cy.md"]?.marks == [:])
  }

  @Test func aTeachersOwnGoalsAndAChangedOneAreGradedAgain() throws {
    try record("ada.md")
    let goals = try folder.write(
      "# mine\n\nlooked at the gates: ran(gates)\nthe secret: s1 == 0x5ec2e700\n", to: "goals.txt")
    let hand = folder.path(of: "hand")
    let first = try ringside(["grade", "1", hand, "--goals", goals, "--format", "csv"])
    #expect(first.stdout.contains(",x1,x2,"))
    #expect(first.stdout.contains("\nada.md,,,14,\(count + 1),yes,yes,"))
    #expect(first.stdout.contains(",yes,no,yes,"))
    let table = try folder.write(first.stdout, to: "before.csv")
    try folder.write("stepped: ran(step)\n", to: "goals.txt")
    let again = try ringside(["grade", "1", hand, "--goals", goals, "--before", table])
    #expect(again.stdout.contains("ada.md: goal x1 was no, is yes"))
    #expect(again.status == .exited(0))
  }

  @Test(arguments: [
    (["grade", "nosuch", "."], "there is no lesson 'nosuch'"),
    (["grade", "1", "/nowhere"], "cannot read /nowhere"),
    (["grade", "1", shippedLessons + "/programs"], "there is no transcript (.md) in"),
    (["grade", "1", ".", "--similar", "0"], "--similar is 1 to 100"),
  ])
  func slipsAreOneLineAndGiveTwo(arguments: [String], message: String) throws {
    let result = try ringside(arguments)
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains(message), "\(result.stderr)")
  }

  @Test func aGoalsFileIsReadWithItsLines() throws {
    try record("ada.md")
    let goals = try folder.write("fine: 1\nnot fine\n", to: "goals.txt")
    let result = try ringside(["grade", "1", folder.path(of: "hand"), "--goals", goals])
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains("goals.txt:2: a goal is 'what it says: condition'"))
  }

  @Test(arguments: [40, 80])
  func theTableFits(width: Int) throws {
    try record("a-rather-long-name-of-somebody.md", Array(Self.way.prefix(3)))
    let result = try ringside(
      ["grade", "1", folder.path(of: "hand"), "--width", "\(width)", "--plain"])
    #expect(result.stdout.split(separator: "\n").allSatisfy { $0.count <= width })
    #expect(result.stdout.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func junitIsOneCaseForEachGoal() throws {
    try record("ada.md", Array(Self.way.prefix(3)))
    let result = try ringside(["grade", "1", folder.path(of: "hand"), "--format", "junit"])
    #expect(
      XMLCounter(result.stdout).names == [
        "testsuite": 1, "testcase": count + 1, "failure": count - 1,
      ])
  }
}
