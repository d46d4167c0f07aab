import Foundation
import SourceText
import TestSupport
import Testing

@testable import Shell

/// Every view as it is seen at 40, 80 and 120 columns: with colour, plain, and as it is spoken.
///
/// A file under Screens for each; RINGSIDE_UPDATE_SCREENS=1 writes them anew, to be read before they are
/// committed. In them an escape character is shown as `\e`.
struct ScreenTests {
  /// What a screen shows: the lines that lead there, and the one whose answer it is.
  struct Scene: CustomTestStringConvertible, Sendable {
    var name: String
    var way: [String]
    var line: String
    var testDescription: String { name }
  }

  private static let bare = ["load kernel.s", "run 30000", "trap"]
  private static let guest = ["load --guest kernel.s", "run 30000", "trap"]

  private static let classic = ["load --guest --profile classic kernel.s"]
  private static let several = [
    "vm new alpha shallot/shallot.s", "vm new beta kernel.s weight=512", "vm start all",
    "type \"ping 255 1\\n\"", "run 250000",
  ]

  static let scenes: [Scene] =
    [
      "regs", "rings", "walk 0x3000", "gates", "tlb", "frames", "stack 8", "timeline", "cost",
      "devices", "traps 4", "card", "why", "list", "disas", "x/8xw 0x3000", "changed",
      "symbols put",
      "console", "step phase all", "info breakpoints", "pages", "trace 5", "disks",
    ].flatMap { line in
      [
        Scene(name: line, way: bare, line: line),
        Scene(name: "\(line), guest", way: guest, line: line),
      ]
    } + [
      Scene(name: "vcpu", way: guest, line: "vcpu"),
      Scene(name: "shadow", way: guest, line: "shadow"),
      Scene(name: "vm", way: guest, line: "vm"),
      Scene(name: "technique", way: guest, line: "technique"),
      Scene(name: "technique, classic", way: classic, line: "technique"),
      Scene(name: "compare", way: ["load --guest two-modes.s"], line: "compare"),
      Scene(name: "vm list", way: several, line: "vm list"),
      Scene(name: "timeline guests", way: several, line: "timeline guests"),
      Scene(name: "timeline processes", way: several, line: "timeline processes"),
      Scene(name: "network", way: several, line: "network"),
      Scene(name: "network alpha", way: several, line: "network alpha"),
      Scene(name: "frames, several", way: several, line: "frames"),
      Scene(
        name: "host", way: several + ["vm save alpha before", "host new second"], line: "host"),
      Scene(name: "predict", way: ["load two-modes.s"], line: "predict runs"),
      Scene(name: "gates real", way: guest, line: "gates real"),
      Scene(name: "gates 4 33", way: guest, line: "gates 4 33"),
      Scene(name: "cost table vmm", way: guest, line: "cost table vmm"),
      Scene(name: "cost table", way: guest, line: "cost table"),
      Scene(name: "trap, emulated", way: guest + ["catch protection"], line: "trap"),
      Scene(name: "trap, hidden", way: guest + ["run 40"], line: "trap"),
      Scene(name: "trap, int", way: ["load two-modes.s"], line: "trap"),
      Scene(
        name: "trap, triple fault",
        way: ["load two-modes.s", "trap", "back", "set tvec = 0x3ff000"],
        line: "trap"),
      Scene(
        name: "stop at a breakpoint", way: ["load kernel.s", "break critical"], line: "continue"),
      Scene(
        name: "stop at a watchpoint", way: ["load --guest kernel.s", "watch mem[ticks]"],
        line: "continue"),
      Scene(name: "explain cli", way: [], line: "explain cli"),
      Scene(name: "explain page", way: [], line: "explain page"),
      Scene(name: "help", way: [], line: "help"),
      Scene(name: "help step", way: [], line: "help step"),
      Scene(name: "a mistake", way: [], line: "brake"),
    ]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Screens")

  @Test(arguments: scenes)
  func isAsItWasRead(_ scene: Scene) throws {
    var text = ""
    for width in [40, 80, 120] {
      for mode in ["coloured", "plain", "spoken"] {
        text += "== \(mode), \(width) columns\n"
        let lines = try shown(scene, width: width, mode: mode)
        for line in lines.lines {
          #expect(line.width <= width, "\(mode), \(width) columns: \(line.plain)")
        }
        var rendered = lines.rendered(mode == "coloured" ? .ansi(.normal) : .plain)
        if mode != "coloured" { rendered = PlainText.ascii(rendered, width: width) }
        text += rendered.replacing("\u{1b}", with: "\\e") + "\n"
      }
    }
    let name = String(scene.name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    let file = Self.folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_SCREENS"] != nil {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(text == (try String(contentsOf: file, encoding: .utf8)))
  }

  private func shown(_ scene: Scene, width: Int, mode: String) throws -> StyledText {
    let shell = try makeInterpreter(width: width)
    shell.say("set budget 300000")
    for line in scene.way { shell.say(line) }
    if mode == "plain" { shell.look.layout = .linear }
    if mode == "spoken" { shell.look.verbosity = .spoken }
    return shell.execute(scene.line).text
  }
}
