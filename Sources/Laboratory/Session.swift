import Monitor
import Onion
import OnionISA

/// How a machine is made.
public struct MachineSettings: Hashable, Sendable {
  public var profile: Profile
  /// Bytes; the guest's under the VMM.
  public var memorySize: UInt32
  /// The guest's name if the program runs under the VMM; nil: on the bare machine.
  public var guest: String?

  /// Bytes of the real machine under the VMM, at least: for guests to come.
  static let roomForGuests: UInt32 = 64 << 20

  public init(profile: Profile = .strict, memorySize: UInt32 = 4 << 20, guest: String? = nil) {
    self.profile = profile
    self.memorySize = memorySize
    self.guest = guest
  }
}

/// Why a program can't be loaded.
public enum LoadError: Error, Hashable, Sendable {
  case noRoom(memorySize: UInt32)
  case doesNotFit(ImageDoesNotFit)
}

/// One session at the machine: a world, what is known of the program in it, and the way here.
///
/// A run is a function of image, settings and changes from outside, so the session can go back to any
/// step: it restores a snapshot and runs forward again.
///
/// What is looked at after every trap of a run is `exclusivity(unchecked)`: one thread runs a session, and
/// nothing that changes such a property looks at it meanwhile.
public final class Session {
  public internal(set) var settings: MachineSettings
  @exclusivity(unchecked) public internal(set) var world: World
  /// The program; under the VMM that of the guest that has the CPU. Nil before one is loaded.
  public var image: Image? { image(ofGuest: world.monitor?.currentIndex ?? 0) }

  /// The program that a guest was made with; the machine's own without a VMM.
  public func image(ofGuest index: Int) -> Image? {
    guard index > 0 else { return firstImage }
    var added = journal[..<journalPosition].lazy.compactMap { entry -> Image? in
      switch entry.change {
      case .addGuest(_, let image, _), .addCopy(_, _, let image): image
      default: nil
      }
    }.dropFirst(index - 1).makeIterator()
    return added.next() ?? firstImage
  }

  var firstImage: Image?
  /// Somebody may type: a program that waits for input isn't stopped for good.
  /// The program that has the console wants to be told of what is typed (interrupt 17).
  public var wantsInput: Bool {
    let console = world.monitor?.guest.devices.console ?? world.machine.devices.console
    return console.control & 1 != 0
  }

  /// Input may still be typed.
  public var acceptsInput = false { didSet { world.machine.acceptsInput = acceptsInput } }

  public internal(set) var breakpoints: [Breakpoint] = []
  var nextBreakpoint = 1
  /// What was told when the session came to rest here; whatever moves it forgets that.
  var told: ToldHits?
  /// Where an endless loop of traps was told last: this history goes on in it.
  var toldTrapLoop: UInt64?
  /// Moments with names, in order of time.
  public internal(set) var marks: [Mark] = []
  public var variables = ConvenienceVariables()
  /// Steps that one run may make, in whatever way it goes forward; nil: no end.
  public var budget: UInt64? = Session.firstBudget
  /// Real traps so far, the last ``trapLogLimit`` of them, in order.
  @exclusivity(unchecked) public internal(set) var trapLog: [TrapLogEntry] = []
  /// The last trap that was recorded in full.
  public internal(set) var lastTrap: StepRecord?
  /// The last step that was recorded.
  public internal(set) var lastStep: StepRecord?

  @exclusivity(unchecked) var journal: [JournalEntry] = []
  /// The first entry of the journal that is still to be repeated.
  @exclusivity(unchecked) var journalPosition = 0
  @exclusivity(unchecked) var checkpoints: Checkpoints
  /// The last step of this history that was ever reached: going back doesn't lower it.
  var furthestStep: UInt64 = 0

  /// A minute or so.
  public static let firstBudget: UInt64 = 10_000_000_000
  public static let trapLogLimit = 100_000

  /// A session at an empty bare machine; nil if the host has no room for one.
  public init?(settings: MachineSettings = MachineSettings()) {
    guard let machine = Machine(profile: settings.profile, memorySize: settings.memorySize) else {
      return nil
    }
    self.settings = settings
    world = .bare(machine)
    checkpoints = Checkpoints(from: Checkpoint(world, journalPosition: 0))
  }

  /// Takes over what is the session's own and no part of any machine: who types, and what runs and going back may
  /// use up.
  public func takeSettings(of other: Session) {
    acceptsInput = other.acceptsInput
    budget = other.budget
    historyLimit = other.historyLimit
  }

  /// The same history at the same moment, on a machine of its own. What was told stays with the original, and so
  /// do its breakpoints.
  init?(copying session: Session) {
    guard let copy = session.world.copy() else { return nil }
    settings = session.settings
    world = copy
    firstImage = session.firstImage
    acceptsInput = session.acceptsInput
    variables = session.variables
    trapLog = session.trapLog
    journal = session.journal
    journalPosition = session.journalPosition
    checkpoints = session.checkpoints
    furthestStep = session.furthestStep
  }

  /// Puts a program on a fresh machine. What was there before is gone, breakpoints too.
  public func load(_ image: Image, settings: MachineSettings) throws(LoadError) {
    let fresh = try Self.makeWorld(image, settings)
    self.settings = settings
    firstImage = image
    begin(fresh)
    breakpoints.removeAll()
  }

  /// The same program on a fresh machine; breakpoints stay.
  public func reset() throws(LoadError) {
    guard let firstImage else { return }
    begin(try Self.makeWorld(firstImage, settings))
  }

  private func begin(_ fresh: World) {
    world = fresh
    world.machine.acceptsInput = acceptsInput
    trapLog.removeAll()
    lastTrap = nil
    lastStep = nil
    journal.removeAll()
    journalPosition = 0
    furthestStep = 0
    told = nil
    toldTrapLoop = nil
    marks.removeAll()
    checkpoints.begin(from: checkpointHere)
  }

  static func makeWorld(
    _ image: Image, _ settings: MachineSettings
  ) throws(LoadError) -> World {
    if let name = settings.guest {
      do {
        return .guest(
          try VirtualMachineMonitor(
            name: name, image: image, profile: settings.profile, memorySize: settings.memorySize,
            roomForGuests: MachineSettings.roomForGuests))
      } catch {
        switch error {
        case .noRoom(let size): throw .noRoom(memorySize: size)
        case .imageDoesNotFit(let fault): throw .doesNotFit(fault)
        case .tooManyGuests: throw .noRoom(memorySize: settings.memorySize)
        }
      }
    }
    guard let machine = Machine(profile: settings.profile, memorySize: settings.memorySize) else {
      throw .noRoom(memorySize: settings.memorySize)
    }
    do {
      try machine.load(image)
    } catch {
      throw .doesNotFit(error)
    }
    return .bare(machine)
  }
}

/// A change from outside and when it was made.
struct JournalEntry: Sendable {
  var step: UInt64
  var change: Change
}
