import Onion
import OnionAssembler
import OnionISA
import SourceText

// `explain`: any instruction, trap, bit, register, port or word of the field.
extension ViewContext {
  /// Nil if nothing is known by that name.
  public func explain(_ topic: String) -> StyledText? {
    explanation(of: topic)?.wrapped(to: width, hanging: "  ")
  }

  private func explanation(of topic: String) -> StyledText? {
    let text = topic.trimmingSpaces
    let lower = text.lowercased()
    if let instruction = InstructionTable.instruction(mnemonic: lower) {
      return explain(instruction)
    }
    if let pseudo = pseudoInstruction(lower) { return pseudo }
    if let vector = vector(lower) { return explain(vector) }
    if let control = ControlRegister(name: lower) { return explain(control) }
    if Glossary.words[lower] == nil || Glossary.bits[text] != nil,
      let bit = Glossary.bits[text.uppercased()]
    {
      let name = text.uppercased()
      return titled(name, bit, Relatives.named(name))
    }
    if let register = Register(name: lower) {
      return titled(
        "\(register) (r\(register.number))", "General register: \(register.use).")
    }
    if let word = Glossary.words[lower] { return titled(lower, word, Relatives.named(lower)) }
    if let port = port(lower) { return explain(port) }
    if let number = number(lower) { return explain(word: number) }
    if let full = Self.meant(by: lower) { return explanation(of: full) }
    return nil
  }

  /// A beginning that only one name has, or another form of a word: the views write `reflected`, `stolen`.
  private static func meant(by text: String) -> String? {
    let forms = [
      "reflected": "reflection", "emulated": "emulation", "stolen": "steal time",
      "deprivileged": "deprivileging", "compressed": "ring compression", "hypervisor": "vmm",
    ]
    if let form = forms[text] { return form }
    let names = explainable.filter { $0.lowercased().hasPrefix(text) }
    return text.count > 1 && names.count == 1 ? names.first : nil
  }

