/// An instruction with its operands: what a word means, whatever the ring or profile.
public struct DecodedInstruction: Hashable, Sendable {
  public var instruction: Instruction
  /// The digits d, a, b; `zero` where the form has none.
  public var d: Register
  public var a: Register
  public var b: Register
  /// The immediate, extended as the instruction reads it: imm16, imm20 in words, n, c or p.
  public var immediate: Int32

  public init(
    _ instruction: Instruction, d: Register = .zero, a: Register = .zero, b: Register = .zero,
    immediate: Int32 = 0
  ) {
    self.instruction = instruction
    self.d = d
    self.a = a
    self.b = b
    self.immediate = immediate
  }

  /// The control register of a `getcr` or `setcr`.
  public var controlRegister: ControlRegister? {
    ControlRegister(rawValue: UInt16(truncatingIfNeeded: immediate))
  }

  /// The port of an `in` or `out`, 0 to 65535.
  public var port: UInt16 { UInt16(truncatingIfNeeded: immediate) }

  /// The vector of an `int`.
  public var vector: Vector { Vector(rawValue: UInt8(truncatingIfNeeded: immediate)) }

  /// Where a branch or `jal` at `pc` goes.
  public func target(from pc: VirtualAddress) -> VirtualAddress {
    VirtualAddress(pc.rawValue &+ UInt32(bitPattern: immediate) &* 4)
  }
}

// MARK: - Words

extension DecodedInstruction {
  /// The instruction that `word` is, or nil if it is undefined (vector 3).
  ///
  /// Which words are instructions depends on neither ring nor profile.
  public init?(word: UInt32) {
    guard let instruction = Instruction(rawValue: UInt8(truncatingIfNeeded: word >> 24)) else {
      return nil
    }
    let info = InstructionTable.row(of: instruction)
    let first = Register(bits: word >> 20)
    let second = Register(bits: word >> 16)
    let low = word & 0xFFFF
    self.init(instruction)
    immediate =
      info.immediate == .signed
      ? Int32(Int16(truncatingIfNeeded: low)) : Int32(bitPattern: low)

    switch info.form {
    case .register:
      guard word & 0xFFF == 0 else { return nil }
      (d, a, b) = (first, second, Register(bits: word >> 12))
      immediate = 0
    case .immediate, .memory:
      (d, a) = (first, second)
    case .upper, .port:
      guard second == .zero else { return nil }
      d = first
    case .branch:
      (a, b) = (first, second)
    case .jump:
      d = first
      immediate = Int32(bitPattern: word << 12) >> 12
    case .bare:
      guard word & 0xFF_FFFF == 0 else { return nil }
    case .number:
      guard first == .zero, second == .zero else { return nil }
      guard instruction != .int || (32...63).contains(low) else { return nil }
    case .destination:
      guard second == .zero, low == 0 else { return nil }
      d = first
    case .source:
      guard first == .zero, low == 0 else { return nil }
      a = second
    case .readControl:
      guard second == .zero, controlRegister != nil else { return nil }
      d = first
    case .writeControl:
      guard first == .zero, controlRegister?.isWritable == true else { return nil }
      a = second
    }
  }

  /// The instruction's word.
  ///
  /// - Precondition: the immediate fits its field; the assembler checks that and says where.
  public var word: UInt32 {
    let opcode = UInt32(instruction.rawValue) << 24
    let low = UInt32(bitPattern: immediate) & 0xFFFF
    let dDigit = UInt32(d.number) << 20
    let aDigit = UInt32(a.number) << 16
    switch instruction.form {
    case .register: return opcode | dDigit | aDigit | UInt32(b.number) << 12
    case .immediate, .memory: return opcode | dDigit | aDigit | low
    case .upper, .port, .readControl: return opcode | dDigit | low
    case .branch: return opcode | UInt32(a.number) << 20 | UInt32(b.number) << 16 | low
    case .jump: return opcode | dDigit | UInt32(bitPattern: immediate) & 0xF_FFFF
    case .bare: return opcode
    case .number: return opcode | low
    case .destination: return opcode | dDigit
    case .source: return opcode | aDigit
    case .writeControl: return opcode | aDigit | low
    }
  }
}
