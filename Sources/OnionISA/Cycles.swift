/// What things cost, in cycles of this model (the CPU manual, section 8). The learner may change it.
public struct CycleTable: Hashable, Sendable {
  /// An instruction that has no entry of its own.
  public var plain: UInt64 = 1
  /// `mul` and `mulhu`.
  public var multiply: UInt64 = 3
  /// The four divisions.
  public var divide: UInt64 = 20
  /// Each page-table word that a TLB miss reads.
  public var tableWord: UInt64 = 2
  /// Each delivery of a trap or interrupt.
  public var trapEntry: UInt64 = 40
  /// `iret`.
  public var trapReturn: UInt64 = 20
  /// `in` and `out`.
  public var port: UInt64 = 10
  /// From a command to the disk until it completes.
  public var disk: UInt64 = 2000
  /// From a command to send until the frame is out.
  public var network: UInt64 = 500

  // What the VMM's work is charged.

  /// Saving the guest's registers and finding out why the VMM was entered.
  public var vmmDispatch: UInt64 = 80
  /// Reading the guest's instruction through its page tables.
  public var vmmReadInstruction: UInt64 = 30
  /// Carrying out one instruction on the virtual CPU.
  public var vmmEmulate: UInt64 = 44
  /// Delivering a trap or interrupt into the guest's kernel.
  public var vmmReflect: UInt64 = 120
  /// Walking the guest's tables and filling one shadow entry.
  public var vmmFillShadow: UInt64 = 90
  /// Carrying out one store to a guest page table and dropping what was derived from it.
  public var vmmTracedWrite: UInt64 = 110
  /// Changing to another shadow table.
  public var vmmSwitchTables: UInt64 = 60
  /// Moving the VMM's own pages to another 4 MiB.
  public var vmmRelocate: UInt64 = 400

  public init() {}

  /// The cost of a completed instruction.
  public func cost(of instruction: Instruction) -> UInt64 {
    switch instruction.costClass {
    case .plain: plain
    case .multiply: multiply
    case .divide: divide
    case .port: port
    case .trapReturn: trapReturn
    }
  }

  /// A row of the table, for views, `set` and the manual.
  public struct Entry: Sendable {
    public let name: String
    public let keyPath: WritableKeyPath<CycleTable, UInt64> & Sendable
    public let meaning: String
  }

  /// Every entry with its name and meaning, in the order in which it is shown.
  public static let entries: [Entry] = [
    Entry(name: "plain", keyPath: \.plain, meaning: "an instruction with no entry of its own"),
    Entry(name: "multiply", keyPath: \.multiply, meaning: "mul, mulhu"),
    Entry(name: "divide", keyPath: \.divide, meaning: "div, rem, divu, remu"),
    Entry(
      name: "table-word", keyPath: \.tableWord, meaning: "each table word that a TLB miss reads"),
    Entry(name: "trap-entry", keyPath: \.trapEntry, meaning: "delivery of a trap or interrupt"),
    Entry(name: "iret", keyPath: \.trapReturn, meaning: "iret"),
    Entry(name: "port", keyPath: \.port, meaning: "in, out"),
    Entry(name: "disk", keyPath: \.disk, meaning: "a disk command until it completes"),
    Entry(name: "network", keyPath: \.network, meaning: "sending a frame until it is out"),
    Entry(
      name: "vmm-dispatch", keyPath: \.vmmDispatch,
      meaning: "VMM: saves the guest and finds out why it was entered"),
    Entry(
      name: "vmm-read", keyPath: \.vmmReadInstruction, meaning: "VMM: reads the guest's instruction"
    ),
    Entry(
      name: "vmm-emulate", keyPath: \.vmmEmulate, meaning: "VMM: carries out one instruction"),
    Entry(
      name: "vmm-reflect", keyPath: \.vmmReflect,
      meaning: "VMM: delivers a trap into the guest's kernel"),
    Entry(
      name: "vmm-fill", keyPath: \.vmmFillShadow,
      meaning: "VMM: walks the guest's tables, fills a shadow entry"),
    Entry(
      name: "vmm-traced-write", keyPath: \.vmmTracedWrite,
      meaning: "VMM: carries out a store to a guest page table"),
    Entry(
      name: "vmm-switch", keyPath: \.vmmSwitchTables, meaning: "VMM: changes the shadow table"),
    Entry(name: "vmm-relocate", keyPath: \.vmmRelocate, meaning: "VMM: moves its own pages"),
  ]
}

/// Which entry of the cycle table an instruction is charged.
public enum CostClass: Hashable, Sendable { case plain, multiply, divide, port, trapReturn }
