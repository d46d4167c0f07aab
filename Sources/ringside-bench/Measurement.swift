import Benchmark
import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA

/// Something whose speed is measured: it is prepared once and run again and again.
struct Measurement {
  let name: String
  /// What is counted, such as `instructions`.
  let unit: String
  /// How many of them one run makes.
  let count: Double
  let run: () -> Void
}

/// Why there is nothing to measure.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String
}

extension Measurement {
  /// Every measurement, in the order in which it is shown.
  ///
  /// - Parameter kernel: the source of `kernel.s`.
  static func all(kernel: String) throws -> [Measurement] {
    try [
      bare("integer loop", BenchPrograms.loop),
      bare("memory through the TLB", BenchPrograms.memory),
      bare("calls", BenchPrograms.calls),
      bare("Fibonacci", BenchPrograms.fibonacci),
      bare("careful loop, register watched", BenchPrograms.loop, registers: [Register(bits: 15)]),
      watched("memory, beside a watched word", BenchPrograms.memory, word: "data", offset: 100),
      guest("integer loop, as a guest", BenchPrograms.loop),
      guest("memory, as a guest", BenchPrograms.memory),
      bare("int and iret", BenchPrograms.trap, unit: "round trips", each: 3),
      // Of three instructions two trap.
      guest("trap into the VMM and back", BenchPrograms.privileged, unit: "traps", each: 1.5),
      whole("kernel.s, bare", kernel) { image in
        guard let machine = Machine() else { throw noRoom }
        try machine.load(image)
        _ = machine.run(steps: .max)
        return machine.instructionsRetired
      },
      whole("kernel.s, as a guest", kernel) { image in
        let monitor = try VirtualMachineMonitor(image: image)
        _ = monitor.run(steps: .max)
        return monitor.guest.cpu.instret
      },
      assembly("assembling kernel.s", kernel),
    ]
  }

  /// Steps of one run of a program that loops for ever.
  private static let steps: UInt64 = 1_000_000

  private static let noRoom = BenchFailure(description: "there is no memory for a machine")

  /// A program on the bare machine; `each` steps make one of `unit`.
  private static func bare(
    _ name: String, _ source: String, unit: String = "instructions", each: Double = 1,
    registers: Set<Register> = []
  ) throws -> Measurement {
    let machine = try machine(with: source, named: name)
    let stops = RunStops(registers: registers)
    return Measurement(name: name, unit: unit, count: Double(steps) / each) {
      _ = machine.run(steps: steps, stops: stops)
    }
  }

  /// A session in which a word is watched that lies between those that the program stores.
  private static func watched(
    _ name: String, _ source: String, word: String, offset: UInt32
  ) throws -> Measurement {
    let image = try image(of: source, named: name)
    guard let session = Session() else { throw noRoom }
    try session.load(image, settings: MachineSettings())
    session.budget = steps
    let place = (image.symbol(named: word)?.value ?? 0) + offset
    session.addBreakpoint(.memory(WatchedMemory(.virtual, place, size: 4, access: .any)))
    return Measurement(name: name, unit: "instructions", count: Double(steps)) {
      _ = session.continue()
    }
  }

  /// A bare machine with a program in it.
  static func machine(with source: String, named name: String) throws -> Machine {
    guard let machine = Machine() else { throw noRoom }
    try machine.load(image(of: source, named: name))
    return machine
  }

  /// The same program under the VMM.
  private static func guest(
    _ name: String, _ source: String, unit: String = "instructions", each: Double = 1
  ) throws -> Measurement {
    let monitor = try VirtualMachineMonitor(image: image(of: source, named: name))
    return Measurement(name: name, unit: unit, count: Double(steps) / each) {
      _ = monitor.run(steps: steps)
    }
  }

  /// A program from its first instruction to its end, the making of the machine included.
  private static func whole(
    _ name: String, _ source: String, _ run: @escaping (Image) throws -> UInt64
  ) throws -> Measurement {
    let image = try image(of: source, named: name)
    let instructions = try run(image)
    return Measurement(name: name, unit: "instructions", count: Double(instructions)) {
      _ = try? run(image)
    }
  }

  private static func assembly(_ name: String, _ source: String) -> Measurement {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).count
    return Measurement(name: name, unit: "lines", count: Double(lines)) {
      _ = Assembler.assemble(source: source, file: "kernel.s")
    }
  }

  static func image(of source: String, named name: String) throws -> Image {
    let result = Assembler.assemble(source: source, file: name)
    guard let image = result.image else {
      throw BenchFailure(
        description: "\(name): \(result.diagnostics.map { "\($0)" }.joined(separator: "\n"))")
    }
    return image
  }
}
