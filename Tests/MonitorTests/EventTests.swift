import Onion
import OnionAssembler
import OnionISA
import ReferenceOnion
import TestSupport
import Testing

@testable import Monitor

/// What the VMM tells is what happened: for random kernels, alone and several on one machine, each event of each step is
/// held against the machine before and after it.
struct EventTests {
  /// Entries into the VMM that are checked for each kind of machine.
  private static let entries = isSoak ? 300_000 : 4000

  enum Kind: String, CaseIterable {
    case plain, timer, devices, hostile, classic, several, systems
  }

  @Test(arguments: Kind.allCases) func eventsAreWhatHappened(kind: Kind) throws {
    var seed: UInt64 = 0
    var checked = 0
    var seen: [String: Int] = [:]
    while checked < Self.entries {
      let wrong = try check(kind, seed, &checked, &seen)
      if let wrong {
        Issue.record("\(kind), seed \(seed): \(wrong)")
        return
      }
      seed += 1
    }
    if isSoak {
      print(
        "events, \(kind): \(seed) machines, \(checked) entries, \(seen.sorted { $0.key < $1.key })")
    }
  }

  private func machine(_ kind: Kind, _ seed: UInt64) throws -> VirtualMachineMonitor {
    switch kind {
    case .plain, .timer, .devices:
      let flavour: RandomKernel.Flavour =
        kind == .plain ? .plain : kind == .timer ? .timer : .devices
      let monitor = try VirtualMachineMonitor(
        image: RandomKernel.image(seed: seed, flavour), memorySize: 1 << 20)
      if seed % 3 == 0 { monitor.makeParavirtual(0) }
      return monitor
    case .hostile, .classic:
      return try VirtualMachineMonitor(
        image: HostileKernel.image(seed: seed), profile: kind == .classic ? .classic : .strict,
        memorySize: HostileKernel.memorySize)
    case .several: return try RandomHost.monitor(seed: seed)
    case .systems: return try systems(seed)
    }
  }

  /// Two of the shipped operating system side by side, with something to do.
  private func systems(_ seed: UInt64) throws -> VirtualMachineMonitor {
    let image = try #require(ShallotTests.image)
    let monitor = try VirtualMachineMonitor(
      image: image, memorySize: 1 << 20, roomForGuests: 8 << 20)
    try monitor.addGuest(name: "b", image: image, memorySize: 1 << 20)
    monitor.changeShare(of: 1) { $0.isPaused = false }
    let lines = ["ls 3", "nap 2 &", "ping 255 2", "pages 3", "off"].dropFirst(Int(seed % 4))
    for (index, line) in [lines.joined(separator: "\n") + "\n", "ls 1\noff\n"].enumerated() {
      monitor.useConsole(of: index)
      monitor.type(Array(line.utf8))
      monitor.useConsole(of: 1 - index)
    }
    return monitor
  }

  /// Runs two machines, one a step behind the other; nil if all was right.
  private func check(
    _ kind: Kind, _ seed: UInt64, _ checked: inout Int, _ seen: inout [String: Int]
  ) throws -> String? {
    let (before, after) = (try machine(kind, seed), try machine(kind, seed))
    let isMixed = kind == .several || kind == .systems
    for step in 0..<(isMixed ? 200_000 : 6000) {
      let entries = after.entryCount
      let pause = after.step(recording: true)
      if !after.events.isEmpty {
        checked += 1
        var ledger = EventLedger(before: before, after: after)
        for event in after.events {
          seen[String("\(event.event)".prefix { $0 != "(" }), default: 0] += 1
          ledger.tell(event)
        }
        let complaints = ledger.finish()
        if !complaints.isEmpty {
          return "step \(step): \(complaints)\n\(after.events.map(\.event))"
        }
      } else if after.entryCount != entries {
        return "step \(step): an entry of which nothing is told"
      }
      before.step()
      guard case .limit = pause else { break }
    }
    return before.state == after.state && before.machine.cycles == after.machine.cycles
      ? nil : "a record changes what happens"
  }
}
