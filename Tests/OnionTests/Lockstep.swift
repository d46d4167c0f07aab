import Onion
import OnionISA
import ReferenceOnion

/// How the machine is moved on.
enum Drive: String, CaseIterable {
  /// One step at a time, no record.
  case steps
  /// One step at a time, all recorded.
  case recorded
  /// Now this, now that.
  case mixed
  /// `run` of a few steps at a time.
  case runs
  /// `run` of some steps, or of thousands: only then the fast loop has time enough to begin.
  case leaps
}

extension Drive {
  /// How many steps are made at once.
  func quantum(_ random: inout SplitMix64) -> Int {
    switch self {
    case .steps, .recorded, .mixed: 1
    case .runs: 1 + Int(random.below(24))
    case .leaps: 1 + Int(random.below(random.chance(50) ? 50 : 4000))
    }
  }
}

/// A random program on both machines.
struct Lockstep {
  let program: RandomProgram
  let drive: Drive
  /// The steps of each run; nil: random ones.
  var quantum: Int?
  /// The TLBs are compared after each so many beats.
  var thoroughEvery = 16

  struct Divergence: Error, CustomStringConvertible {
    var seed: UInt64
    var drive: Drive
    var beat: Int
    var context: String
    var differences: [String]

    var description: String {
      """
      seed \(seed), \(drive.rawValue): the machines differ after beat \(beat)
      \(context)
      \(differences.joined(separator: "\n"))
      """
    }
  }

  /// Runs so many beats, or until both stop, and returns how many were made.
  func run(beats: Int) throws(Divergence) -> Int {
    let reference = program.makeReference()
    guard let machine = makeMachine(like: reference, words: program.words) else {
      throw Divergence(
        seed: program.seed, drive: drive, beat: 0, context: "no room for a machine",
        differences: [])
    }
    var random = SplitMix64(seed: program.seed ^ 0x5EED)
    var beat = 0
    var isOver = false
    while beat < beats && !isOver {
      let context = Context(reference)
      let count = quantum ?? drive.quantum(&random)
      switch drive {
      case .steps: machine.step()
      case .recorded: machine.step(recording: true)
      case .mixed: machine.step(recording: random.chance(50))
      case .runs, .leaps: _ = machine.run(steps: UInt64(count))
      }
      var written: [UInt32] = []
      for _ in 0..<count where !isOver {
        if case .stopped = reference.step() { isOver = true }
        written += reference.written
        beat += 1
      }
      // A run that ends just before a wait for nothing hasn't found out yet that it is for good.
      if isOver { machine.step() }
      reference.written = written

      let last = isOver || beat >= beats
      let thoroughness: Thoroughness =
        last ? .complete : beat % thoroughEvery < count ? .thorough : .quick
      let found = differences(machine, reference, thoroughness)
      if !found.isEmpty {
        throw Divergence(
          seed: program.seed, drive: drive, beat: beat, context: context.description,
          differences: found)
      }
    }
    return beat
  }

  /// Like `run`, but what differs is found at once: for the report of a failure.
  func runThoroughly(beats: Int) throws(Divergence) -> Int {
    var lockstep = self
    lockstep.thoroughEvery = 1
    return try lockstep.run(beats: beats)
  }

  /// Where the reference is before a beat.
  private struct Context: CustomStringConvertible {
    let registers: [UInt32]
    let fields: [(String, UInt32)]
    let cycles: UInt64

    init(_ machine: ReferenceMachine) {
      registers = machine.registers
      fields = [
        ("pc", machine.pc), ("status", machine.status), ("mode", machine.mode),
        ("ptbr", machine.ptbr), ("tvec", machine.tvec), ("word", machine.wordAtPC ?? 0),
      ]
      cycles = machine.cycles
    }

    var description: String {
      let state = fields.map { "\($0.0) \(hexadecimal($0.1))" }.joined(separator: " ")
      let values = registers.map { hexadecimal($0) }.joined(separator: " ")
      return "before it: \(state) cycles \(cycles)\nregisters: \(values)"
    }
  }
}
