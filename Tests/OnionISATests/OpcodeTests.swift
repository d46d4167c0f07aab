import OnionISA
import Testing

/// The CPU manual, section 2: the opcodes, copied from its tables.
@Suite struct OpcodeTests {
  static let manual: [(UInt32, String, Form)] = [
    (0x10, "add", .register), (0x11, "sub", .register), (0x12, "mul", .register),
    (0x13, "div", .register), (0x14, "rem", .register), (0x15, "and", .register),
    (0x16, "or", .register), (0x17, "xor", .register), (0x18, "sll", .register),
    (0x19, "srl", .register), (0x1A, "sra", .register), (0x1B, "slt", .register),
    (0x1C, "sltu", .register), (0x1D, "divu", .register), (0x1E, "remu", .register),
    (0x1F, "mulhu", .register),
    (0x20, "addi", .immediate), (0x25, "andi", .immediate), (0x26, "ori", .immediate),
    (0x27, "xori", .immediate), (0x28, "slli", .immediate), (0x29, "srli", .immediate),
    (0x2A, "srai", .immediate), (0x2B, "slti", .immediate), (0x2C, "sltiu", .immediate),
    (0x2F, "lui", .upper),
    (0x30, "lw", .memory), (0x31, "lh", .memory), (0x32, "lhu", .memory), (0x33, "lb", .memory),
    (0x34, "lbu", .memory), (0x40, "sw", .memory), (0x41, "sh", .memory), (0x43, "sb", .memory),
    (0x48, "swap", .memory),
    (0x50, "beq", .branch), (0x51, "bne", .branch), (0x52, "blt", .branch), (0x53, "bge", .branch),
    (0x54, "bltu", .branch), (0x55, "bgeu", .branch), (0x60, "jal", .jump),
    (0x61, "jalr", .immediate),
    (0x80, "int", .number), (0x81, "brk", .bare), (0x82, "rdcycle", .destination),
    (0x88, "getst", .destination), (0x89, "setst", .source), (0x8A, "gettv", .destination),
    (0x8B, "iret", .bare), (0x90, "hlt", .bare), (0x91, "cli", .bare), (0x92, "sti", .bare),
    (0x93, "getcr", .readControl), (0x94, "setcr", .writeControl), (0x95, "invlpg", .source),
    (0xA0, "in", .port), (0xA1, "out", .port), (0xB0, "vmcall", .number),
  ]

  @Test func everyOpcodeOfTheManualIsThereAndNoOther() {
    for (opcode, mnemonic, form) in Self.manual {
      let instruction = InstructionTable.instruction(opcode: UInt8(opcode))
      #expect(instruction?.info.mnemonic == mnemonic)
      // jalr's operands are written like a load's.
      #expect(instruction?.form == form || mnemonic == "jalr" && instruction?.form == .memory)
      #expect(InstructionTable.instruction(mnemonic: mnemonic) == instruction)
    }
    #expect(InstructionTable.rows.count == Self.manual.count)
    #expect(InstructionTable.rows.map(\.opcode) == InstructionTable.rows.map(\.opcode).sorted())
    #expect(InstructionTable.instruction(mnemonic: "nop") == nil)
    #expect(InstructionTable.instruction(opcode: 0) == nil)
  }

  @Test func privilegeIsThatOfTheManual() {
    let always: Set = ["hlt", "cli", "sti", "getcr", "setcr", "invlpg"]
    let onStrict: Set = ["getst", "setst", "gettv", "iret"]
    let ports: Set = ["in", "out"]
    for row in InstructionTable.rows {
      let name = row.mnemonic
      #expect(row.instruction.isPrivileged(on: .classic) == always.contains(name))
      #expect(
        row.instruction.isPrivileged(on: .strict)
          == (always.contains(name) || onStrict.contains(name)))
      #expect((row.privilege == .portRight) == ports.contains(name))
      // Popek and Goldberg: on strict nothing sensitive runs outside ring 0 without leave.
      #expect(
        row.isSensitive
          == (always.contains(name) || onStrict.contains(name) || ports.contains(name)))
    }
  }

  @Test func everyRowSaysSomething() {
    for row in InstructionTable.rows {
      #expect(!row.meaning.isEmpty && !row.x86.isEmpty && !row.riscv.isEmpty)
      #expect(row.meaning.allSatisfy { $0 != "\n" })
    }
  }

  @Test func costsAreThoseOfTheManual() {
    let table = CycleTable()
    let costs: [Instruction: UInt64] = [
      .mul: 3, .mulhu: 3, .div: 20, .rem: 20, .divu: 20, .remu: 20, .iret: 20, .in: 10, .out: 10,
    ]
    for instruction in Instruction.allCases {
      #expect(table.cost(of: instruction) == costs[instruction] ?? 1)
    }
    #expect(table.tableWord == 2)
    #expect(table.trapEntry == 40)
  }
}
