import Laboratory
import Onion
import OnionISA
import SourceText

// The last steps and the pages that the program's tables map.
extension ViewContext {
  /// A line for each step: its number, ring, place, instruction, and what it changed.
  public func trace(_ records: [StepRecord]) -> StyledText {
    guard !records.isEmpty else { return paragraph("No step was made before.") }
    var table = TextTable([("step", .right), ("ring", .left), ("pc", .left), ("", .left)])
    let isNarrow = width < 60 && !isLinear
    if isNarrow { table.columns.remove(at: 2) }
    for record in records {
      // Code is named by the symbols of the guest whose it was.
      let view = about(record)
      var line = view.what(record)
      let changes = view.changes(record)
      if !changes.isEmpty { line += StyledText("  ") + changes }
      for transfer in transfers(record) { line += StyledText("; ") + transfer }
      var row = [
        StyledText(grouped(record.number)),
        StyledText("\(record.before.status.cpl)", ringStyle(record.before.status.cpl)),
      ]
      if isNarrow {
        line = address(record.before.pc) + " " + line
      } else {
        row.append(view.named(record.before.pc))
      }
      table.add(row + [line])
    }
    return lay(table)
  }

  private func what(_ record: StepRecord) -> StyledText {
    if record.delivery?.request.trap.vector.kind == .interrupt { return "interrupt" }
    guard let fetched = record.instruction else { return "could not be fetched" }
    return instruction(fetched.decoded, at: record.before.pc)
  }

  private func changes(_ record: StepRecord) -> StyledText {
    if record.isTrap {
      guard let vector = record.delivery?.request.trap.vector else {
        return StyledText("triple fault", .bad)
      }
      return StyledText("trap \(vector) \(vector.name)", .strong)
        + ": \(outcome(record.outcome))"
    }
    var text = StyledText()
    for register in Register.all {
      let new = record.after.registers[Int(register.number)]
      guard record.before.registers[Int(register.number)] != new else { continue }
      if !text.isEmpty { text.append(", ") }
      text += StyledText("\(register) = ") + StyledText(hexadecimal(new), .changed)
    }
    for case .stored(_, let size, _, let new) in record.machine {
      if !text.isEmpty { text.append(", ") }
      text += StyledText("stores ") + StyledText(hexadecimal(new, digits: Int(size) * 2), .changed)
    }
    return text
  }

  /// What devices moved meanwhile, into memory or out of it.
  private func transfers(_ record: StepRecord) -> [StyledText] {
    let real = record.machine.compactMap { event in
      if case .device(let event) = event { event } else { nil }
    }
    let virtual = record.monitor.compactMap { charged in
      if case .device(let event) = charged.event { event } else { nil }
    }
    return (real + virtual).map { StyledText(DeviceWords(owner: "").transfer($0), .changed) }
  }

  /// Which pages are mapped, where to and with which rights.
  public func pages() -> StyledText {
    guard let runs = PageMap(world).runs else {
      return paragraph("Paging is off: addresses are physical, and every page counts as code 00.")
    }
    let whose = guestName.isEmpty ? "pages" : "\(guestName)'s pages"
    let count = runs.reduce(0) { $0 + $1.pages.count }
    var text = headline(whose, "\(plural(UInt64(count), "page")) mapped")
    var table = TextTable(["pages", "", "frames", "code", "W", ""])
    for run in runs {
      let last = run.frame + UInt32(run.pages.count - 1)
      table.add([
        StyledText(range(run.pages), .address), StyledText(glyphs.arrow),
        StyledText(range(run.frame...last)), StyledText(run.ring.code, ringStyle(run.ring)),
        StyledText(run.isWritable ? "W" : "-"),
        StyledText(run.isOutside ? "outside memory" : "", .bad),
      ])
    }
    if !runs.isEmpty { text.appendLine(lay(table)) }
    return text
  }

  /// Numbers of frames or pages: `00010-0001f`.
  func range(_ numbers: ClosedRange<UInt32>) -> String {
    let first = hexadecimal(numbers.lowerBound, digits: 5)
    return numbers.count == 1 ? first : "\(first)-\(hexadecimal(numbers.upperBound, digits: 5))"
  }
}
