import Foundation
import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText
import Testing

@testable import Shell

/// The trap cards of the shipped kernel, word for word, and every view at every width.
struct CardTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  static func session(_ program: String, guest: String?) throws -> Session {
    let path = folder.appending(path: "../../lessons/programs/\(program)").standardizedFileURL
    let result = Assembler.assemble(
      source: try String(contentsOf: path, encoding: .utf8), file: program)
    let session = try #require(Session())
    try session.load(
      try #require(result.image), settings: MachineSettings(guest: guest))
    return session
  }

  /// The card of the first trap for which `isWanted` holds.
  static func card(
    in session: Session, width: Int = 80, glyphs: Glyphs = .unicode,
    _ isWanted: (StepRecord) -> Bool
  ) throws -> String {
    while true {
      let record = try #require(session.runToTrap().record)
      guard isWanted(record) else { continue }
      let context = ViewContext(session: session, width: width, glyphs: glyphs)
      return context.trapCard(record).plain + "\n"
    }
  }

  /// Compares with a file under Cards; RINGSIDE_UPDATE_CARDS=1 writes it anew, to be read before it
  /// is committed.
  static func expect(_ text: String, isCard name: String) throws {
    let file = folder.appending(path: "Cards/\(name).txt")
    if ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_CARDS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(text == (try String(contentsOf: file, encoding: .utf8)))
  }

  static func event(_ record: StepRecord, _ isWanted: (MonitorEvent) -> Bool) -> Bool {
    record.monitor.contains { isWanted($0.event) }
  }

  // MARK: Under the VMM

  @Test func anEmulatedInstruction() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) { $0.instruction?.decoded.instruction == .cli }
    try Self.expect(card, isCard: "guest-cli")
  }

  @Test func aHiddenFault() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) {
      $0.before.virtual?.isPagingOn == true
        && Self.event($0) { if case .filledShadow = $0 { true } else { false } }
    }
    try Self.expect(card, isCard: "guest-hidden-fault")
  }

  @Test func aTrueFault() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) {
      Self.event($0) { if case .refused = $0 { true } else { false } }
    }
    try Self.expect(card, isCard: "guest-true-fault")
  }

  @Test func aTracedStore() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) {
      Self.event($0) { if case .tracedWrite = $0 { true } else { false } }
    }
    try Self.expect(card, isCard: "guest-traced-store")
  }

  @Test func aSystemCall() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) { $0.instruction?.decoded.instruction == .int }
    try Self.expect(card, isCard: "guest-system-call")
  }

  @Test func aTimerInterrupt() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) { $0.delivery?.request.trap.vector == .timer }
    try Self.expect(card, isCard: "guest-timer")
  }

  @Test func aProgramsForbiddenInstruction() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session) {
      $0.instruction?.decoded.instruction == .cli && $0.before.virtual?.ring == .ring3
    }
    try Self.expect(card, isCard: "guest-program-cli")
  }

  @Test func aCardOnANarrowTerminalInAscii() throws {
    let session = try Self.session("kernel.s", guest: "alpha")
    let card = try Self.card(in: session, width: 40, glyphs: .ascii) {
      $0.instruction?.decoded.instruction == .cli
    }
    try Self.expect(card, isCard: "guest-cli-40-ascii")
    #expect(card.utf8.allSatisfy { $0 < 0x80 })
  }

  // MARK: On the bare machine

  @Test func aPageFaultOnTheBareMachine() throws {
    let session = try Self.session("kernel.s", guest: nil)
    let card = try Self.card(in: session) { $0.delivery?.request.trap.vector == .page }
    try Self.expect(card, isCard: "bare-page-fault")
  }

  @Test func aProtectionFaultOnTheBareMachine() throws {
    let session = try Self.session("two-modes.s", guest: nil)
    let card = try Self.card(in: session) { $0.delivery?.request.trap.vector == .protection }
    try Self.expect(card, isCard: "bare-protection")
  }

  @Test func whyNamesEachCheckAndTheSmallestChange() throws {
    let session = try Self.session("kernel.s", guest: nil)
    _ = try Self.card(in: session) { $0.delivery?.request.trap.vector == .page }
    let record = try #require(session.lastTrap)
    let why = ViewContext(session: session, width: 80).why(inFull: record).plain + "\n"
    try Self.expect(why, isCard: "bare-page-fault-why")
  }

  // MARK: Every view

  @Test(arguments: [20, 40, 59, 60, 80, 132])
  func noLineIsWiderThanTheTerminal(_ width: Int) throws {
    for guest in [nil, "alpha"] {
      let session = try Self.session("kernel.s", guest: guest)
      let context = ViewContext(session: session, width: width)
      var views: [StyledText] = []
      for _ in 0..<25 {
        let result = session.runToTrap()
        guard let record = result.record else { break }
        views.append(context.trapCard(record))
        views.append(context.why(inFull: record))
      }
      let pc = session.world.pc
      views += [
        context.registers(), context.rings(), context.walk(pc), context.location(),
        context.walk(VirtualAddress(0xFFC0_0000)), context.gates(real: false),
        context.gates(real: true), context.traps(last: 20), context.translationBuffers(),
        context.virtualCPU(), context.shadow(), context.console(), context.devices(),
        context.disassembly(from: pc, count: 12), context.source(file: 0, around: 300),
        context.memory(from: pc, count: 20, size: 4, format: .hexadecimal),
        context.memory(from: pc, count: 20, size: 1, format: .binary),
        context.memory(from: pc, count: 20, size: 2, format: .decimal),
        context.strings(from: pc, count: 2, space: .virtual).text, context.symbols(matching: ""),
      ]
      views += ViewContext.explainable.compactMap { context.explain($0) }
      for view in views {
        for line in view.lines where line.width > width {
          Issue.record("\(line.width) columns at width \(width): \(line.plain)")
          return
        }
      }
    }
  }

  @Test func everythingThatCanBeExplainedIs() throws {
    let context = ViewContext(session: try Self.session("kernel.s", guest: nil), width: 80)
    for topic in ViewContext.explainable {
      #expect(context.explain(topic) != nil, "\(topic)")
    }
    #expect(context.explain("nonsense") == nil)
  }

  @Test func lookingChangesNothing() throws {
    for guest in [nil, "alpha"] {
      let session = try Self.session("kernel.s", guest: guest)
      _ = session.step(5000)
      func state() -> [UInt8] {
        var bytes: [UInt8] = []
        session.world.describeState { bytes += $0 }
        return bytes
      }
      let before = state()
      let context = ViewContext(session: session, width: 80)
      _ = (context.registers(), context.rings(), context.walk(session.world.pc))
      _ = (context.gates(real: true), context.shadow(), context.translationBuffers())
      _ = context.memory(
        from: VirtualAddress(0xFFFF_FFF0), count: 64, size: 4, format: .hexadecimal)
      _ = (context.disassembly(from: VirtualAddress(0), count: 50), context.virtualCPU())
      #expect(state() == before)
    }
  }
}
