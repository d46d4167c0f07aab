import Monitor
import Onion
import OnionISA

/// Who owns the frames of the machine's memory, as far as the tables in force say.
public struct FrameMap: Hashable, Sendable {
  /// What a frame is used for.
  public enum Use: Hashable, Sendable {
    /// The VMM's own, with its name: doorway, trap table and so on.
    case monitor(String)
    /// Another guest's memory.
    case guest(String)
    /// Nobody's.
    case free
    /// The page directory in force, or a page table that it names.
    case directory, table
    /// A page that the tables map: its code, and whether a store may go there.
    case mapped(Ring, isWritable: Bool)
    /// Mapped nowhere, but not empty.
    case unmapped
    case empty
  }

  /// Frames without a gap that are used alike.
  public struct Run: Hashable, Sendable {
    /// The machine's numbers.
    public var frames: ClosedRange<UInt32>
    /// The guest's number of the first; nil for what is no guest's.
    public var guestFrame: UInt32?
    public var use: Use
  }

  public private(set) var runs: [Run] = []

  public init(_ world: World) {
    let machine = world.machine
    let guest = world.monitor?.guest
    let count = (guest?.memorySize ?? machine.memory.size) >> 12
    let uses = Self.uses(world, count: count)
    let owners = Owners(world)
    for frame in 0..<machine.memory.size >> 12 {
      guard guest != nil else {
        add(frame, nil, uses[frame] ?? Self.contents(machine, frame))
        continue
      }
      if let own = owners.guestFrames[frame] {
        add(frame, own, uses[own] ?? Self.contents(machine, frame))
      } else {
        add(frame, nil, Self.ownUse(world, frame, owners))
      }
    }
  }

  /// Who has which machine frame, by its number.
  private struct Owners {
    /// The guest's frames of the one that has the CPU.
    var guestFrames: [UInt32: UInt32] = [:]
    /// The names of the others.
    var names: [UInt32: String] = [:]
    /// Frames that shadow tables are made of.
    var pools: Set<UInt32> = []

    init(_ world: World) {
      guard let monitor = world.monitor else { return }
      for (index, guest) in monitor.guests.enumerated() {
        let isCurrent = index == monitor.currentIndex
        for number in 0..<guest.memory.count {
          guard let frame = guest.memory[GuestFrame(number)] else { continue }
          if isCurrent {
            guestFrames[frame.number] = number
          } else {
            names[frame.number] = guest.name
          }
        }
        pools.formUnion(monitor.shadowPool(of: index))
      }
    }
  }

  private mutating func add(_ frame: UInt32, _ guestFrame: UInt32?, _ use: Use) {
    if let last = runs.last, last.use == use,
      Self.follows(guestFrame, last),
      last.frames.upperBound + 1 == frame
    {
      runs[runs.count - 1].frames = last.frames.lowerBound...frame
    } else {
      runs.append(Run(frames: frame...frame, guestFrame: guestFrame, use: use))
    }
  }

  /// The guest's frame is the next after a run, or neither is a guest's.
  private static func follows(_ guestFrame: UInt32?, _ run: Run) -> Bool {
    run.guestFrame.map { $0 + UInt32(run.frames.count) } == guestFrame
  }

  private static func contents(_ machine: Machine, _ frame: UInt32) -> Use {
    machine.memory.isEmpty(MachineFrame(frame)) ? .empty : .unmapped
  }

  /// A frame outside the guest's memory.
  private static func ownUse(_ world: World, _ frame: UInt32, _ owners: Owners) -> Use {
    if let name = owners.names[frame] { return .guest(name) }
    if owners.pools.contains(frame) {
      return world.machine.memory.isEmpty(MachineFrame(frame))
        ? .monitor("unused") : .monitor("shadow tables")
    }
    switch MachineFrame(frame) {
    case MonitorPages.doorwayFrame: return .monitor("doorway")
    case MonitorPages.trapTableFrame: return .monitor("trap table")
    case MonitorPages.stackFrame: return .monitor("ring-0 stack")
    case MonitorPages.tableFrame: return .monitor("own page table")
    default: return .free
    }
  }

  /// What the program's own tables make of its frames.
  private static func uses(_ world: World, count: UInt32) -> [UInt32: Use] {
    guard world.programUsesPaging else { return [:] }
    let directory = world.programDirectory >> 12
    var uses: [UInt32: Use] = [:]
    var tables: Set<UInt32> = []
    for slot in 0..<1024 as Range<UInt32> {
      let entry = world.programEntry(at: directory << 12 + slot * 4)
      guard entry.isPresent, entry.frameNumber < count, tables.insert(entry.frameNumber).inserted
      else { continue }
      for index in 0..<1024 as Range<UInt32> {
        let leaf = world.programEntry(at: entry.frameNumber << 12 + index * 4)
        guard leaf.isPresent, leaf.frameNumber < count else { continue }
        // Of several pages the one that lets most in counts.
        if case .mapped(let ring, let isWritable) = uses[leaf.frameNumber] {
          uses[leaf.frameNumber] = .mapped(
            leaf.ring.isOutward(of: ring) ? leaf.ring : ring,
            isWritable: isWritable || leaf.isWritable)
        } else {
          uses[leaf.frameNumber] = .mapped(leaf.ring, isWritable: leaf.isWritable)
        }
      }
    }
    for table in tables { uses[table] = .table }
    uses[directory] = .directory
    return uses
  }
}
