import OnionISA

/// Which right an instruction asks for, by opcode, on one profile.
///
/// Invariant: `rights` has 256 initialised entries and lives as long as the machine that owns it.
struct PrivilegeTable {
  enum Right: UInt8 {
    case none
    case ring0
    case port
  }

  private let rights: UnsafeMutablePointer<Right>

  init(_ profile: Profile) {
    rights = .allocate(capacity: 256)
    rights.initialize(repeating: .none, count: 256)
    for instruction in Instruction.allCases {
      let isPort = instruction.info.privilege == .portRight
      rights[Int(instruction.rawValue)] =
        isPort ? .port : instruction.isPrivileged(on: profile) ? .ring0 : .none
    }
  }

  func deallocate() { rights.deallocate() }

  @inline(__always) subscript(instruction: Instruction) -> Right {
    rights[Int(instruction.rawValue)]
  }
}
