import Laboratory
import Onion
import OnionISA
import SourceText

// Who owns which frame of the real machine's memory.
extension ViewContext {
  public func frames() -> StyledText {
    let size = ByteCount(machine.memory.size).text
    var text = headline("frames", "4 KiB each, \(size)")
    var table = TextTable([
      "frames", guestName.isEmpty ? "" : isNarrow ? "guest" : "\(guestName)'s", "used for",
    ])
    for run in FrameMap(world).runs {
      table.add([
        StyledText(range(run.frames), .address),
        StyledText(
          run.guestFrame.map { first in
            // A narrow terminal has room for the first alone; as many follow as beside it.
            range(first...first + (isNarrow ? 0 : UInt32(run.frames.count - 1)))
          } ?? ""),
        use(run.use),
      ])
    }
    text.appendLine(lay(table))
    for note in pagingNotes { text.appendLine(paragraph(StyledText(note))) }
    return text
  }

  /// Whose tables the codes are of, since the guest's are not those that the CPU walks.
  private var pagingNotes: [String] {
    if monitor == nil {
      return machine.isPagingOn
        ? [] : ["Paging is off: addresses are physical, and every page counts as code 00."]
    }
    guard isProgramPaged else {
      return [
        "\(guestName)'s paging is off: it believes that addresses are physical. The real one is on; "
          + "'shadow' shows the pages and codes that the CPU sees."
      ]
    }
    return ["The codes are those of \(guestName)'s own tables; 'shadow' shows what the CPU sees."]
  }

  private var isProgramPaged: Bool { monitor?.guest.cpu.isPagingOn ?? machine.isPagingOn }

  private var isNarrow: Bool { width < 60 }

  private func use(_ use: FrameMap.Use) -> StyledText {
    let owner = guestName.isEmpty || isNarrow ? "" : "\(guestName)'s "
    switch use {
    case .monitor(let what): return StyledText("VMM: \(what)", .ring0)
    case .guest(let name): return StyledText("\(name)'s memory", .strong)
    case .free: return StyledText("nobody's", .dim)
    case .directory: return StyledText("\(owner)page directory", .strong)
    case .table: return StyledText("\(owner)page table", .strong)
    case .mapped(let ring, let isWritable):
      if isNarrow {
        return StyledText("code \(ring.code) \(isWritable ? "W" : "-")", ringStyle(ring))
      }
      return StyledText("mapped, code \(ring.code)", ringStyle(ring))
        + StyledText(isWritable ? ", writable" : ", read only")
    case .unmapped: return isProgramPaged ? "in use, not mapped" : "in use"
    case .empty: return StyledText("empty", .dim)
    }
  }
}
