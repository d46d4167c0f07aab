import OnionISA

/// Each opcode's instruction, and the right that it asks for on one profile.
///
/// Invariant: both tables have 256 initialised entries and live as long as the machine that owns them.
struct PrivilegeTable {
  enum Right: UInt8 {
    case none
    case ring0
    case port
  }

  private let rights: UnsafeMutablePointer<Right>
  private let instructions: UnsafeMutablePointer<Instruction?>

  init(_ profile: Profile) {
    rights = .allocate(capacity: 256)
    rights.initialize(repeating: .none, count: 256)
    instructions = .allocate(capacity: 256)
    instructions.initialize(repeating: nil, count: 256)
    for instruction in Instruction.allCases {
      let isPort = instruction.info.privilege == .portRight
      rights[Int(instruction.rawValue)] =
        isPort ? .port : instruction.isPrivileged(on: profile) ? .ring0 : .none
      instructions[Int(instruction.rawValue)] = instruction
    }
  }

  func deallocate() {
    rights.deallocate()
    instructions.deallocate()
  }

  @inline(__always) subscript(instruction: Instruction) -> Right {
    rights[Int(instruction.rawValue)]
  }

  @inline(__always) func instruction(_ opcode: UInt8) -> Instruction? { instructions[Int(opcode)] }
}
