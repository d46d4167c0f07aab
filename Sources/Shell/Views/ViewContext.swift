import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

/// What every view needs besides the value it shows. Views change nothing.
public struct ViewContext {
  public let session: Session
  /// Columns; no line of a view is wider.
  public var width: Int
  public var glyphs: Glyphs
  public var look: Look
  /// The machine at the last stop, against which changes are marked.
  public var previous: MachineContext?
  /// The guest that is spoken of, by its place; nil: the one that has the CPU.
  var subject: Int?

  public init(
    session: Session, width: Int, glyphs: Glyphs? = nil, look: Look = Look(),
    previous: MachineContext? = nil
  ) {
    self.session = session
    self.look = look
    let limit = look.effectiveLayout == .big ? Look.bigWidth : width
    self.width = max(20, min(width, limit))
    self.glyphs = glyphs ?? (look.effectiveLayout == .linear ? .ascii : .unicode)
    self.previous = previous
  }
}

/// The few signs that plain ASCII has no equal for.
public struct Glyphs: Hashable, Sendable {
  public var rule: String
  public var arrow: String
  public var inward: String
  public var line: String
  public var dot: String
  public var none: String
  public var ellipsis: String
  /// From little to all.
  public var levels: [String]

  public static let unicode = Glyphs(
    rule: "━", arrow: "→", inward: "◀──", line: "───", dot: "·", none: "·", ellipsis: "…",
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"])
  public static let ascii = Glyphs(
    rule: "=", arrow: "->", inward: "<--", line: "---", dot: "-", none: ".", ellipsis: "...",
    levels: [".", ":", "-", "=", "+", "*", "%", "#"])
}

// MARK: - Small pieces that all views share

extension ViewContext {
  var world: World { session.world }
  var machine: Machine { session.world.machine }
  var monitor: VirtualMachineMonitor? { session.world.monitor }
  var image: Image? { subject.map { session.image(ofGuest: $0) } ?? session.image }
  var guestName: String {
    guard let monitor else { return "" }
    let guests = subject == nil ? [] : monitor.guests
    return subject.flatMap { guests.indices.contains($0) ? guests[$0].name : nil }
      ?? monitor.guest.name
  }

  /// A guest's name, by its place.
  func name(ofGuest index: Int) -> String {
    let guests = monitor?.guests ?? []
    return guests.indices.contains(index) ? guests[index].name : guestName
  }

  /// The same context for what a step did: the guest that made it may not have the CPU any more.
  func about(_ record: StepRecord) -> ViewContext {
    record.guest == nil ? self : about(guest: record.guestIndex)
  }

  /// The same context for what one guest did, unless a guest was named before.
  func about(guest index: Int) -> ViewContext {
    guard monitor != nil, subject == nil else { return self }
    var context = self
    context.subject = index
    return context
  }

  func hex(_ value: UInt32) -> StyledText { StyledText(hexadecimal(value)) }

  func address(_ address: VirtualAddress) -> StyledText {
    StyledText(address.description, .address)
  }

  /// `80001040 on_timer+4`, or the address alone.
  func named(_ address: VirtualAddress) -> StyledText {
    let name = image?.symbolicName(of: address.rawValue).map { " \($0)" } ?? ""
    return self.address(address) + StyledText(name)
  }

  func instruction(_ decoded: DecodedInstruction, at pc: VirtualAddress) -> StyledText {
    let word = Disassembler.disassemble(decoded.word, at: pc)
    var text = StyledText(word.text, .code)
    if let target = word.target, let name = image?.symbolicName(of: target.rawValue) {
      text.append("  <\(name)>", .dim)
    }
    return text
  }

  func ringStyle(_ ring: Ring) -> Style {
    switch ring {
    case .ring0: .ring0
    case .ring1: .ring1
    case .ring2: .ring2
    case .ring3: .ring3
    }
  }

  func ringText(_ ring: Ring) -> StyledText { StyledText("ring \(ring)", ringStyle(ring)) }

  func onOff(_ on: Bool) -> String { on ? "on" : "off" }

  /// Thousands set apart: `4 211`.
  func grouped(_ value: UInt64) -> String {
    var digits = Array(String(value))
    var at = digits.count - 3
    while at > 0 {
      digits.insert(" ", at: at)
      at -= 3
    }
    return String(digits)
  }

  func plural(_ count: UInt64, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
  }

  var isLinear: Bool { look.effectiveLayout == .linear }

  /// A table as the layout wants it.
  func lay(_ table: TextTable) -> StyledText {
    table.rendered(width: width, layout: look.effectiveLayout)
  }

  /// An instruction and its line of the source: in columns, or one after the other.
  func line(_ instruction: StyledText, at name: String) -> StyledText {
    isLinear
      ? instruction + ", at " + StyledText(name, .dim)
      : instruction.padded(to: 35) + "  " + StyledText(name, .dim)
  }

  /// A line that is cut where the terminal ends, or goes on below where nothing may be lost.
  func oneLine(_ text: StyledText) -> StyledText {
    isLinear ? text.wrapped(to: width, hanging: "  ") : text.truncated(to: width)
  }

  /// `━━ left ━━━━━━━━ right ━━`, as wide as the terminal up to 80.
  func headline(_ left: String, _ right: String = "") -> StyledText {
    if isLinear {
      return StyledText(right.isEmpty ? left : "\(left): \(right)", .heading).wrapped(to: width)
    }
    let full = min(width, 80)
    let mark = glyphs.rule
    let end = right.isEmpty ? "" : " \(right) \(mark)\(mark)"
    let start = "\(mark)\(mark) \(left) "
    let room = full - columns(of: start) - columns(of: end)
    guard room >= 1 else {
      return StyledText("\(mark)\(mark) \(left)", .heading).truncated(to: width)
    }
    return StyledText(start + String(repeating: mark, count: room) + end, .heading)
  }

  /// Labelled paragraphs: the label stands in the first ten columns.
  func fields(_ rows: [(label: String, text: StyledText)]) -> StyledText {
    let isNarrow = width < 60 || isLinear
    let indent = isNarrow ? 4 : 11
    var lines: [StyledText] = []
    for (label, text) in rows {
      if look.effectiveLayout == .big, !lines.isEmpty { lines.append(StyledText()) }
      let hanging = StyledText(String(repeating: " ", count: indent))
      let name = StyledText(" \(label)\(isLinear ? ":" : "")", .strong)
      if isNarrow {
        if text.lines.count > 1 {
          lines.append(name)
          lines += text.wrapped(to: width, first: hanging, hanging: hanging).lines
        } else {
          lines +=
            text.wrapped(to: width, first: name + (isLinear ? " " : "  "), hanging: hanging).lines
        }
      } else {
        for (index, line) in text.lines.enumerated() {
          let first = index == 0 ? name.padded(to: indent) : hanging
          lines += line.wrapped(to: width, first: first, hanging: hanging).lines
        }
      }
    }
    return StyledText(lines: lines)
  }

  /// A paragraph that fits the width.
  func paragraph(_ text: StyledText, indent: Int = 1) -> StyledText {
    let space = StyledText(String(repeating: " ", count: indent))
    return text.wrapped(to: width, first: space, hanging: space)
  }

  func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }
}
