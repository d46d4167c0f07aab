import Lessons
import OnionISA
import Shell
import SourceText

/// A table of the manual that is made from the table the code itself works by.
///
/// The raw value is the table's name in a page: the lines between `<!-- table:NAME -->` and
/// `<!-- /table -->` are its Markdown.
public enum ManualTable: String, CaseIterable, Sendable {
  case registers
  case forms
  case arithmetic
  case immediates
  case memory
  case control
  case system
  case cousins
  case vectors
  case controlRegisters = "control-registers"
  case ports
  case cycles
  case commands
  case claims
  case files

  /// The table as Markdown, without an end of line behind its last row.
  public var markdown: String {
    switch self {
    case .registers: Self.registerTable
    case .forms: Self.formTable
    case .arithmetic: Self.instructionTable(opcodes: 0x10...0x1F)
    case .immediates: Self.instructionTable(opcodes: 0x20...0x2F)
    case .memory: Self.instructionTable(opcodes: 0x30...0x4F)
    case .control: Self.instructionTable(opcodes: 0x50...0x6F)
    case .system: Self.systemTable
    case .cousins: Self.cousinTable
    case .vectors: Self.vectorTable
    case .controlRegisters: Self.controlRegisterTable
    case .ports: Self.portTable
    case .cycles: Self.cycleTable
    case .commands: Self.commandTable
    case .claims: Self.claimTable
    case .files: Self.fileTable
    }
  }
}

// MARK: The tables

extension ManualTable {
  /// The one table that is made from files: the lessons.
  private static var claimTable: String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let library = try? LessonLibrary(folder: "/\(root)/lessons")
    return table(
      ["claim", "the article says", "shown in lesson"], ArticleClaim.rows(library?.lessons ?? []))
  }

  private static var fileTable: String {
    table(["what", "at most"], FileKind.allCases.map { [$0.name, "\($0.limit >> 20) MiB"] })
  }

  private static var registerTable: String {
    table(
      ["number", "name", "use"], Register.all.map { ["r\($0.number)", code($0.name), $0.use] })
  }

  private static var formTable: String {
    let rows = Form.allCases.map { form in
      let members = InstructionTable.rows.filter { $0.form == form }.map { code($0.mnemonic) }
      return [form.rawValue, code(form.digits), members.joined(separator: " ")]
    }
    return table(["form", "digits", "instructions"], rows)
  }

  private static func instructionTable(opcodes: ClosedRange<UInt8>) -> String {
    let rows = InstructionTable.rows.filter { opcodes.contains($0.opcode) }
    return table(
      ["instruction", "digits", "does", "cycles"],
      rows.map { [spelling($0), digits($0), $0.meaning, cost($0)] })
  }

  private static var systemTable: String {
    let rows = InstructionTable.rows.filter { $0.opcode >= 0x80 }
    return table(
      ["instruction", "digits", "does", "strict", "classic", "cycles"],
      rows.map {
        [
          spelling($0), digits($0), $0.meaning, right($0, .strict), right($0, .classic), cost($0),
        ]
      })
  }

  private static var cousinTable: String {
    table(
      ["Onion", "x86", "RISC-V"],
      InstructionTable.rows.map { [code($0.mnemonic), $0.x86, $0.riscv] })
  }

  private static var commandTable: String {
    let rows = Command.Group.allCases.flatMap { group in
      CommandTable.all.filter { $0.group == group }.map { command in
        let usage = [command.name, command.arguments].filter { !$0.isEmpty }.joined(separator: " ")
        return [
          group.rawValue, code(usage), command.abbreviations.map(code).joined(separator: " "),
          command.summary,
        ]
      }
    }
    return table(["group", "command", "also", "does"], rows)
  }

  private static var vectorTable: String {
    var rows = Vector.named.map { ["\($0)", $0.name, $0.kind.rawValue, $0.errorMeaning] }
    let software = Vector.software
    let first = Vector(rawValue: software.lowerBound)
    rows.append([
      "\(software.lowerBound) to \(software.upperBound)", first.name, first.kind.rawValue,
      first.errorMeaning,
    ])
    return table(["vector", "name", "kind", "error word"], rows)
  }

  private static var controlRegisterTable: String {
    table(
      ["c", "name", "holds", "written by `setcr`"],
      ControlRegister.allCases.map {
        ["\($0.rawValue)", code($0.name), $0.summary, $0.isWritable ? "yes" : "undefined"]
      })
  }

  private static var portTable: String {
    table(
      ["port", "name", "a write", "a read"],
      Port.allCases.map {
        [code("0x" + hexadecimal($0.rawValue)), $0.name, $0.onWrite, $0.onRead]
      })
  }

  private static var cycleTable: String {
    let costs = CycleTable()
    return table(
      ["entry", "cycles", "charged for"],
      CycleTable.entries.map { [code($0.name), "\(costs[keyPath: $0.keyPath])", $0.meaning] })
  }
}

// MARK: Cells

extension ManualTable {
  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    let rule = head.map { _ in "---" }
    return ([head, rule] + rows)
      .map { "| " + $0.map(escaped).joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  private static func escaped(_ cell: String) -> String {
    cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static func spelling(_ row: InstructionInfo) -> String {
    code(row.operands.isEmpty ? row.mnemonic : "\(row.mnemonic) \(row.operands)")
  }

  /// The form's digits with the instruction's own opcode in front.
  private static func digits(_ row: InstructionInfo) -> String {
    code(hexadecimal(UInt16(row.opcode)) + row.form.digits.dropFirst(2))
  }

  private static func cost(_ row: InstructionInfo) -> String {
    "\(CycleTable().cost(of: row.instruction))"
  }

  private static func right(_ row: InstructionInfo, _ profile: Profile) -> String {
    switch row.privilege {
    case .anyRing: "any ring"
    case .portRight: "CPL ≤ IOPL"
    case .ring0: "ring 0"
    case .ring0OnStrict: profile == .strict ? "ring 0" : "any ring: a hole"
    }
  }

  private static func hexadecimal(_ value: UInt16) -> String {
    String(value, radix: 16, uppercase: true)
  }
}
