import Onion
import OnionISA

/// What the kernel of a paravirtual guest may ask of the VMM, by `vmcall n` in its ring 0. Arguments and results
/// are in a0.
///
/// Any other guest, and a paravirtual one's outer rings, get vector 8, as on the bare machine (the CPU manual,
/// section 9).
public enum Hypercall: UInt16, CaseIterable, Hashable, Sendable {
  /// a0 ← the version of this list, 1: a VMM answers.
  case version = 0
  /// a0 ← how many frames the VMM wants the guest to have given up.
  case balloonTarget = 1
  /// Gives up the frame whose number is in a0. a0 ← 0, or −1 if there is none.
  case giveUpFrame = 2
  /// Takes back the frame whose number is in a0, full of zeros. a0 ← 0, or −1 if it was not given up or the
  /// machine has none left.
  case takeBackFrame = 3

  /// In a few words, as in "asks the VMM …".
  public var meaning: String {
    switch self {
    case .version: "whether it is there"
    case .balloonTarget: "how many frames it shall give up"
    case .giveUpFrame: "to take a frame of its memory away"
    case .takeBackFrame: "for a frame that it gave up"
    }
  }
}

extension VirtualMachineMonitor {
  /// The value of a0 after a call that could not be served.
  static let failed = UInt32.max

  /// True if a `vmcall` of the guest as it is now is the VMM's.
  var answersHypercalls: Bool {
    state.current.isParavirtual && state.guest.cpu.status.cpl == .ring0
  }

  /// Serves `vmcall n`.
  func hypercall(_ number: UInt32) {
    let argument = machine[.a0]
    let call = UInt16(exactly: number).flatMap(Hypercall.init)
    let result: UInt32
    switch call {
    case .version: result = 1
    case .balloonTarget: result = state.current.balloonTarget
    case .giveUpFrame: result = giveUp(GuestFrame(argument)) ? 0 : Self.failed
    case .takeBackFrame: result = takeBack(GuestFrame(argument)) ? 0 : Self.failed
    case nil: result = Self.failed
    }
    state.guest.counts.hypercalls += 1
    state.guest.counts.direct -= 1
    state.cause = MonitorAccount.emulated(.vmcall)
    note(
      .hypercall(call, number: number, argument: argument, result: result),
      machine.cycleTable.vmmEmulate)
    machine[.a0] = result
    state.guest.cpu.cycles += machine.cycleTable.plain
  }

  /// Takes a frame out of the guest's memory. Whoever gets it finds zeros in it.
  private func giveUp(_ frame: GuestFrame) -> Bool {
    guard frame.number < state.guest.memory.count else { return false }
    if state.shadows.isTraced(frame) {
      // It held a page table: what was made of it must not outlive it.
      dropAllShadows()
    } else {
      dropEntries(to: frame)
    }
    guard let machineFrame = state.guest.memory.giveUp(frame) else { return false }
    let zeros = [UInt8](repeating: 0, count: 4096)
    _ = machine.directWrite(zeros, at: machineFrame.start.rawValue, by: nil)
    state.freeFrames.giveBack(machineFrame)
    return true
  }

  private func takeBack(_ frame: GuestFrame) -> Bool {
    guard frame.number < state.guest.memory.count, state.guest.memory[frame] == nil,
      let number = state.freeFrames.take(1)?.first
    else { return false }
    return state.guest.memory.take(MachineFrame(number), at: frame)
  }

  /// Makes a guest one that knows of its VMM. To be said before it runs.
  public func makeParavirtual(_ index: Int) {
    change(index) { $0.isParavirtual = true }
  }

  /// A guest was made to know of its VMM.
  public func isParavirtual(_ index: Int) -> Bool { virtualMachine(index)?.isParavirtual ?? false }

  /// Frames that the VMM wants a guest to have given up. If the guest halts it is woken: its kernel, which knows
  /// of the VMM, asks what there is. One that doesn't ask never learns of it.
  public func setBalloonTarget(_ frames: UInt32, of index: Int) {
    if !state.isShared { beginSharing() }
    guard state.machines.indices.contains(index) else { return }
    withCPU {
      state.machines[index].balloonTarget = min(frames, state.machines[index].guest.memory.count)
      state.machines[index].isCalled = state.machines[index].isParavirtual
    }
  }

  public func balloonTarget(of index: Int) -> UInt32 { virtualMachine(index)?.balloonTarget ?? 0 }

  /// Frames of the machine that no guest has.
  public var freeFrameCount: Int { state.freeFrames.count }

  private func virtualMachine(_ index: Int) -> VirtualMachine? {
    index == state.currentIndex
      ? state.current : state.machines.indices.contains(index) ? state.machines[index] : nil
  }

  /// Changes what is remembered of a virtual machine, whoever has the CPU.
  func change(_ index: Int, _ change: (inout VirtualMachine) -> Void) {
    if index == state.currentIndex { change(&state.current) }
    if state.machines.indices.contains(index) { change(&state.machines[index]) }
  }
}
