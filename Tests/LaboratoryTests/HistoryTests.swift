import Monitor
import Onion
import OnionISA
import ReferenceOnion
import TestSupport
import Testing

@testable import Laboratory

/// Back and forward in any order: at each moment the state is that of a run that never went back.
@Suite struct HistoryTests {
  enum Kind: CaseIterable { case program, kernel, timedKernel, guest, timedGuest }

  /// A moment at which somebody looks, and what is done to the machine there.
  private struct Visit {
    var step: UInt64
    var change: Change?
    var state: [UInt8]
  }

  private static let changes: [Change] = [
    .typed(Array("onion".utf8)), .register(Register(bits: 4), 7), .register(.ra, 0x8000),
    .word(VirtualAddress(0x1_0010), 3),
  ]

  private func session(_ kind: Kind, _ seed: UInt64) throws -> Session {
    let session = try #require(Session())
    session.acceptsInput = true
    guard kind != .program else {
      try load(RandomProgram(seed: seed), session)
      return session
    }
    let hasTimer = kind == .timedKernel || kind == .timedGuest
    let isGuest = kind == .guest || kind == .timedGuest
    try session.load(
      RandomKernel.image(seed: seed, hasTimer ? .timer : .plain),
      settings: MachineSettings(memorySize: 1 << 20, guest: isGuest ? "alpha" : nil))
    return session
  }

  /// Brings the machine into the program's state by changes from outside, which are part of history.
  private func load(_ program: RandomProgram, _ session: Session) throws {
    let bytes = program.words.withUnsafeBytes { [UInt8]($0) }
    try session.load(
      Image(entry: program.pc, pieces: [Image.Piece(address: 0, bytes: bytes)]),
      settings: MachineSettings(
        profile: program.profile == .strict ? .strict : .classic,
        memorySize: UInt32(RandomProgram.memorySize)))
    for number in 1..<16 {
      try session.change(.register(Register(bits: UInt32(number)), program.registers[number]))
    }
    let controls: [(ControlRegister, UInt32)] = [
      (.ptbr, program.ptbr), (.tvec, program.tvec), (.ksp0, program.ksp[0]),
      (.ksp1, program.ksp[1]), (.ksp2, program.ksp[2]), (.mode, program.mode),
    ]
    for (control, value) in controls { try session.change(.control(control, value)) }
    try session.change(.status(Status(rawValue: program.status)))
    try session.change(.typed(program.consoleInput))
  }

  @Test(arguments: Kind.allCases)
  func anyOrderIsAsGoodAsAStraightRun(kind: Kind) throws {
    let seeds: Range<UInt64> = 1..<(isSoak ? 4000 : 25)
    if isSoak { print("histories of \(kind): seeds \(seeds)") }
    for seed in seeds where try !isExact(kind, seed) {
      Issue.record("\(kind), seed \(seed)")
    }
  }

  private func isExact(_ kind: Kind, _ seed: UInt64) throws -> Bool {
    var random = SplitMix64(seed: seed)
    let visits = try straightRun(kind, seed, &random)
    let session = try session(kind, seed)
    session.checkpoints.spacing = .init(least: 20, most: 150, perFrame: 3)
    session.historyLimit = random.chance(50) ? 600_000 : 64 << 20
    for visit in visits {
      walk(session, to: visit.step, &random)
      if let change = visit.change { try session.change(change) }
      guard session.whole == visit.state else { return false }
    }
    for _ in 0..<12 {
      let visit = random.choice(visits)
      walk(session, to: visit.step, &random)
      guard session.whole == visit.state else { return false }
    }
    return try isBranchExact(kind, seed, session, visits, &random)
  }

  /// A change in the past: from there on it is as if the old future had never been.
  private func isBranchExact(
    _ kind: Kind, _ seed: UInt64, _ session: Session, _ visits: [Visit],
    _ random: inout SplitMix64
  ) throws -> Bool {
    let straight = try self.session(kind, seed)
    straight.checkpoints.spacing = Self.none
    let branch = random.choice(visits)
    for visit in visits where visit.step <= branch.step {
      _ = straight.run(visit.step - straight.world.steps)
      if let change = visit.change { try straight.change(change) }
    }
    walk(session, to: branch.step, &random)
    let change = Change.register(Register(bits: 5), 1 + random.below(9))
    try session.change(change)
    try straight.change(change)
    for _ in 0..<4 {
      _ = straight.run(1 + UInt64(random.below(300)))
      walk(session, to: straight.world.steps, &random)
      guard session.whole == straight.whole else { return false }
    }
    return true
  }

  private static let none = Checkpoints.Spacing(least: .max / 4, most: .max / 4, perFrame: 0)

  /// One run that never goes back and takes no checkpoints.
  private func straightRun(
    _ kind: Kind, _ seed: UInt64, _ random: inout SplitMix64
  ) throws -> [Visit] {
    let session = try session(kind, seed)
    session.checkpoints.spacing = Self.none
    var visits = [Visit(step: session.world.steps, change: nil, state: session.whole)]
    for _ in 0..<14 {
      let before = session.world.steps
      _ = session.run(1 + UInt64(random.below(random.chance(20) ? 2000 : 120)))
      guard session.world.steps > before else { break }
      var change = random.chance(30) ? random.choice(Self.changes) : nil
      if let wanted = change, (try? session.change(wanted)) == nil { change = nil }
      visits.append(Visit(step: session.world.steps, change: change, state: session.whole))
    }
    return visits
  }

  /// Goes to a moment in one of the ways in which a learner can.
  private func walk(_ session: Session, to step: UInt64, _ random: inout SplitMix64) {
    let here = session.world.steps
    if random.chance(20) { session.goTo(step: UInt64(random.below(UInt32(max(here, 1))))) }
    if random.chance(20) { _ = session.trapBack() }
    while session.world.steps < step, random.chance(70) {
      let left = step - session.world.steps
      switch random.below(3) {
      case 0: _ = session.step(min(left, 1 + UInt64(random.below(9))))
      case 1: _ = session.run(1 + UInt64(random.below(UInt32(left))))
      default: session.goTo(step: step - UInt64(random.below(UInt32(left))))
      }
    }
    let now = session.world.steps
    if now > step, random.chance(50) {
      _ = session.back(now - step)
    } else {
      session.goTo(step: step)
    }
  }
}
