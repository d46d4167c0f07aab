import Onion
import OnionISA

// The page tables of the program's own machine: the guest's under the VMM.
extension World {
  var programUsesPaging: Bool { monitor?.guest.cpu.isPagingOn ?? machine.isPagingOn }

  /// Where the program's page directory is, a physical address of the program's machine.
  var programDirectory: UInt32 {
    (monitor?.guest.cpu.ptbr ?? machine.value(of: .ptbr)) & PageTableEntry.frameMask
  }

  /// The entry at a physical address of the program's machine; one of zeros where there is no memory.
  func programEntry(at address: UInt32) -> PageTableEntry {
    let place = machineAddress(ofPhysical: address)
    return PageTableEntry(rawValue: place.flatMap { machine.memory.word(at: $0) } ?? 0)
  }
}

/// Which pages the program's tables map, as they are now.
public struct PageMap: Hashable, Sendable {
  /// Pages that follow one another, lead to frames that do, and have the same rights.
  public struct Run: Hashable, Sendable {
    public var pages: ClosedRange<UInt32>
    /// The frame of the first page.
    public var frame: UInt32
    public var ring: Ring
    public var isWritable: Bool
    /// The frames are outside memory: a use is a page fault.
    public var isOutside: Bool
  }

  /// In the order of the pages; nil while paging is off.
  public private(set) var runs: [Run]?

  public init(_ world: World) {
    guard world.programUsesPaging else { return }
    runs = []
    let frames = (world.monitor?.guest.memorySize ?? world.machine.memory.size) >> 12
    for slot in 0..<1024 as Range<UInt32> {
      let upper = world.programEntry(at: world.programDirectory + slot * 4)
      guard upper.isPresent, upper.frameNumber < frames else { continue }
      for index in 0..<1024 as Range<UInt32> {
        let leaf = world.programEntry(at: upper.frameNumber << 12 + index * 4)
        guard leaf.isPresent else { continue }
        add(slot << 10 | index, leaf, isOutside: leaf.frameNumber >= frames)
      }
    }
  }

  private mutating func add(_ page: UInt32, _ entry: PageTableEntry, isOutside: Bool) {
    let run = Run(
      pages: page...page, frame: entry.frameNumber, ring: entry.ring,
      isWritable: entry.isWritable, isOutside: isOutside)
    if let last = runs?.last, last.pages.upperBound + 1 == page,
      last.frame + UInt32(last.pages.count) == run.frame, last.ring == run.ring,
      last.isWritable == run.isWritable, last.isOutside == run.isOutside
    {
      runs?.removeLast()
      var longer = last
      longer.pages = last.pages.lowerBound...page
      runs?.append(longer)
    } else {
      runs?.append(run)
    }
  }
}
