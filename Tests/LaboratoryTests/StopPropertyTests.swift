import Monitor
import Onion
import OnionISA
import TestSupport
import Testing

@testable import Laboratory

/// All ways of moving, all kinds of stops, both directions: what stops a move is what a plain scan of the history
/// finds, whatever was told before and however the session came where it stands.
struct StopPropertyTests {
  @Test(arguments: Place.allCases, 0..<(isSoak ? 60 : 2) as Range<UInt64>)
  func callsAndHandlers(place: Place, seed: UInt64) throws {
    try Walk(seed: seed, moves: 60, limit: 400) { try Bench.session(Bench.calls, place) }.run()
  }

  @Test(arguments: Place.allCases, 0..<(isSoak ? 60 : 2) as Range<UInt64>)
  func interrupts(place: Place, seed: UInt64) throws {
    try Walk(seed: seed, moves: 60, limit: 500) {
      try Bench.session(GoingBackTests.ticking, place)
    }.run()
  }

  @Test(arguments: Place.allCases, 0..<(isSoak ? 60 : 2) as Range<UInt64>)
  func typedInput(place: Place, seed: UInt64) throws {
    try Walk(seed: seed, moves: 60, limit: 300, types: true) {
      try Bench.session(Bench.echo, place)
    }.run()
  }

  @Test(arguments: Place.allCases, 0..<(isSoak ? 40 : 2) as Range<UInt64>)
  func loadsAndStores(place: Place, seed: UInt64) throws {
    try Walk(seed: seed, moves: 60, limit: 200) { try Bench.session(WatchTests.counting, place) }
      .run()
  }

  @Test(arguments: Place.allCases, 0..<(isSoak ? 20 : 1) as Range<UInt64>)
  func aKernelWithTwoPrograms(place: Place, seed: UInt64) throws {
    try Walk(seed: seed, moves: isSoak ? 80 : 20, limit: 5000, changes: 2) {
      try Bench.kernel(place)
    }.run()
  }
}

extension StopPropertyTests {
  /// Works a little, and halts until the timer ticks.
  static let resting = """
    start:  li    a0, 16
            la    a1, tick
            li    a2, 1
            call  gate
            li    t0, 150
            out   0x20, t0
            sti
    loop:   addi  s0, s0, 1
            call  work
    rest:   hlt
    woken:  j     loop
    work:   addi  a0, a0, 1
            addi  s1, s1, 1
            ret
    tick:   out   0x21, zero
            la    t1, count
            sw    s0, 0(t1)
            iret
    count:  .word 0
    """

  static func twoGuests(seed: UInt64) throws -> Session {
    let session = try Bench.session(resting, .guest)
    let source = seed % 2 == 0 ? resting : GoingBackTests.ticking
    try session.change(
      .addGuest(
        name: "beta", image: try Bench.programImage("        nop\n" + source), memorySize: 1 << 20))
    try session.change(.share(1, .paused(false)))
    return session
  }

  @Test(arguments: 0..<(isSoak ? 60 : 4) as Range<UInt64>)
  func severalGuests(seed: UInt64) throws {
    try Walk(seed: seed, moves: 60, limit: 700) { try Self.twoGuests(seed: seed) }.run()
  }
}

/// A session that is moved at random, beside a model of it that knows the whole history.
private struct Walk {
  var numbers: Numbers
  let moves: Int
  let limit: UInt64
  let types: Bool
  /// Changes from outside that are still to be made.
  var changesLeft: Int
  let make: () throws -> Session

  // The model.
  private var position: UInt64 = 0
  private var told: Set<StopOracle.Hit> = []
  private var changes: [(step: UInt64, change: Change)] = []
  private var stops: [Int: Model] = [:]
  private var furthest: UInt64 = 0

  private struct Model {
    var spec: Int
    var hits: UInt64 = 0
    var ignored: UInt64 = 0
    var isEnabled = true
    var isTemporary = false
  }

  init(
    seed: UInt64, moves: Int, limit: UInt64, types: Bool = false, changes: Int = 8,
    make: @escaping () throws -> Session
  ) {
    numbers = Numbers(seed: seed &+ 7)
    (self.moves, self.limit, self.types, changesLeft) = (moves, limit, types, changes)
    self.make = make
  }

  /// Every kind of stop, at places of this program.
  private mutating func specs(_ session: Session) throws -> [StopSpec] {
    var specs: [StopSpec] = []
    for guest in 0..<(session.world.monitor?.guests.count ?? 1) {
      specs += try self.specs(session, guest)
    }
    return specs
  }

