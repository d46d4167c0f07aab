import Laboratory
import Onion
import OnionISA
import SourceText

// What changed between two moments.
extension ViewContext {
  /// Ranges of memory, and pages of the TLBs, that are shown one by one.
  private static let differenceLimit = 12

  public func difference(_ difference: Difference) -> StyledText {
    let (from, to) = difference.steps
    guard !difference.isEmpty else {
      return paragraph(
        StyledText("Nothing changed from step \(grouped(from)) to step \(grouped(to)).")
      )
    }
    var text = headline("changed", "step \(grouped(from)) \(glyphs.arrow) \(grouped(to))")
    let own = difference.values.filter { !$0.isVirtual && !$0.field.isDevice }
    text.appendLine(valueTable(own))
    let believed = difference.values.filter(\.isVirtual)
    if !believed.isEmpty {
      text.appendLine(StyledText(" \(guestName) believes", .strong))
      text.appendLine(valueTable(believed))
    }
    let devices = difference.values.filter(\.field.isDevice)
    if !devices.isEmpty || !difference.printed.isEmpty {
      text.appendLine(StyledText(" devices", .strong))
      text.appendLine(valueTable(devices))
      text.appendLine(printed(difference))
    }
    text.appendLine(bufferedPages(difference.buffered))
    text.appendLine(memory(difference.memory))
    return StyledText(lines: text.lines.filter { !$0.isEmpty })
  }

  // MARK: Numbers

  private func valueTable(_ values: [Difference.Value]) -> StyledText {
    guard !values.isEmpty else { return StyledText() }
    var table = plainTable(2)
    for value in values {
      var change = transition(text(value.old, value.field), text(value.new, value.field))
      if width >= 60, let distance = distance(value) { change.append(" (\(distance))", .dim) }
      table.add([StyledText(name(value.field), .dim), change])
    }
    return lay(table)
  }

  private func plainTable(_ count: Int) -> TextTable {
    var table = TextTable([String](repeating: "", count: count))
    table.showsHeader = false
    return table
  }

  private func transition(_ old: StyledText, _ new: StyledText) -> StyledText {
    old + StyledText(" \(glyphs.arrow) ") + new
  }

  private func name(_ field: Difference.Field) -> String {
    switch field {
    case .pc: "pc"
    case .ring: "ring"
    case .interruptFlag: "IF"
    case .stepFlag: "TF"
    case .ioLevel: "IOPL"
    case .register(let register): register.name
    case .control(let control): control.name
    case .cycles: "cycles"
    case .instructions: "instructions"
    case .waiting: "hlt"
    case .timerInterval: "timer"
    case .timerTicks: "ticks"
    case .timerPending: "interrupt 16"
    case .consoleControl: "port 0x11"
    case .typed: "typed"
    case .consumed: "typed and read"
    case .power: "power"
    }
  }

  private func text(_ value: UInt64, _ field: Difference.Field) -> StyledText {
    let word = UInt32(truncatingIfNeeded: value)
    switch field {
    case .pc: return named(VirtualAddress(word))
    case .ring: return StyledText("\(value)", ringStyle(Ring(bits: word)))
    case .register, .control, .consoleControl: return hex(word)
    case .interruptFlag, .stepFlag, .ioLevel: return StyledText("\(value)")
    case .cycles, .instructions, .timerTicks, .typed, .consumed: return StyledText(grouped(value))
    case .waiting: return StyledText(value == 0 ? "no" : "waits")
    case .timerInterval: return StyledText(value == 0 ? "off" : "every \(grouped(value)) cycles")
    case .timerPending: return StyledText(value == 0 ? "no" : "pending")
    case .power: return StyledText(onOff(value != 0))
    }
  }

  /// How far a count went.
  private func distance(_ value: Difference.Value) -> String? {
    switch value.field {
    case .cycles, .instructions, .timerTicks: break
    default: return nil
    }
    return value.new > value.old
      ? "+" + grouped(value.new - value.old) : "-" + grouped(value.old - value.new)
  }

  // MARK: Devices

