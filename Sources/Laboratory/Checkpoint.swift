import Monitor
import Onion
import OnionISA

/// A moment to which a session can return at once.
struct Checkpoint: Sendable {
  var step: UInt64
  var work: CheckpointWork
  /// Changes from outside that it holds.
  var journalPosition: Int
  var world: WorldSnapshot
  /// The learner may change what things cost; the machine's own snapshot leaves that out.
  var costs: CycleTable

  init(_ world: World, journalPosition: Int) {
    step = world.steps
    work = CheckpointWork(world)
    self.journalPosition = journalPosition
    self.world = world.snapshot()
    costs = world.machine.cycleTable
  }

  /// Bytes that it holds if it is the first.
  var bytes: Int { world.machine.memory.bytes + world.outputBytes + Self.ownBytes }

  /// Bytes that it holds and the one before it doesn't.
  func bytes(beyond earlier: Checkpoint) -> Int {
    let output = world.outputBytes
    return world.machine.memory.bytes(beyond: earlier.world.machine.memory)
      + (output == earlier.world.outputBytes ? 0 : output) + Self.ownBytes
  }

  /// About what the CPU, its TLBs and the VMM's books take.
  private static let ownBytes = 8192
}

/// How long the way from the beginning to a moment is for the host, in plain instructions: what going
/// over it once more takes.
struct CheckpointWork: Comparable {
  var units: UInt64

  init(units: UInt64) { self.units = units }

  init(_ world: World) {
    switch world {
    case .bare(let machine): units = machine.steps + 50 * machine.lastDelivery.number
    case .guest(let monitor): units = monitor.steps + 400 * monitor.counts.entries
    }
  }

  static func < (left: CheckpointWork, right: CheckpointWork) -> Bool { left.units < right.units }
}

extension WorldSnapshot {
  var machine: MachineSnapshot {
    switch self {
    case .bare(let machine): machine
    case .guest(let monitor): monitor.machine
    }
  }

  /// What was printed so far, in bytes: after each letter that follows all of it is held once more.
  var outputBytes: Int {
    switch self {
    case .bare(let machine): machine.devices.console.output.count
    case .guest(let monitor): monitor.outputBytes
    }
  }
}
