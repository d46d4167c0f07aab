import Foundation
import OnionAssembler
import OnionISA
import Testing

@testable import Laboratory
@testable import Monitor
@testable import Onion

/// Where a program runs.
enum Place: String, CaseIterable, CustomTestStringConvertible {
  case bare, guest
  var testDescription: String { rawValue }
}

/// Sessions with small programs, and the shipped kernel.
enum Bench {
  static func image(_ source: String) throws -> Image {
    let result = Assembler.assemble(source: source, file: "bench.s")
    let messages = result.diagnostics.map { $0.rendered().plain }.joined(separator: "\n")
    return try #require(result.image, "\(messages)")
  }

  static func session(
    _ image: Image, _ place: Place, profile: Profile = .strict, acceptsInput: Bool = true
  ) throws -> Session {
    let session = try #require(Session())
    session.acceptsInput = acceptsInput
    let settings = MachineSettings(
      profile: profile, guest: place == .guest ? "alpha" : nil)
    try session.load(image, settings: settings)
    return session
  }

  /// A session with a program that starts at `start`, its gates and stack set.
  static func session(
    _ source: String, _ place: Place, profile: Profile = .strict, acceptsInput: Bool = true
  ) throws -> Session {
    try session(
      image(prologue + source), place, profile: profile, acceptsInput: acceptsInput)
  }

  /// A program as ``session(_:_:profile:acceptsInput:)`` has it.
  static func programImage(_ source: String) throws -> Image { try image(prologue + source) }

  static func kernel(_ place: Place) throws -> Session {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../lessons/programs/kernel.s").standardizedFileURL
    return try session(image(String(contentsOf: path, encoding: .utf8)), place)
  }

  /// Gates for `int 32` (from any ring), page and protection faults, timer and console; the program
  /// brings the handlers that it wants.
  private static let prologue = """
            .equ POWER, 0x50
            .org 0x1000
            .entry boot
    gates:  .space 512
    boot:   li    sp, 0x8000
            la    t0, gates
            setcr tvec, t0
            li    t0, 0x7000
            setcr ksp0, t0
            j     start
    off:    li    t0, 1
            out   POWER, t0
            j     off
    ; gate: vector a0, handler a1, bits a2
    gate:   la    t0, gates
            slli  a0, a0, 3
            add   t0, t0, a0
            sw    a1, 0(t0)
            sw    a2, 4(t0)
            ret

    """

  /// Echoes what is typed, once for each console interrupt; 'q' switches off.
  static let echo = """
    start:  li    a0, 17
            la    a1, typed
            li    a2, 1
            call  gate
            li    t0, 1
            out   0x11, t0
    loop:   sti
            hlt
    woken:  addi  s1, s1, 1
            j     loop
    typed:  in    a0, 0x10
            out   0x10, a0
            addi  s0, s0, 1
            li    t1, 'q'
            beq   a0, t1, off
            iret
    """

  /// A recursive call, an `int` and a division that its handler steps over.
  static let calls = """
    start:  li    a0, 32
            la    a1, served
            li    a2, 7
            call  gate
            li    a0, 0
            la    a1, divided
            li    a2, 1
            call  gate
            li    a0, 4
    called: call  sum
    summed: mv    s0, a0
    asked:  int   32
    served_up: addi s1, s1, 1
    broken: div   a0, a0, zero
    mended: addi  s1, s1, 1
            cli
    closed: addi  s1, s1, 1
    calm:   j     off
    sum:    bnez  a0, more
            ret
    more:   push  ra
            push  a0
            addi  a0, a0, -1
    deeper: call  sum
    inside: pop   t0
            add   a0, a0, t0
            pop   ra
            ret
    served: addi  s2, s2, 1
            nop
            iret
    divided: push t0
            lw    t0, 8(sp)
            addi  t0, t0, 4
            sw    t0, 8(sp)
            pop   t0
            iret
    """

  static let endless = "start:  addi s0, s0, 1\nagain:  j start\n"
}

extension Session {
  /// Every byte of the state, and what the state's description leaves out.
  var whole: [UInt8] {
    var bytes: [UInt8] = []
    world.describeState { bytes += $0 }
    var hasher = StableHash()
    hasher.add("\(world.machine.cpuSnapshot.state)")
    hasher.add(world.machine.cpuSnapshot.deliveryCounts.description)
    hasher.add("\(world.devices.timer) \(world.machine.devices.timer)")
    hasher.add("\(world.machine.cycleTable)")
    if let guest = world.monitor?.guest {
      hasher.add("\(guest.cpu) \(guest.counts) \(guest.deliveries)")
    }
    withUnsafeBytes(of: hasher.value) { bytes += $0 }
    return bytes
  }

  func address(_ symbol: String) throws -> VirtualAddress {
    VirtualAddress(try #require(image?.symbol(named: symbol)).value)
  }

  /// Runs to a label without stopping anywhere else.
  func reach(_ symbol: String) throws {
    let result = run(until: try address(symbol))
    guard case .arrived = result.reason else {
      Issue.record("\(symbol) is not reached: \(result.reason)")
      return
    }
  }

  func isAt(_ symbol: String) throws -> Bool { world.pc == (try address(symbol)) }

  var printed: String { String(decoding: world.devices.console.output, as: UTF8.self) }
}

/// FNV-1a over a text.
private struct StableHash {
  var value: UInt64 = 0xCBF2_9CE4_8422_2325
  mutating func add(_ text: String) {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }
}

/// The same numbers everywhere for the same seed.
struct Numbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 2 &+ 1 }

  mutating func below(_ bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(below(UInt64(elements.count)))]
  }
}

extension RunResult {
  /// The reason without what it carries.
  var word: String { String("\(reason)".prefix { $0 != "(" }) }
}
