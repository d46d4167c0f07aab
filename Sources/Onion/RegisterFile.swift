/// What each plain instruction does to the registers: the one definition, for the loop's single and fused
/// operations alike (the CPU manual, section 2).
///
/// Invariant: `base` has 17 words, and the decoder gives register numbers 0 to 16 only.
struct RegisterFile {
  typealias Place = UnsafeMutablePointer<Operation>
  let base: UnsafeMutablePointer<UInt32>

  @inline(__always) private func a(_ o: Place) -> UInt32 { base[Int(o.pointee.a)] }
  @inline(__always) private func b(_ o: Place) -> UInt32 { base[Int(o.pointee.b)] }
  @inline(__always) private func signedA(_ o: Place) -> Int32 { Int32(bitPattern: a(o)) }
  @inline(__always) private func signedB(_ o: Place) -> Int32 { Int32(bitPattern: b(o)) }
  @inline(__always) private func immediate(_ o: Place) -> UInt32 {
    UInt32(bitPattern: o.pointee.immediate)
  }
  @inline(__always) func set(_ o: Place, _ value: UInt32) { base[Int(o.pointee.d)] = value }
  /// What a store writes.
  @inline(__always) func source(_ o: Place) -> UInt32 { base[Int(o.pointee.d)] }

  // MARK: Arithmetic

  @inline(__always) func add(_ o: Place) { set(o, a(o) &+ b(o)) }
  @inline(__always) func sub(_ o: Place) { set(o, a(o) &- b(o)) }
  @inline(__always) func and(_ o: Place) { set(o, a(o) & b(o)) }
  @inline(__always) func or(_ o: Place) { set(o, a(o) | b(o)) }
  @inline(__always) func xor(_ o: Place) { set(o, a(o) ^ b(o)) }
  @inline(__always) func sll(_ o: Place) { set(o, a(o) &<< b(o)) }
  @inline(__always) func srl(_ o: Place) { set(o, a(o) &>> b(o)) }
  @inline(__always) func sra(_ o: Place) { set(o, UInt32(bitPattern: signedA(o) &>> signedB(o))) }
  @inline(__always) func slt(_ o: Place) { set(o, signedA(o) < signedB(o) ? 1 : 0) }
  @inline(__always) func sltu(_ o: Place) { set(o, a(o) < b(o) ? 1 : 0) }
  @inline(__always) func mul(_ o: Place) { set(o, a(o) &* b(o)) }
  @inline(__always) func mulhu(_ o: Place) {
    set(o, UInt32(truncatingIfNeeded: (UInt64(a(o)) * UInt64(b(o))) >> 32))
  }

  @inline(__always) func addi(_ o: Place) { set(o, a(o) &+ immediate(o)) }
  @inline(__always) func andi(_ o: Place) { set(o, a(o) & immediate(o)) }
  @inline(__always) func ori(_ o: Place) { set(o, a(o) | immediate(o)) }
  @inline(__always) func xori(_ o: Place) { set(o, a(o) ^ immediate(o)) }
  @inline(__always) func slli(_ o: Place) { set(o, a(o) &<< immediate(o)) }
  @inline(__always) func srli(_ o: Place) { set(o, a(o) &>> immediate(o)) }
  @inline(__always) func srai(_ o: Place) {
    set(o, UInt32(bitPattern: signedA(o) &>> o.pointee.immediate))
  }
  @inline(__always) func slti(_ o: Place) { set(o, signedA(o) < o.pointee.immediate ? 1 : 0) }
  @inline(__always) func sltiu(_ o: Place) { set(o, a(o) < immediate(o) ? 1 : 0) }
  @inline(__always) func lui(_ o: Place) { set(o, immediate(o)) }

  /// A division; false if it is by 0. The most negative number by −1 gives itself, remainder 0.
  @inline(never) func divide(_ o: Place) -> Bool {
    let (x, y) = (signedA(o), signedB(o))
    guard y != 0 else { return false }
    switch o.pointee.code {
    case .div: set(o, UInt32(bitPattern: x.dividedReportingOverflow(by: y).partialValue))
    case .rem:
      set(
        o,
        UInt32(bitPattern: y == -1 ? 0 : x.remainderReportingOverflow(dividingBy: y).partialValue))
    case .divu: set(o, a(o) / b(o))
    default: set(o, a(o) % b(o))
    }
    return true
  }

  // MARK: Addresses and conditions

  /// The address of a load or store, or the target of a `jalr`.
  @inline(__always) func address(_ o: Place) -> UInt32 { a(o) &+ immediate(o) }

  @inline(__always) func eq(_ o: Place) -> Bool { a(o) == b(o) }
  @inline(__always) func ne(_ o: Place) -> Bool { a(o) != b(o) }
  @inline(__always) func lt(_ o: Place) -> Bool { signedA(o) < signedB(o) }
  @inline(__always) func ge(_ o: Place) -> Bool { signedA(o) >= signedB(o) }
  @inline(__always) func ltu(_ o: Place) -> Bool { a(o) < b(o) }
  @inline(__always) func geu(_ o: Place) -> Bool { a(o) >= b(o) }
}

extension RegisterFile {
  /// The condition of a branch out of its page.
  @inline(never) func holds(_ o: Place) -> Bool {
    switch o.pointee.code {
    case .beqFar: eq(o)
    case .bneFar: ne(o)
    case .bltFar: lt(o)
    case .bgeFar: ge(o)
    case .bltuFar: ltu(o)
    default: geu(o)
    }
  }
}

/// Registers whose change ends a careful run, with their values when it began.
struct WatchedRegisters {
  /// Invariant: `count` initialised pairs, which live as long as the machine that owns them.
  let pairs: UnsafeMutablePointer<(slot: Int, value: UInt32)>?
  let count: Int

  static var none: WatchedRegisters { WatchedRegisters(pairs: nil, count: 0) }

  @inline(__always) func haveChanged(_ r: RegisterFile) -> Bool {
    guard count > 0, let pairs else { return false }
    for index in 0..<count where r.base[pairs[index].slot] != pairs[index].value { return true }
    return false
  }
}