  private func printed(_ difference: Difference) -> StyledText {
    guard !difference.printed.isEmpty else { return StyledText() }
    let (from, to) = difference.steps
    let count = plural(UInt64(difference.printed.count), "byte")
    let head = " console: \(count) \(from < to ? "more" : "fewer")"
    return StyledText(head).wrapped(to: width, hanging: "   ") + "\n"
      + ConsoleText.excerpt(difference.printed, width: width)
  }

  // MARK: TLBs

  private func bufferedPages(_ pages: [Difference.BufferedPage]) -> StyledText {
    guard !pages.isEmpty else { return StyledText() }
    var text = StyledText(" TLBs", .strong)
    var table = plainTable(3)
    for page in pages.prefix(Self.differenceLimit) {
      let numbers = [page.old?.page, page.new?.page].compactMap(\.self)
      guard let number = numbers.last else { continue }
      table.add([
        StyledText(page.access == .fetch ? "fetch" : "data", .dim),
        StyledText("\(number)", .address),
        transition(entry(page.old, of: number), entry(page.new, of: number)),
      ])
    }
    text.appendLine(lay(table))
    text.appendLine(more(UInt64(max(0, pages.count - Self.differenceLimit)), "entry", "entries"))
    return text
  }

  /// The frame, code and bits of an entry; its page too if that isn't the one in question.
  private func entry(_ entry: TLBEntry?, of page: VirtualPage) -> StyledText {
    guard let entry else { return "none" }
    let other = entry.page == page ? "" : "page \(entry.page) at "
    let bits = (entry.isWritable ? " W" : "") + (entry.isDirty ? " D" : "")
    return StyledText("\(other)\(entry.frame) \(entry.ring.code)\(bits)")
  }

  // MARK: Memory

  private func memory(_ ranges: [Difference.MemoryRange]) -> StyledText {
    guard !ranges.isEmpty else { return StyledText() }
    var text = StyledText(" memory", .strong)
    let names = MemoryNames(self)
    // A narrow terminal has the names behind.
    let isWide = width >= 60
    var table = plainTable(isWide ? 3 : 2)
    for range in ranges.prefix(Self.differenceLimit) {
      guard let first = range.words.first else { continue }
      var change = transition(hex(first.old), hex(first.new))
      let name =
        switch range.owner {
        case .program: names.name(of: first.address) ?? ""
        case .guest(let guest): "\(guest)'s"
        case .monitor: "the VMM's"
        }
      if !isWide, !name.isEmpty { change.append(" \(name)") }
      if range.words.count > 1 { change.append(" and \(range.words.count - 1) more", .dim) }
      let address = StyledText("\(first.address)", .address)
      table.add(isWide ? [address, StyledText(name), change] : [address, change])
    }
    text.appendLine(lay(table))
    let rest = ranges.dropFirst(Self.differenceLimit).flatMap(\.words)
    if !rest.isEmpty {
      let frames = UInt64(Set(rest.map(\.address.frame)).count)
      text.appendLine(
        paragraph(
          StyledText(
            "and \(plural(UInt64(rest.count), "more word")) in \(plural(frames, "frame"))", .dim)))
    }
    return text
  }

  private func more(_ count: UInt64, _ one: String, _ many: String) -> StyledText {
    guard count > 0 else { return StyledText() }
    return paragraph(StyledText("and \(plural(count, "more " + one, "more " + many))", .dim))
  }
}

extension Difference.Field {
  /// It is a device's.
  fileprivate var isDevice: Bool {
    switch self {
    case .timerInterval, .timerTicks, .timerPending, .consoleControl, .typed, .consumed, .power:
      true
    default: false
    }
  }
}

/// The program's names for machine addresses, as its page tables are now.
private struct MemoryNames {
  private let view: ViewContext
  private var pages: [MachineFrame: VirtualAddress] = [:]

  init(_ view: ViewContext) {
    self.view = view
    let labels = view.image?.symbols.filter { $0.kind == .label } ?? []
    for start in Set(labels.map { $0.value & ~0xFFF }).sorted(by: >) {
      let page = VirtualAddress(start)
      guard let place = view.world.machineAddress(of: page) else { continue }
      pages[place.frame] = page
    }
  }

  func name(of address: MachineAddress) -> String? {
    pages[address.frame].flatMap {
      view.image?.symbolicName(of: $0.rawValue + (address.rawValue & 0xFFF))
    }
  }
}
