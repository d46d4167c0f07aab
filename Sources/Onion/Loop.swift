import OnionISA

// The loop that runs instructions: the one definition of each, specialised by the mode.
//
// This file, Position, RegisterFile and DataBank are the sealed hot path. The pointers are `Machine`'s; an operation's
// place is always inside its page or at the `pageEnd` behind it.

extension Machine {
  /// Runs instructions from pc on, for as long as they need nothing but registers, memory that the host
  /// TLB knows, and decoded code. Counts and pc are up to date when it returns.
  ///
  /// - Parameter budget: cycles, and at most so many instructions; more than 0.
  @inline(never)
  func loop<Mode: LoopMode>(_ mode: Mode.Type, budget: Int) -> LoopExit {
    let cpu = cpu
    let costs = costs
    let r = RegisterFile(base: registers)
    let ring = cpu.pointee.status.cpl
    let data = DataBank(entries: hostTLB.data(of: ring))
    let code = hostTLB.code(of: ring)
    let watched = Mode.checksEach ? watchedRegisters : WatchedRegisters.none
    let extrasBefore = cpu.pointee.cycles
    var exit = LoopExit.other
    var pc = cpu.pointee.pc
    var left = budget

    pages: while true {
      let entry = code + HostTLB.index(pc)
      guard entry.pointee.tag == pc & 0xFFFF_F003, let page = entry.pointee.operations else {
        break
      }
      var at = Position(page, pc: pc, budget: left)
      if !Mode.checksEach, at.isOutOfTime {
        exit = .budget
        break
      }

      inPage: while true {
        // `Fast` leaves at a jump with too little time; `Careful` looks below.
        dispatch: switch at.ip.pointee.code {
        case .undecoded:
          decode(page, at.pc)
          continue inPage
        case .system:
          exit = .system
          break inPage
        case .undefined, .breakpoint: break inPage
        case .pageEnd:
          pc = at.address &+ 0x1000
          left = at.left
          continue pages

        case .add:
          r.add(at.ip)
          at.next()
        case .sub:
          r.sub(at.ip)
          at.next()
        case .and:
          r.and(at.ip)
          at.next()
        case .or:
          r.or(at.ip)
          at.next()
        case .xor:
          r.xor(at.ip)
          at.next()
        case .sll:
          r.sll(at.ip)
          at.next()
        case .srl:
          r.srl(at.ip)
          at.next()
        case .sra:
          r.sra(at.ip)
          at.next()
        case .slt:
          r.slt(at.ip)
          at.next()
        case .sltu:
          r.sltu(at.ip)
          at.next()
        case .addi:
          r.addi(at.ip)
          at.next()
        case .andi:
          r.andi(at.ip)
          at.next()
        case .ori:
          r.ori(at.ip)
          at.next()
        case .xori:
          r.xori(at.ip)
          at.next()
        case .slli:
          r.slli(at.ip)
          at.next()
        case .srli:
          r.srli(at.ip)
          at.next()
        case .srai:
          r.srai(at.ip)
          at.next()
        case .slti:
          r.slti(at.ip)
          at.next()
        case .sltiu:
          r.sltiu(at.ip)
          at.next()
        case .lui:
          r.lui(at.ip)
          at.next()

        case .mul:
          r.mul(at.ip)
          let extra = costs.pointee.multiply &- costs.pointee.plain
          cpu.pointee.cycles &+= extra
          if !at.next(extra: extra), !Mode.checksEach {
            exit = .budget
            break inPage
          }
        case .mulhu:
          r.mulhu(at.ip)
          let extra = costs.pointee.multiply &- costs.pointee.plain
          cpu.pointee.cycles &+= extra
          if !at.next(extra: extra), !Mode.checksEach {
            exit = .budget
            break inPage
          }
        case .div, .rem, .divu, .remu:
          guard r.divide(at.ip) else { break inPage }
          let extra = costs.pointee.divide &- costs.pointee.plain
          cpu.pointee.cycles &+= extra
          if !at.next(extra: extra), !Mode.checksEach {
            exit = .budget
            break inPage
          }

        case .lw:
          guard let word = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, word)
          at.next()
        case .lh:
          guard let half = data.load(r.address(at.ip), as: Int16.self) else { break inPage }
          r.set(at.ip, UInt32(bitPattern: Int32(half)))
          at.next()
        case .lhu:
          guard let half = data.load(r.address(at.ip), as: UInt16.self) else { break inPage }
          r.set(at.ip, UInt32(half))
          at.next()
        case .lb:
          guard let byte = data.load(r.address(at.ip), as: Int8.self) else { break inPage }
          r.set(at.ip, UInt32(bitPattern: Int32(byte)))
          at.next()
        case .lbu:
          guard let byte = data.load(r.address(at.ip), as: UInt8.self) else { break inPage }
          r.set(at.ip, UInt32(byte))
          at.next()
        case .sw:
          guard data.store(r.source(at.ip), r.address(at.ip)) else { break inPage }
          at.next()
        case .sh:
          let half = UInt16(truncatingIfNeeded: r.source(at.ip))
          guard data.store(half, r.address(at.ip)) else { break inPage }
          at.next()
        case .sb:
          let byte = UInt8(truncatingIfNeeded: r.source(at.ip))
          guard data.store(byte, r.address(at.ip)) else { break inPage }
          at.next()
        case .swap:
          let address = r.address(at.ip)
          // A page that may be written may be read.
          guard let old = data.load(address, as: UInt32.self),
            data.store(r.source(at.ip), address)
          else { break inPage }
          if at.ip.pointee.d != 0 { r.set(at.ip, old) }
          at.next()

        case .beq: if !at.branch(r.eq(at.ip)), !Mode.checksEach { break inPage }
        case .bne: if !at.branch(r.ne(at.ip)), !Mode.checksEach { break inPage }
        case .blt: if !at.branch(r.lt(at.ip)), !Mode.checksEach { break inPage }
        case .bge: if !at.branch(r.ge(at.ip)), !Mode.checksEach { break inPage }
        case .bltu: if !at.branch(r.ltu(at.ip)), !Mode.checksEach { break inPage }
        case .bgeu: if !at.branch(r.geu(at.ip)), !Mode.checksEach { break inPage }
        case .jal:
          r.set(at.ip, at.pc &+ 4)
          if !at.jump(Int(at.ip.pointee.immediate)), !Mode.checksEach { break inPage }
        case .jalr:
          let target = r.address(at.ip)
          guard target & 3 == 0 else { break inPage }
          r.set(at.ip, at.pc &+ 4)
          left = at.left - 1
          if target & 0xFFFF_F000 == at.address {
            at = Position(page, pc: target, budget: left)
            if !Mode.checksEach, at.isOutOfTime { break inPage }
          } else {
            pc = target
            if Mode.checksEach, left <= 0 || watched.haveChanged(r) {
              exit = left <= 0 ? .budget : .registerChanged
              break pages
            }
            continue pages
          }

        case .beqFar, .bneFar, .bltFar, .bgeFar, .bltuFar, .bgeuFar:
          guard r.holds(at.ip) else {
            at.next()
            break dispatch
          }
          pc = at.pc &+ UInt32(bitPattern: at.ip.pointee.immediate) &* 4
          left = at.left - 1
          if Mode.checksEach, left <= 0 {
            exit = .budget
            break pages
          }
          continue pages
        case .jalFar:
          pc = at.pc &+ UInt32(bitPattern: at.ip.pointee.immediate) &* 4
          left = at.left - 1
          r.set(at.ip, at.pc &+ 4)
          if Mode.checksEach, left <= 0 || watched.haveChanged(r) {
            exit = left <= 0 ? .budget : .registerChanged
            break pages
          }
          continue pages

        // Two at once; `Careful` makes the first and looks around before the second.
        case .addiAddi:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.addi(at.ip)
          at.next()
        case .addiAdd:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.add(at.ip)
          at.next()
        case .addiLw:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          guard let word = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, word)
          at.next()
        case .addiSw:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          guard data.store(r.source(at.ip), r.address(at.ip)) else { break inPage }
          at.next()
        case .addiBeq:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.eq(at.ip)) { break inPage }
        case .addiBne:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ne(at.ip)) { break inPage }
        case .addiBlt:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.lt(at.ip)) { break inPage }
        case .addiBge:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ge(at.ip)) { break inPage }
        case .addiBltu:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ltu(at.ip)) { break inPage }
        case .addiBgeu:
          r.addi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.geu(at.ip)) { break inPage }
        case .addAdd:
          r.add(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.add(at.ip)
          at.next()
        case .addAddi:
          r.add(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.addi(at.ip)
          at.next()
        case .addLw:
          r.add(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          guard let word = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, word)
          at.next()
        case .addBne:
          r.add(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ne(at.ip)) { break inPage }
        case .addXor:
          r.add(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.xor(at.ip)
          at.next()
        case .addSub:
          r.add(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.sub(at.ip)
          at.next()
        case .subBne:
          r.sub(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ne(at.ip)) { break inPage }
        case .subSrli:
          r.sub(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.srli(at.ip)
          at.next()
        case .xorSlli:
          r.xor(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.slli(at.ip)
          at.next()
        case .xorAdd:
          r.xor(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.add(at.ip)
          at.next()
        case .slliAdd:
          r.slli(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.add(at.ip)
          at.next()
        case .slliSub:
          r.slli(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.sub(at.ip)
          at.next()
        case .srliAnd:
          r.srli(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.and(at.ip)
          at.next()
        case .andBne:
          r.and(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ne(at.ip)) { break inPage }
        case .andiBne:
          r.andi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.ne(at.ip)) { break inPage }
        case .andiBeq:
          r.andi(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          if !at.branch(r.eq(at.ip)) { break inPage }
        case .luiOri:
          r.lui(at.ip)
          at.next()
          if Mode.checksEach { break dispatch }
          r.ori(at.ip)
          at.next()
        case .lwAddi:
          guard let first = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, first)
          at.next()
          if Mode.checksEach { break dispatch }
          r.addi(at.ip)
          at.next()
        case .lwAdd:
          guard let first = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, first)
          at.next()
          if Mode.checksEach { break dispatch }
          r.add(at.ip)
          at.next()
        case .lwLw:
          guard let first = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, first)
          at.next()
          if Mode.checksEach { break dispatch }
          guard let word = data.load(r.address(at.ip), as: UInt32.self) else { break inPage }
          r.set(at.ip, word)
          at.next()
        }
        if Mode.checksEach {
          if watched.haveChanged(r) {
            exit = .registerChanged
            break inPage
          }
          if at.left <= 0 {
            exit = .budget
            break inPage
          }
        }
      }
      pc = at.pc
      left = at.left
      if !Mode.checksEach, at.isOutOfTime { exit = .budget }
      break
    }

    // Whatever was spent beyond one cycle an instruction stands in `cycles` already.
    let extras = Int(truncatingIfNeeded: cpu.pointee.cycles &- extrasBefore)
    let made = UInt64(truncatingIfNeeded: budget - left - extras)
    cpu.pointee.cycles &+= made &* costs.pointee.plain
    cpu.pointee.instret += made
    cpu.pointee.steps += made
    cpu.pointee.pc = pc
    return exit
  }
}
