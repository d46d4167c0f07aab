import Onion
import OnionISA

/// Something that the VMM found, decided or did on one entry, in the order in which it happened.
///
/// The VMM knows no text: cards and explanations are made from these.
public enum MonitorEvent: Hashable, Sendable {
  /// The real CPU entered ring 0 through that gate; what was saved is on the VMM's stack.
  case entered(MonitorEntry)
  /// The entry was the real timer's, and this is what the VMM had set it for.
  case timerCame(TimerPurpose)
  /// The entry was a step trap that the VMM itself had asked for: an interrupt waits behind the guest's `sti`.
  case steppedForInterrupt
  /// The VMM read the guest's instruction through the guest's page tables.
  case readInstruction(pc: VirtualAddress, word: UInt32, DecodedInstruction)
  /// The virtual ring decided whether the guest may do this.
  case checkedRing(virtual: Ring, needed: Ring, isAllowed: Bool)

  // What an emulated instruction changed on the virtual CPU.
  case statusChanged(old: Status, new: Status)
  case controlChanged(ControlRegister, old: UInt32, new: UInt32)
  case registerChanged(Register, old: UInt32, new: UInt32)
  case portRead(UInt16, value: UInt32)
  case portWritten(UInt16, value: UInt32)
  case returned(TrapReturn)
  /// What the real TLBs held of a page was dropped: an emulated `invlpg`.
  case droppedTranslation(VirtualAddress)
  /// The virtual CPU halts; what that means for it is decided at once.
  case halted(Halt)
  /// An instruction was carried out for the guest and counts as its own.
  case emulated(DecodedInstruction)
  /// An instruction that the guest's ring may run was begun for it and met what its own tables or frame refuse.
  case emulationRefused(DecodedInstruction)

  /// A paravirtual guest's kernel called; nil: a call that there isn't.
  case hypercall(Hypercall?, number: UInt32, argument: UInt32, result: UInt32)
  /// A `vmcall` that is not for the VMM: the guest's own kernel gets vector 8.
  case declinedHypercall(number: UInt32, HypercallRefusal)

  // Shadow paging.
  /// The VMM walked the guest's tables (nil: the guest's paging is off) for the address that faulted.
  case walkedGuest(VirtualAddress, Access, virtualRing: Ring, PageWalk?, PageRefusal?)
  /// A and D bits set in the guest's own tables, as the hardware would have.
  case markedGuestEntry(GuestPhysicalAddress, old: UInt32, new: UInt32)
  /// A hidden fault: the guest's tables grant the access, so the shadow is filled and the guest goes
  /// on as if nothing had happened.
  case filledShadow(ShadowFill)
  /// A hidden fault of another kind: a store to a guest page table, carried out by the VMM.
  case tracedWrite(GuestPhysicalAddress, size: UInt32, old: UInt32, new: UInt32)
  /// A word that a delivery pushed went into a guest page table.
  case tracedPush(GuestPhysicalAddress, old: UInt32, new: UInt32)
  /// Shadow entries that were derived from what changed.
  case droppedShadow(entries: Int)
  /// A shadow table of the guest was loaded into the real `ptbr`, in place of another, of another guest's, or of one
  /// that was dropped.
  case switchedShadow(from: MachineFrame, to: MachineFrame, ShadowKey, view: ShadowView)
  /// No frame was left for shadow tables: all were dropped.
  case recycledShadows
  /// The VMM's own pages were placed elsewhere.
  case relocated(from: VirtualAddress, to: VirtualAddress, Relocation)
  /// A page-table frame of the guest is write-protected from now on.
  case tracing(GuestFrame)

  // The guest's own traps and interrupts.
  /// Something that the guest's virtual state refuses: the guest's kernel is to be told.
  case refused(Refusal)
  /// The guest's own gate, read for a delivery.
  case readGate(Vector, at: VirtualAddress, Gate)
  case ticked(UInt64)
  /// Another guest gets the CPU; guests are named by their places.
  case switchedGuest(from: Int, to: Int, SwitchReason)
  /// One of the guest's devices has moved data, or refused to.
  case device(DeviceEvent)
  /// Real console input went to a guest's console, so many bytes.
  case receivedInput(Int, guest: Int)
  /// Delivered to the guest's kernel by the rules of the architecture with its virtual state.
  case delivered(Delivery)
  case deliveryFailed(Trap, Refusal)
  /// Nobody had anything to run: cycles passed until something came.
  case idled(cycles: UInt64, until: WaitEnd)
  /// Nobody has anything to run, and no cycles pass: something must come from outside.
  case waits(Wait)
  case stopped(guest: Int, Stop)
  /// The real timer was set: so many cycles from then on, and what for.
  case armedTimer(cycles: UInt64, TimerPurpose)
  /// Back into the guest by a real `iret`.
  case resumed(pc: VirtualAddress, status: Status)
}

/// What the real trap saved when it entered the VMM.
public struct MonitorEntry: Hashable, Sendable {
  public var vector: Vector
  public var error: UInt32
  public var pc: VirtualAddress
  /// The real status: the true ring, the true IF.
  public var status: Status
  public var stackPointer: UInt32
}

/// A shadow entry as it was made.
public struct ShadowFill: Hashable, Sendable {
  public var page: VirtualPage
  public var guestFrame: GuestFrame
  public var machineFrame: MachineFrame
  /// The code in the guest's entry (00 with its paging off).
  public var guestRing: Ring
  /// The code in the shadow entry.
  public var shadowRing: Ring
  public var isWritable: Bool
  /// Why W isn't set though the guest's entry may have it.
  public var withheld: WriteWithheld?
}

/// Why a shadow entry has no W.
public enum WriteWithheld: Hashable, Sendable {
  /// The guest's entry has none.
  case guestForbids
  /// The guest's entry isn't dirty: the first store is to be seen, to set D.
  case notDirty
  /// The frame holds a page table of the guest: stores to it are traced.
  case traced
}

/// An event and the cycles that the VMM was charged for it.
public struct ChargedEvent: Hashable, Sendable {
  public var event: MonitorEvent
  public var cycles: UInt64
}

/// Which guest tables a set of shadow tables stands for.
public enum ShadowKey: Hashable, Sendable {
  /// The guest's paging is off: guest-virtual is guest-physical.
  case pagingOff
  /// The guest's page directory.
  case directory(GuestPhysicalAddress)
}

/// Which of a guest's rings a shadow table serves.
public enum ShadowView: Int, CaseIterable, Hashable, Sendable {
  /// Virtual ring 0: 00→01, 01→10, 10→10, 11→11.
  case kernel = 0
  /// Virtual rings 1 to 3: 00→not present, the others unchanged.
  case outer = 1
  /// One compressed table for all rings: 00→01, the others unchanged. It leaks.
  case compressed = 2

  /// The code in the shadow for a guest page's code; nil: not present.
  public func code(for guest: Ring) -> Ring? {
    switch (self, guest) {
    case (.kernel, .ring0): .ring1
    case (.kernel, .ring1): .ring2
    case (.outer, .ring0): nil
    case (.compressed, .ring0): .ring1
    case (_, let ring): ring
    }
  }
}
