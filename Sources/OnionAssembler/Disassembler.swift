import OnionISA

/// A word as the assembler would take it.
public struct DisassembledWord: Hashable, Sendable {
  /// The instruction, or nil if the word is none.
  public var instruction: DecodedInstruction?
  public var mnemonic: String
  /// As the assembler takes them; empty if there are none.
  public var operands: String
  /// Where a branch or jump goes.
  public var target: VirtualAddress?

  /// Mnemonic and operands: assembles back to the same word at the same address.
  public var text: String { operands.isEmpty ? mnemonic : "\(mnemonic) \(operands)" }
}

/// Turns words into text that assembles back to them.
public enum Disassembler {
  /// - Parameter pc: the word's address, on which branch targets rest.
  public static func disassemble(_ word: UInt32, at pc: VirtualAddress) -> DisassembledWord {
    guard let instruction = DecodedInstruction(word: word) else {
      return DisassembledWord(
        instruction: nil, mnemonic: ".word", operands: "0x" + hexadecimal(word), target: nil)
    }
    let target: VirtualAddress? =
      switch instruction.instruction.form {
      case .branch, .jump: instruction.target(from: pc)
      default: nil
      }
    return DisassembledWord(
      instruction: instruction, mnemonic: instruction.instruction.info.mnemonic,
      operands: operands(instruction, target), target: target)
  }

  private static func operands(
    _ i: DecodedInstruction, _ target: VirtualAddress?
  ) -> String {
    let place = target.map { "0x" + hexadecimal($0.rawValue) } ?? ""
    let port = "0x" + hexadecimal(UInt32(i.port), digits: 2)
    let control = i.controlRegister?.name ?? "\(i.immediate)"
    return switch i.instruction.form {
    case .register: "\(i.d), \(i.a), \(i.b)"
    case .immediate: "\(i.d), \(i.a), \(number(i))"
    case .upper: "\(i.d), 0x\(hexadecimal(UInt32(i.port), digits: 1))"
    case .memory: "\(i.d), \(i.immediate)(\(i.a))"
    case .branch: "\(i.a), \(i.b), \(place)"
    case .jump: "\(i.d), \(place)"
    case .bare: ""
    case .number: "\(i.immediate)"
    case .destination: "\(i.d)"
    case .source: "\(i.a)"
    case .readControl: "\(i.d), \(control)"
    case .writeControl: "\(control), \(i.a)"
    case .port: i.instruction == .in ? "\(i.d), \(port)" : "\(port), \(i.d)"
    }
  }

  /// Masks read best in hexadecimal, sums in decimal.
  private static func number(_ i: DecodedInstruction) -> String {
    i.instruction.info.immediate == .unsigned
      ? "0x" + hexadecimal(UInt32(i.port), digits: 1) : "\(i.immediate)"
  }
}
