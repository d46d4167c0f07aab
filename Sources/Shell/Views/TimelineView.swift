import Laboratory
import Onion
import OnionISA
import SourceText

// Who had the CPU, as a picture: time goes from left to right, a line for each.
extension ViewContext {
  /// The part of the width that is left for the picture.
  public var timelineParts: Int { max(8, min(width, 80) - timelineLabelWidth - 7) }

  private var timelineLabelWidth: Int { width >= 60 ? 24 : 11 }
  /// More lines than these are one.
  private static let laneLimit = 10

  public func timeline(_ timeline: Timeline, of division: Timeline.Division = .rings) -> StyledText
  {
    var text = headline(
      division == .rings ? "timeline" : "timeline of \(division)",
      "cycles \(grouped(timeline.start)) \(glyphs.arrow) \(grouped(timeline.end))")
    let (lanes, others) = chosen(timeline)
    for lane in lanes {
      let (label, style) = name(of: lane)
      text.appendLine(line(label, style, timeline.lanes[lane] ?? [], timeline))
    }
    if !others.isEmpty {
      let rows = others.compactMap { timeline.lanes[$0] }
      let sum = (0..<(rows.first?.count ?? 0)).map { part in rows.reduce(0) { $0 + $1[part] } }
      text.appendLine(line("\(others.count) others", .dim, sum, timeline))
    }
    for note in notes(timeline, division) { text.appendLine(paragraph(StyledText(note, .dim))) }
    return text
  }

  /// The lines in their order, and those that don't get one.
  private func chosen(_ timeline: Timeline) -> (lanes: [Timeline.Lane], others: [Timeline.Lane]) {
    let fixed = ([.monitor] + Ring.allCases.map { .ring($0) }).filter {
      timeline.lanes[$0] != nil
    }
    let busiest = timeline.lanes.keys.filter { !fixed.contains($0) && $0 != .idle }.sorted {
      (timeline.share(of: $0), name(of: $1).0) > (timeline.share(of: $1), name(of: $0).0)
    }
    let shown = busiest.prefix(Self.laneLimit).sorted { name(of: $0).0 < name(of: $1).0 }
    let idle: [Timeline.Lane] = timeline.lanes[.idle] == nil ? [] : [.idle]
    return (fixed + shown + idle, Array(busiest.dropFirst(Self.laneLimit)))
  }

  private func line(
    _ label: String, _ style: Style, _ row: [Double], _ timeline: Timeline
  ) -> StyledText {
    let cycles = Double(timeline.end - timeline.start)
    let share = percent(cycles > 0 ? row.reduce(0, +) / cycles : 0)
    if isLinear { return StyledText(" \(label): \(share)", style) }
    let picture = row.map { mark(timeline.part > 0 ? $0 / timeline.part : 0) }.joined()
    return StyledText(" \(label)", style).truncated(to: timelineLabelWidth).padded(
      to: timelineLabelWidth + 1)
      + StyledText(picture, style)
      + StyledText(" " + String(repeating: " ", count: max(0, 5 - share.count)) + share)
  }

  private func notes(_ timeline: Timeline, _ division: Timeline.Division) -> [String] {
    var notes: [String] = []
    if !isLinear {
      notes.append(
        "Each column is \(columnText(timeline.part)); its height is the share "
          + "that each had of them.")
    }
    if division == .processes, monitor != nil {
      notes.append(
        "The VMM can't see names of processes: it tells them apart by their page directories.")
    }
    let cycles = timeline.end - timeline.start
    let waited = timeline.stolen.filter { $0.cycles > 0 }.map {
      "\($0.guest) \(percent(Double($0.cycles) / Double(max(1, cycles))))"
    }
    if division != .rings, !waited.isEmpty {
      notes.append(
        "Steal time, waited for the CPU with something to run: \(waited.joined(separator: ", ")).")
    }
    return notes
  }

  private func name(of lane: Timeline.Lane) -> (String, Style) {
    let isWide = width >= 60
    switch lane {
    case .monitor: return ("0 VMM", .ring0)
    case .idle: return (isWide ? "nobody: halted" : "halted", .dim)
    case .ring(let ring):
      let isShared = (monitor?.guests.count ?? 0) > 1
      let name =
        !isShared
        ? ringNames[Int(ring.rawValue)] : ring == .ring1 ? "guests' kernels" : "guests' programs"
      // A narrow line has no room for whose kernel it is.
      let shown =
        isWide || isLinear ? name : name.split(separator: " ").last.map(String.init) ?? name
      return ("\(ring) \(shown)", ringStyle(ring))
    case .guest(let guest): return (guest, .strong)
    case .kernel(let guest): return (isWide ? "\(guest)'s kernel" : "\(guest) 0", .ring1)
    case .process(let guest, let directory):
      let place = directory.map { hexadecimal($0 >> 12, digits: isWide ? 5 : 2) } ?? "unpaged"
      return (isWide ? "\(guest), process \(place)" : "\(guest.prefix(5)) \(place)", .ring3)
    }
  }

  /// A share from 0 to 1 as a sign.
  private func mark(_ share: Double) -> String {
    let levels = glyphs.levels
    guard share > 0.001 else { return " " }
    return levels[min(levels.count - 1, Int(share * Double(levels.count)))]
  }

  private func columnText(_ cycles: Double) -> String {
    cycles < 1 ? "less than a cycle" : plural(UInt64(cycles.rounded()), "cycle")
  }

  private func percent(_ share: Double) -> String {
    // With a digit behind the point all of it would need a column more than the others.
    if share > 0.9995 { return "100%" }
    return share > 0 && share < 0.001 ? "<0.1%" : "\((share * 1000).rounded() / 10)%"
  }
}