  /// Everything that `explain` knows by name, for completion and suggestions.
  public static var explainable: [String] {
    let names =
      InstructionTable.rows.map(\.mnemonic) + Vector.named.map(\.name) + ["software"]
      + ControlRegister.allCases.map(\.name) + Array(Glossary.bits.keys)
      + Array(Glossary.words.keys) + PseudoInstruction.allCases.map(\.rawValue)
    return names.sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }
  }

  private func titled(_ title: String, _ text: String, _ relatives: Relatives? = nil) -> StyledText
  {
    let body = StyledText(" \(title)", .strong) + "\n" + paragraph(StyledText(text), indent: 1)
    let rows = rows(relatives)
    return rows.isEmpty ? body : body + "\n" + fields(rows)
  }

  private func rows(_ relatives: Relatives?) -> [(label: String, text: StyledText)] {
    guard let relatives else { return [] }
    var rows: [(label: String, text: StyledText)] = [
      ("try", StyledText(relatives.example, .code)), ("x86", StyledText(relatives.x86)),
      ("RISC-V", StyledText(relatives.riscv)),
    ]
    if !relatives.caveat.isEmpty { rows.append(("but", StyledText(relatives.caveat))) }
    return rows
  }

  private func number(_ text: String) -> UInt32? {
    if text.hasPrefix("0x") { return UInt32(text.dropFirst(2), radix: 16) }
    return text.count == 8 ? UInt32(text, radix: 16) : nil
  }

  // MARK: Instructions

  private func explain(_ instruction: Instruction) -> StyledText {
    let info = instruction.info
    var rows: [(label: String, text: StyledText)] = []
    rows.append(("does", StyledText(info.meaning)))
    rows.append(
      (
        "digits",
        StyledText(
          info.form.digits.replacingPrefix("oo", hexadecimal(UInt32(info.opcode), digits: 2)))
      ))
    rows.append(("who may", StyledText(privilege(info))))
    rows.append(
      (
        "cycles",
        StyledText("\(machine.cycleTable.cost(of: instruction))" + cyclesNote(instruction))
      ))
    rows += example(instruction)
    rows.append(("x86", StyledText(info.x86)))
    rows.append(("RISC-V", StyledText(info.riscv)))
    if let caveat = Glossary.caveat(instruction) { rows.append(("but", StyledText(caveat))) }
    return StyledText(" \(info.mnemonic) \(info.operands)", .strong) + "\n" + fields(rows)
  }

  /// Where the program has the instruction; else how to write one, and what that costs.
  private func example(_ instruction: Instruction) -> [(label: String, text: StyledText)] {
    if let image {
      let places = image.lines.lazy.map(\.address).filter { address in
        image.word(at: address).flatMap { DecodedInstruction(word: $0) }?.instruction == instruction
      }
      if let place = places.first(where: { $0 >= world.pc.rawValue }) ?? places.first {
        let name = image.symbolicName(of: place) ?? "0x\(VirtualAddress(place))"
        return [("try", StyledText("disas \(name), 1", .code))]
      }
    }
    let line = instruction.info.example.replacing("here", with: "0x\(world.pc)")
    return [
      ("try", StyledText("asm \(line)", .code)),
      ("which", "takes the place of the instruction at the pc; 'undo' brings that back"),
    ]
  }

  private func cyclesNote(_ instruction: Instruction) -> String {
    switch instruction {
    case .int, .brk, .vmcall: ", and \(machine.cycleTable.trapEntry) for the trap entry"
    default: ""
    }
  }

  private func privilege(_ info: InstructionInfo) -> String {
    switch info.privilege {
    case .anyRing: return "any ring"
    case .ring0: return "ring 0 only; elsewhere it traps: vector 4, error 1 (on both profiles)"
    case .portRight: return "rings up to IOPL; elsewhere it traps: vector 4, error 4"
    case .ring0OnStrict:
      let hole: String =
        switch info.instruction {
        case .getst, .gettv: "it runs in any ring and tells the real value: a leak"
        case .setst: "outside ring 0 it changes TF only, and nobody is told"
        default: "outside ring 0 IF and IOPL keep their value, and nobody is told"
        }
      return "ring 0 only on the strict profile (vector 4, error 1). On the classic one \(hole)."
    }
  }

  private func pseudoInstruction(_ name: String) -> StyledText? {
    guard let pseudo = PseudoInstruction(rawValue: name) else { return nil }
    let usage = pseudo.operands.isEmpty ? name : "\(name) \(pseudo.operands)"
    return titled(
      usage, "A pseudo-instruction: the assembler writes \(pseudo.expansion).")
  }

  private func explain(word: UInt32) -> StyledText {
    let text = Disassembler.disassemble(word, at: world.pc)
    guard let decoded = text.instruction else {
      return titled(
        hexadecimal(word),
        "No instruction: run, it would trap with vector 3. As a page-table entry: "
          + bits(PageTableEntry(rawValue: word), .table) + ".")
    }
    return StyledText(" \(hexadecimal(word)) is ", .strong) + StyledText(text.text, .code) + "\n"
      + explain(decoded.instruction)
  }

  // MARK: Traps, control registers, ports

  private func vector(_ text: String) -> Vector? {
    let words = text.split(separator: " ").filter {
      $0 != "trap" && $0 != "fault" && $0 != "vector"
    }
    guard words.count == 1, let name = words.first else { return nil }
    if let number = UInt8(name), number < 64 { return Vector(rawValue: number) }
    if name == "software" { return Vector(rawValue: 32) }
    return Vector.named.first { $0.name == name }
  }

  private func explain(_ vector: Vector) -> StyledText {
    var rows: [(label: String, text: StyledText)] = []
    rows.append(("when", StyledText(Glossary.vector(vector))))
    let saves =
      switch vector.kind {
      case .fault: "the pc of the instruction itself, which has changed nothing"
      case .abort: "the pc that the first delivery would have saved"
      case .trap, .interrupt: "the pc of the next instruction"
      case .unused: "nothing: this vector is never raised"
      }
    rows.append(("kind", StyledText("\(vector.kind.rawValue): saves \(saves)")))
    rows.append(("error", StyledText(vector.errorMeaning)))
    rows += self.rows(Relatives.named(vector.name))
    let name = Vector.software.contains(vector.rawValue) ? "vectors 32 to 63" : "vector \(vector)"
    return StyledText(" \(name): \(vector.name)", .strong) + "\n" + fields(rows)
  }

  private func explain(_ control: ControlRegister) -> StyledText {
    titled(
      "control register \(control.rawValue), \(control.name)",
      control.summary.prefix(1).uppercased() + control.summary.dropFirst() + ". "
        + (control.isWritable ? "Read by getcr, written by setcr." : "Read by getcr only.")
        + " Now \(hexadecimal(machine.value(of: control))).",
      Relatives.named(control.name))
  }

  private func port(_ text: String) -> Port? {
    let words = text.split(separator: " ").filter { $0 != "port" }.joined(separator: " ")
    if let number = number(words), let value = UInt16(exactly: number) {
      return Port(rawValue: value)
    }
    return Port.allCases.first { $0.name == words }
  }

  private func explain(_ port: Port) -> StyledText {
    StyledText(" port 0x\(hexadecimal(UInt32(port.rawValue), digits: 2)): \(port.name)", .strong)
      + "\n"
      + fields([
        ("write", StyledText(port.onWrite)), ("read", StyledText(port.onRead)),
        ("try", StyledText("devices", .code)),
        ("x86", "in and out with the device's port, 0 to 65535"),
        ("RISC-V", "none: a device's registers are in memory"),
      ])
  }
}

extension String {
  var trimmingSpaces: String {
    split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }

  fileprivate func replacingPrefix(_ prefix: String, _ new: String) -> String {
    hasPrefix(prefix) ? new + dropFirst(prefix.count) : self
  }
}
