/// What the instructions do.
extension ReferenceMachine {
  /// Carries out an instruction, sets pc to the next one, and says what remains to be done.
  ///
  /// A fault is thrown before anything has changed.
  func execute(_ word: UInt32) throws(Trap) -> Completion {
    let opcode = word >> 24
    if opcode >= 0x80 { return try executeSystem(word) }

    // Names of the digits: oo d a b 000, oo d a iiii.
    let d = Int(word >> 20 & 0xF)
    let a = Int(word >> 16 & 0xF)
    let b = Int(word >> 12 & 0xF)
    let zeroExtended = word & 0xFFFF
    let signExtended = UInt32(bitPattern: Int32(Int16(bitPattern: UInt16(zeroExtended))))
    let next = pc &+ 4

    switch opcode {
    case 0x10...0x1F:
      set(d, try arithmetic(opcode, registers[a], registers[b]))
    case 0x25, 0x26, 0x27:  // andi ori xori
      set(d, try arithmetic(opcode - 0x10, registers[a], zeroExtended))
    case 0x20...0x2C:
      set(d, try arithmetic(opcode - 0x10, registers[a], signExtended))
    case 0x2F:  // lui
      set(d, zeroExtended << 16)

    case 0x30...0x34: try executeLoad(opcode, d, registers[a] &+ signExtended)
    case 0x40: try executeStore(d, registers[a] &+ signExtended, bytes: 4)
    case 0x41: try executeStore(d, registers[a] &+ signExtended, bytes: 2)
    case 0x43: try executeStore(d, registers[a] &+ signExtended, bytes: 1)
    case 0x48:  // swap
      let place = try placeOfStore(registers[a] &+ signExtended, bytes: 4, ring: cpl)
      let old = readWord(physical: place)
      writeWord(physical: place, registers[d])
      set(d, old)

    case 0x50...0x55:  // oo a b iiii: the digits d and a are a and b here
      if isBranchTaken(opcode, registers[d], registers[a]) {
        pc = pc &+ 4 &* signExtended
        return .ordinary
      }
    case 0x60:  // jal
      let imm20 = word & 0xF_FFFF
      let offset = imm20 & 0x8_0000 != 0 ? imm20 | 0xFFF0_0000 : imm20
      set(d, next)
      pc = pc &+ 4 &* offset
      return .ordinary
    default:  // 61 jalr
      let target = registers[a] &+ signExtended
      if target % 4 != 0 { throw Trap(vector: 6, error: target) }
      set(d, next)
      pc = target
      return .ordinary
    }
    pc = next
    return .ordinary
  }

  /// The operations of opcodes 10 to 1F; the immediate forms are 16 higher.
  private func arithmetic(_ opcode: UInt32, _ a: UInt32, _ b: UInt32) throws(Trap) -> UInt32 {
    let signedA = Int32(bitPattern: a)
    let signedB = Int32(bitPattern: b)
    let isDivision = [0x13, 0x14, 0x1D, 0x1E].contains(opcode)
    if isDivision && b == 0 { throw Trap(vector: 0, error: 0) }
    switch opcode {
    case 0x10: return a &+ b
    case 0x11: return a &- b
    case 0x12: return a &* b
    case 0x13:  // div: −2³¹ ÷ −1 gives itself
      return signedB == -1 ? 0 &- a : UInt32(bitPattern: signedA / signedB)
    case 0x14:  // rem: of −2³¹ by −1, 0
      return signedB == -1 ? 0 : UInt32(bitPattern: signedA % signedB)
    case 0x15: return a & b
    case 0x16: return a | b
    case 0x17: return a ^ b
    case 0x18: return a << (b % 32)
    case 0x19: return a >> (b % 32)
    case 0x1A: return UInt32(bitPattern: signedA >> Int32(b % 32))
    case 0x1B: return signedA < signedB ? 1 : 0
    case 0x1C: return a < b ? 1 : 0
    case 0x1D: return a / b
    case 0x1E: return a % b
    default: return UInt32((UInt64(a) * UInt64(b)) >> 32)  // 1F mulhu
    }
  }

  private func executeLoad(_ opcode: UInt32, _ d: Int, _ address: UInt32) throws(Trap) {
    switch opcode {
    case 0x30: set(d, try load(address, bytes: 4, ring: cpl))
    case 0x31:  // lh
      let value = try load(address, bytes: 2, ring: cpl)
      set(d, value & 0x8000 != 0 ? value | 0xFFFF_0000 : value)
    case 0x32: set(d, try load(address, bytes: 2, ring: cpl))
    case 0x33:  // lb
      let value = try load(address, bytes: 1, ring: cpl)
      set(d, value & 0x80 != 0 ? value | 0xFFFF_FF00 : value)
    default: set(d, try load(address, bytes: 1, ring: cpl))  // 34 lbu
    }
  }

  private func executeStore(_ d: Int, _ address: UInt32, bytes: UInt32) throws(Trap) {
    let place = try placeOfStore(address, bytes: bytes, ring: cpl)
    write(place, registers[d], bytes: bytes)
  }

  private func isBranchTaken(_ opcode: UInt32, _ a: UInt32, _ b: UInt32) -> Bool {
    switch opcode {
    case 0x50: a == b
    case 0x51: a != b
    case 0x52: Int32(bitPattern: a) < Int32(bitPattern: b)
    case 0x53: Int32(bitPattern: a) >= Int32(bitPattern: b)
    case 0x54: a < b
    default: a >= b  // 55 bgeu
    }
  }
}
