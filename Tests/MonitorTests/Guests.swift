import Monitor
import Onion
import OnionAssembler
import OnionISA
import Testing

/// Small guests, written as a person would write them.
enum Guests {
  /// Assembles a program; a mistake in it fails the test with its message.
  static func image(_ source: String) throws -> Image {
    let result = Assembler.assemble(source: source, file: "guest.s")
    let messages = result.diagnostics.map { $0.rendered().plain }.joined(separator: "\n")
    return try #require(result.image, "\(messages)")
  }

  /// A fresh guest, and the same program on the bare machine.
  static func pair(
    _ source: String, profile: Profile = .strict
  ) throws -> (guest: VirtualMachineMonitor, bare: Machine) {
    let image = try image(source)
    let bare = try #require(Machine(profile: profile))
    try bare.load(image)
    return (try VirtualMachineMonitor(image: image, profile: profile), bare)
  }

  /// The guest after it has stopped by itself.
  static func finished(
    _ source: String, profile: Profile = .strict
  ) throws -> VirtualMachineMonitor {
    let guest = try VirtualMachineMonitor(image: image(source), profile: profile)
    let pause = guest.run(steps: 1_000_000)
    guard case .stopped = pause else {
      Issue.record("the guest did not stop: \(pause)")
      return guest
    }
    return guest
  }

  /// Makes recorded steps until one holds an event; its events.
  static func events(
    of monitor: VirtualMachineMonitor, until isWanted: (MonitorEvent) -> Bool
  ) -> [MonitorEvent] {
    for _ in 0..<10_000 {
      let pause = monitor.step(recording: true)
      if monitor.events.contains(where: { isWanted($0.event) }) {
        return monitor.events.map(\.event)
      }
      guard case .limit = pause else { break }
    }
    return []
  }

  /// Gates, a stack, and a handler that stores vector and error word and goes on behind the fault.
  static let prologue = """
            .equ POWER, 0x50
            .org 0x1000
    boot:   li    sp, 0x8000
            la    t0, gates
            setcr tvec, t0
            li    t0, 0x7000
            setcr ksp0, t0
            j     start
    off:    li    t0, 1
            out   POWER, t0
            .align 8
    gates:  .space 512

    """
}
