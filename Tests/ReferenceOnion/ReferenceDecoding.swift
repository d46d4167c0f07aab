/// Section 2: which words are instructions. It depends on neither ring nor profile.
extension ReferenceMachine {
  public static func isInstruction(_ word: UInt32) -> Bool {
    let second = word >> 20 & 0xF  // the third hex digit, after the two of the opcode
    let third = word >> 16 & 0xF
    let number = word & 0xFFFF
    switch word >> 24 {
    case 0x10...0x1F:  // oo d a b 000
      return word & 0xFFF == 0
    case 0x20, 0x25...0x2C:  // oo d a iiii; 29 srli, 2A srai, 28 slli among them
      return true
    case 0x2F:  // 2F d 0 iiii
      return third == 0
    case 0x30...0x34, 0x40, 0x41, 0x43, 0x48, 0x50...0x55, 0x60, 0x61:
      return true
    case 0x80:  // 80 0 0 nnnn
      return second == 0 && third == 0 && (32...63).contains(number)
    case 0x81, 0x8B, 0x90, 0x91, 0x92:  // brk iret hlt cli sti
      return word & 0xFF_FFFF == 0
    case 0x82, 0x88, 0x8A:  // rdcycle getst gettv: oo d 0 0000
      return third == 0 && number == 0
    case 0x89, 0x95:  // setst invlpg: oo 0 a 0000
      return second == 0 && number == 0
    case 0x93:  // getcr: 93 d 0 cccc
      return third == 0 && (1...12).contains(number)
    case 0x94:  // setcr: 94 0 a cccc; 8 to 12 are read only
      return second == 0 && (1...7).contains(number)
    case 0xA0, 0xA1:  // in, out: oo d 0 pppp
      return third == 0
    case 0xB0:  // vmcall: B0 0 0 nnnn
      return second == 0 && third == 0
    default:
      return false
    }
  }

  /// The third column of section 2's table: vector 4 unless the ring may use the instruction.
  func checkPrivilege(_ word: UInt32) throws(Trap) {
    switch word >> 24 {
    case 0x88, 0x89, 0x8A, 0x8B:  // getst setst gettv iret
      if profile == .strict && cpl != 0 { throw Trap(vector: 4, error: 1) }
    case 0x90...0x95:  // hlt cli sti getcr setcr invlpg
      if cpl != 0 { throw Trap(vector: 4, error: 1) }
    case 0xA0, 0xA1:  // in out
      if cpl > iopl { throw Trap(vector: 4, error: 4) }
    default:
      break
    }
  }
}