  private mutating func specs(_ session: Session, _ guest: Int) throws -> [StopSpec] {
    let image = try #require(session.image(ofGuest: guest))
    let labels = image.symbols.filter {
      $0.kind == .label && $0.value % 4 == 0 && $0.value >= 0x1200
    }
    .map(\.value)
    let instructions = image.lines.map(\.address).filter { $0 >= 0x1200 }
    var specs: [StopSpec] = []
    for _ in 0..<4 {
      specs.append(StopSpec(place: .address(VirtualAddress(numbers.pick(labels)))))
    }
    for condition in ["a0 & 1", "s1 == 2", "steps % 3"] {
      specs.append(
        StopSpec(
          place: .address(VirtualAddress(numbers.pick(instructions))), condition: condition))
    }
    let data = image.symbol(named: "count")?.value ?? image.symbol(named: "ticks")?.value
    let words: [UInt32] = (data.map { [$0] } ?? []) + [0x7FF4, 0x7FFC, 0x6FF8]
    for word in words {
      specs.append(
        StopSpec(place: .memory(WatchedMemory(.physical, word, size: 4, access: .change))))
    }
    if let data {
      for access in [WatchedMemory.Access.change, .read, .any] {
        specs.append(
          StopSpec(place: .memory(WatchedMemory(.virtual, data, size: 4, access: access))))
      }
    }
    let expressions =
      [
        "s0", "a0", "sp & 0xF0", "ra", "s1", "traps()", "instructions / 16", "tvec", "status",
        "ring",
      ]
      + (session.world.monitor == nil
        ? [] : ["alpha.virtual.IF", "alpha.virtual.ring", "vmm.hidden", "alpha.console.length"])
    for text in expressions {
      let condition = numbers.below(4) == 0 ? "a1 & 1" : nil
      specs.append(
        StopSpec(place: .value(try Query.parse(text)), label: text, condition: condition))
    }
    var events: [CaughtEvent] = [
      .anyTrap, .vector(.page), .vector(.protection), .vector(.timer), .softwareTrap, .interrupt,
      .ringChange, .truePageFault, .tableSwitch,
    ]
    if session.world.monitor != nil { events += [.monitorEntry, .hiddenPageFault] }
    for event in events { specs.append(StopSpec(place: .event(event))) }
    for index in specs.indices { specs[index].guest = guest }
    return specs
  }

  private func oracle(_ specs: [StopSpec]) throws -> StopOracle {
    try StopOracle(try make(), specs, changes: changes, upTo: limit)
  }

  func run() throws {
    var walk = self
    try walk.go()
  }

