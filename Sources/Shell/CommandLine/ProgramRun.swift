import CTerminal
import LineEditor
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

/// A program that runs to its end without a prompt, its console on standard output.
struct ProgramRun {
  private enum Host {
    case bare(Machine)
    case guest(VirtualMachineMonitor)
  }

  /// How it ended.
  enum End: Equatable {
    case stopped(Stop)
    case limit
    case interrupted
    /// Standard output can't be written to.
    case output(Int32)

    var exitCode: Int32 {
      switch self {
      case .stopped(.switchedOff): 0
      case .stopped, .output: 1
      case .limit: 3
      case .interrupted: 130
      }
    }
  }

  /// Steps between looks at the console and at Ctrl-C.
  private static let chunk: UInt64 = 1 << 20

  private let host: Host
  private let image: Image
  private var written = 0

  init(
    image: Image, guest: Bool, profile: Profile, memorySize: UInt32
  ) throws(CommandFailure) {
    self.image = image
    if guest {
      do throws(MonitorError) {
        host = .guest(
          try VirtualMachineMonitor(
            name: "alpha", image: image, profile: profile, memorySize: memorySize))
      } catch {
        switch error {
        case .noRoom(let size): throw CommandFailure(.noRoom(memorySize: size))
        case .imageDoesNotFit(let fault): throw CommandFailure(.doesNotFit(fault))
        case .tooManyGuests: throw CommandFailure(.noRoom(memorySize: memorySize))
        }
      }
      return
    }
    guard let machine = Machine(profile: profile, memorySize: memorySize) else {
      throw CommandFailure(.noRoom(memorySize: memorySize))
    }
    do throws(ImageDoesNotFit) {
      try machine.load(image)
    } catch {
      throw CommandFailure(.doesNotFit(error))
    }
    host = .bare(machine)
  }

  private var machine: Machine {
    switch host {
    case .bare(let machine): machine
    case .guest(let monitor): monitor.machine
    }
  }

  /// What is typed at the console, all of it there from the beginning.
  func type(_ bytes: [UInt8]) { machine.type(bytes) }

  /// Runs to the end, to the limit, or to Ctrl-C.
  mutating func run(cycleLimit: UInt64) -> End {
    while true {
      let pause: Pause
      let stop: Stop?
      switch host {
      case .bare(let machine):
        pause = machine.run(steps: Self.chunk, cycleLimit: cycleLimit)
        stop = machine.stop
      case .guest(let monitor):
        pause = monitor.run(steps: Self.chunk, cycleLimit: cycleLimit)
        stop = monitor.guest.cpu.stop
      }
      if let failure = writeConsole() { return .output(failure) }
      if let stop { return .stopped(stop) }
      if case .waitingForInput = pause { return .stopped(.haltedNothingCanCome) }
      if machine.cycles >= cycleLimit { return .limit }
      if Interrupts.take() { return .interrupted }
    }
  }

  private var console: ConsoleOutput {
    switch host {
    case .bare(let machine): machine.devices.console.output
    case .guest(let monitor): monitor.guest.devices.console.output
    }
  }

  /// Writes what was printed since the last time; the bytes as they are.
  private mutating func writeConsole() -> Int32? {
    let bytes = Array(console[written...])
    guard !bytes.isEmpty else { return nil }
    written += bytes.count
    let failure = bytes.withUnsafeBytes { terminal_write_all(1, $0.baseAddress, $0.count) }
    return failure == 0 ? nil : failure
  }

  // MARK: What is said of it

  /// Instructions of the program: the guest's own count under the VMM.
  var instructions: UInt64 {
    switch host {
    case .bare(let machine): machine.instructionsRetired
    case .guest(let monitor): monitor.guest.cpu.instret
    }
  }

  /// Why it ended, unless it switched itself off.
  func message(_ end: End, program: String) -> String? {
    let what: String
    switch end {
    case .stopped(.switchedOff), .output: return nil
    case .limit: what = "the limit was reached"
    case .interrupted: what = "stopped by Ctrl-C"
    case .stopped(.tripleFault(let fault)):
      let words = RefusalWords()
      what =
        "triple fault: trap \(RefusalWords.name(fault.first)) could not be delivered. "
        + "\(words.why(fault.firstRefusal)) Nor could the double fault. \(words.why(fault.secondRefusal)) It was"
    case .stopped(let stop): what = StopText.short(stop)
    }
    let pc: VirtualAddress =
      switch host {
      case .bare(let machine): machine.pc
      case .guest(let monitor): monitor.guestPC
      }
    let line = image.lineName(at: pc.rawValue).map { " (\($0))" } ?? ""
    return
      "\(program): \(what), at \(pc)\(line) after \(instructions == 1 ? "1 instruction" : "\(instructions) instructions")"
  }

  /// One JSON object on one line.
  var statistics: String {
    let traps = (0..<64).compactMap { number -> String? in
      let count = machine.deliveries(of: Vector(rawValue: UInt8(number)))
      return count == 0 ? nil : "\"\(number)\":\(count)"
    }
    var fields = [
      "\"instructions\":\(instructions)", "\"cycles\":\(machine.cycles)",
      "\"traps\":{\(traps.joined(separator: ","))}",
    ]
    if case .guest(let monitor) = host {
      let counts = monitor.guest.counts
      var named = counts.named.map { "\"\($0.name)\":\($0.value)" }
      named.append("\"directPercent\":\(Self.percent(counts.direct, of: instructions))")
      fields.append("\"vmm\":{\(named.joined(separator: ","))}")
    }
    return "{\(fields.joined(separator: ","))}"
  }

  /// With two digits behind the point, cut off rather than rounded: 100 means all.
  private static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "0" }
    let (high, low) = part.multipliedFullWidth(by: 10_000)
    let hundredths = whole.dividingFullWidth((min(high, whole - 1), low)).quotient
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
