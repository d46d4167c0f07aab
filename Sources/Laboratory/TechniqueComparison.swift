import Monitor
import Onion
import OnionISA

/// One program run to its end in several ways, each on a fresh machine.
public struct TechniqueComparison: Sendable {
  public enum Technique: CaseIterable, Sendable {
    /// No VMM: the kernel has ring 0.
    case bare
    /// Ring deprivileging, trap-and-emulate, a shadow table for each view.
    case trapAndEmulate
    /// The same with one compressed shadow table.
    case compressedTable
  }

  /// What came of one way.
  public struct Run: Sendable {
    public var technique: Technique
    /// Instructions of the program that were completed.
    public var instructions: UInt64
    /// Cycles of the real machine.
    public var cycles: UInt64
    /// Real traps and interrupts: deliveries on the bare machine, entries into the VMM under one.
    public var traps: UInt64
    /// What the VMM's work cost, in cycles.
    public var overhead: UInt64
    public var output: [UInt8]
    /// How it ended; nil if the limit came first or it waits for input.
    public var stop: Stop?
  }

  public internal(set) var runs: [Run] = []
}

extension Session {
  /// Steps that each way may take.
  public static let comparisonLimit: UInt64 = 100_000_000
  private static let comparisonChunk: UInt64 = 1_000_000

  /// Runs the program in every way, with all that was typed so far waiting from the start; nil if there is no
  /// program or `poll` stopped it.
  public func compareTechniques(
    limit: UInt64 = Session.comparisonLimit, poll: Poll = { false }
  ) throws(LoadError) -> TechniqueComparison? {
    guard let image else { return nil }
    let typed = journal[..<journalPosition].flatMap { entry -> [UInt8] in
      if case .typed(let bytes) = entry.change { bytes } else { [] }
    }
    var comparison = TechniqueComparison()
    for technique in TechniqueComparison.Technique.allCases {
      var settings = settings
      settings.guest = technique == .bare ? nil : settings.guest ?? "alpha"
      let world = try Self.makeWorld(image, settings)
      world.machine.type(typed)
      world.monitor?.usesCompressedTable = technique == .compressedTable
      while world.steps < limit {
        let steps = min(Self.comparisonChunk, limit - world.steps)
        let pause = world.run(steps: steps, cycleLimit: .max, stops: RunStops())
        if isEnd(pause) { break }
        if poll() { return nil }
      }
      comparison.runs.append(
        TechniqueComparison.Run(
          technique: technique,
          instructions: world.monitor?.guest.cpu.instret ?? world.machine.instructionsRetired,
          cycles: world.machine.cycles, traps: world.trapCount,
          overhead: world.monitor?.overheadCycles ?? 0, output: world.devices.console.output.bytes,
          stop: world.stop))
    }
    return comparison
  }
}