  private mutating func go() throws {
    let session = try make()
    let specs = try specs(session)
    var oracle = try oracle(specs)
    var cases = 0
    for turn in 0..<moves {
      try edit(session, specs)
      // Without stops: where a move would end.
      let plain = try make()
      plain.budget = limit
      for entry in changes {
        plain.goTo(step: entry.step)
        try plain.change(entry.change)
      }
      plain.goTo(step: oracle.end)
      plain.goTo(step: position)
      session.budget = limit
      let (was, wasTold) = (position, told)
      guard let line = try move(session, plain, &oracle, specs) else { continue }
      cases += 1
      let note =
        "move \(turn): \(line) from \(was), told \(wasTold.map { "\($0)" }.sorted()), changes \(changes)"
      #expect(session.world.steps == position, "\(note)")
      for breakpoint in session.breakpoints {
        #expect(
          breakpoint.hits == stops[breakpoint.id]?.hits
            && breakpoint.ignoreCount == stops[breakpoint.id]?.ignored,
          "\(note), stop \(breakpoint)")
      }
      let isSame = Set(session.breakpoints.map(\.id)) == Set(stops.keys)
      #expect(isSame, "\(note)")
      // What comes after a difference says nothing.
      guard isSame, session.world.steps == position,
        session.breakpoints.allSatisfy({ $0.hits == stops[$0.id]?.hits })
      else { return }
    }
    #expect(cases > moves / 2)
  }

  /// Sets, removes and changes stops now and then.
  private mutating func edit(_ session: Session, _ specs: [StopSpec]) throws {
    for _ in 0..<numbers.below(3) {
      let known = stops.keys.sorted()
      switch numbers.below(stops.count < 3 ? 2 : 6) {
      case 0, 1:
        guard stops.count < 5 else { continue }
        let spec = Int(numbers.below(UInt64(specs.count)))
        let isTemporary = numbers.below(5) == 0
        let added = session.addBreakpoint(
          specs[spec].place, label: specs[spec].label, condition: specs[spec].condition,
          isTemporary: isTemporary,
          guest: session.world.monitor == nil ? nil : specs[spec].guest)
        stops[added.id] = Model(spec: spec, isTemporary: isTemporary)
      case 2:
        let id = numbers.pick(known)
        session.deleteBreakpoint(id)
        stops[id] = nil
      case 3:
        let id = numbers.pick(known)
        let count = numbers.below(3)
        session.updateBreakpoint(id) { $0.ignoreCount = count }
        stops[id]?.ignored = count
      default:
        let id = numbers.pick(known)
        let isEnabled = numbers.below(3) > 0
        session.updateBreakpoint(id) { $0.isEnabled = isEnabled }
        stops[id]?.isEnabled = isEnabled
      }
    }
  }

  /// Makes one move with the session and with the model; nil if the history ends before it would.
  private mutating func move(
    _ session: Session, _ plain: Session, _ oracle: inout StopOracle, _ specs: [StopSpec]
  ) throws -> String? {
    let some = 1 + numbers.below(numbers.below(3) == 0 ? 60 : 6)
    let kind = numbers.below(20)
    switch kind {
    case 0, 1:
      return forwards("step \(some)", session, plain, oracle) { $0.step(some) }
    case 2, 3:
      return forwards("next \(some % 4 + 1)", session, plain, oracle) { $0.next(some % 4 + 1) }
    case 4, 5, 6:
      // With stops it is `continue`; the history that is known has an end.
      if firstStop(upTo: oracle.end, oracle, counting: false) == nil {
        return forwards("continue to \(oracle.end)", session, plain, oracle) { [end = oracle.end] in
          $0.continue(to: end)
        }
      }
      return forwards("continue", session, plain, oracle, to: oracle.end) { $0.continue() }
    case 7:
      guard let place = specs.compactMap(\.place.address).randomElement(&numbers) else {
        return nil
      }
      return forwards("until \(place)", session, plain, oracle) { $0.run(until: place) }
    case 8: return forwards("trap", session, plain, oracle) { $0.runToTrap() }
    case 9: return forwards("finish", session, plain, oracle) { $0.finish() }
    case 10:
      guard position + some <= oracle.end else { return nil }
      let steps = session.run(some).steps
      move(to: position + steps)
      return "run \(some)"
    case 11, 12, 13: return backwards(session, oracle, nil, "rcontinue") { $0.continueBack() }
    case 14:
      return backwards(session, oracle, plain, "rnext \(some % 4 + 1)") {
        $0.nextBack(some % 4 + 1)
      }
    case 15: return backwards(session, oracle, plain, "rfinish") { $0.finishBack() }
    case 16:
      let (mine, other) = (session.trapBack(), plain.trapBack())
      #expect(mine.word == other.word)
      move(to: plain.world.steps)
      return "rtrap"
    case 17:
      let target = numbers.below(2) == 0 ? numbers.below(oracle.end + 1) : near(oracle)
      session.goTo(step: target)
      move(to: target)
      return "goto \(target)"
    case 18:
      _ = session.back(some)
      move(to: position - min(some, position))
      return "back \(some)"
    default: return try change(session, &oracle, specs)
    }
  }

  /// A moment beside a hit, where much is told.
  private mutating func near(_ oracle: StopOracle) -> UInt64 {
    let all = Set(stops.values.flatMap { oracle.hits[$0.spec] }).sorted()
    guard !all.isEmpty else { return numbers.below(oracle.end + 1) }
    return min(numbers.pick(all) + numbers.below(2), oracle.end)
  }

  private mutating func change(
    _ session: Session, _ oracle: inout StopOracle, _ specs: [StopSpec]
  ) throws -> String? {
    let isUndone = numbers.below(3) == 0
    let last = changes.last(where: { $0.step <= position })
    if isUndone, last?.step == position {
      #expect(session.undo() != nil)
      changes.removeAll { $0.step > position }
      changes.removeLast()
    } else {
      guard changesLeft > 0, session.world.stop == nil else { return nil }
      changesLeft -= 1
      let value = UInt32(numbers.below(5))
      let change: Change =
        types
        ? .typed([UInt8(97 + value)]) : .register(Register(bits: numbers.pick([4, 13, 14])), value)
      try session.change(change)
      changes.removeAll { $0.step > position }
      changes.append((position, change))
    }
    told = told.filter { $0.step < position }
    oracle = try self.oracle(specs)
    return isUndone ? "undo" : "change"
  }

  // MARK: The model

  private mutating func move(to step: UInt64) {
    if step != position { told = [] }
    position = step
  }

  private func ids(_ hit: StopOracle.Hit) -> [Int] {
    stops.filter { $0.value.spec == hit.stop && $0.value.isEnabled }.keys.sorted()
  }

  /// Counts hits; the numbers of those that stop.
  private mutating func count(_ hits: [StopOracle.Hit]) -> [(id: Int, hit: StopOracle.Hit)] {
    var stopping: [(Int, StopOracle.Hit)] = []
    for hit in hits {
      for id in ids(hit) where !isTold(id, hit) {
        stops[id]?.hits += 1
        if let left = stops[id]?.ignored, left > 0 {
          stops[id]?.ignored = left - 1
          continue
        }
        stopping.append((id, hit))
        if stops[id]?.isTemporary == true { stops[id] = nil }
      }
    }
    return stopping
  }

  /// Which stop was told, not which kind: another one of the same kind may be new.
  private func isTold(_ id: Int, _ hit: StopOracle.Hit) -> Bool {
    told.contains(StopOracle.Hit(stop: id, step: hit.step))
  }

  private func firstStop(
    upTo end: UInt64, _ oracle: StopOracle, counting: Bool
  ) -> UInt64? {
    var copy = self
    var step = position
    while step < end {
      if !copy.count(oracle.made(by: step)).isEmpty { return step }
      step += 1
    }
    return nil
  }

  private mutating func forwards(
    _ line: String, _ session: Session, _ plain: Session, _ oracle: StopOracle,
    to end: UInt64? = nil, _ go: (Session) -> RunResult
  ) -> String? {
    var reason = "breakpoint"
    var destination = end
    // `trap` tells of its trap only.
    var takesTrap = false
    if destination == nil {
      let result = go(plain)
      guard result.word != "budget", plain.world.steps <= oracle.end else { return nil }
      (destination, reason) = (plain.world.steps, result.word)
      takesTrap = line == "trap" && result.record != nil
    }
    guard let destination else { return nil }
    var step = position
    var stopping: [(id: Int, hit: StopOracle.Hit)] = []
    while step < destination, stopping.isEmpty {
      if !takesTrap || step + 1 < destination {
        stopping = count(oracle.made(by: step))
      }
      step += 1
    }
    let start = position
    move(to: step)
    told = stopping.isEmpty ? told : Set(stopping.map { .init(stop: $0.id, step: $0.hit.step) })
    expect(stopping, go(session), reason, "\(line) from \(start)")
    return line
  }

  private mutating func backwards(
    _ session: Session, _ oracle: StopOracle, _ plain: Session?, _ line: String,
    _ go: (Session) -> RunResult
  ) -> String? {
    var landing: UInt64?
    var reason = "beginning"
    if let plain {
      let result = go(plain)
      reason = result.word
      if reason != "beginning" { landing = plain.world.steps }
    }
    let start = position
    var stopping: [(id: Int, hit: StopOracle.Hit)] = []
    var step = position
    while stopping.isEmpty, step > (landing.map { $0 + 1 } ?? 0) {
      step -= 1
      stopping = count(oracle.found(at: step))
    }
    move(to: stopping.isEmpty ? landing ?? 0 : step)
    if !stopping.isEmpty { told = Set(stopping.map { .init(stop: $0.id, step: $0.hit.step) }) }
    expect(stopping, go(session), reason, "\(line) from \(start)")
    return line
  }

  private func expect(
    _ stopping: [(id: Int, hit: StopOracle.Hit)], _ result: RunResult, _ reason: String,
    _ line: String
  ) {
    guard case .breakpoint(let hits) = result.reason else {
      #expect(stopping.isEmpty && result.word == reason, "\(line): \(result.word), not \(stopping)")
      return
    }
    let found = hits.map { "\($0.breakpoint.id) at \($0.step)" }.sorted()
    #expect(found == stopping.map { "\($0.id) at \($0.hit.step)" }.sorted(), "\(line)")
  }
}

extension Breakpoint.Place {
  fileprivate var address: VirtualAddress? {
    if case .address(let address) = self { address } else { nil }
  }
}

extension Array {
  fileprivate func randomElement(_ numbers: inout Numbers) -> Element? {
    isEmpty ? nil : self[Int(numbers.below(UInt64(count)))]
  }
}
