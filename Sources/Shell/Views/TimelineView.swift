import Laboratory
import Onion
import OnionISA
import SourceText

// Who had the CPU, as a picture: time goes from left to right, a line for each ring.
extension ViewContext {
  /// The part of the width that is left for the picture.
  public var timelineParts: Int { max(8, min(width, 80) - timelineLabelWidth - 7) }

  private var timelineLabelWidth: Int { width >= 60 ? 24 : 9 }

  public func timeline(_ timeline: Timeline) -> StyledText {
    var text = headline(
      "timeline", "cycles \(grouped(timeline.start)) \(glyphs.arrow) \(grouped(timeline.end))")
    let order: [Timeline.Lane] = [.monitor] + Ring.allCases.map { .ring($0) } + [.idle]
    for lane in order {
      guard let row = timeline.lanes[lane] else { continue }
      let (label, style) = name(of: lane)
      if isLinear {
        text.appendLine(StyledText(" \(label): \(percent(timeline.share(of: lane)))", style))
        continue
      }
      let picture = row.map { mark(timeline.part > 0 ? $0 / timeline.part : 0) }.joined()
      let share = percent(timeline.share(of: lane))
      text.appendLine(
        StyledText(" \(label)", style).truncated(to: timelineLabelWidth).padded(
          to: timelineLabelWidth + 1)
          + StyledText(picture, style)
          + StyledText(" " + String(repeating: " ", count: max(0, 5 - share.count)) + share))
    }
    if isLinear { return text }
    text.appendLine(
      paragraph(
        StyledText(
          "Each column is \(grouped(UInt64(timeline.part.rounded()))) cycles; its height is the "
            + "share that each had of them.", .dim)))
    return text
  }

  private func name(of lane: Timeline.Lane) -> (String, Style) {
    switch lane {
    case .monitor: return ("0 VMM", .ring0)
    case .idle: return (width >= 60 ? "nobody: halted" : "halted", .dim)
    case .ring(let ring):
      let name = ringNames[Int(ring.rawValue)]
      return ("\(ring) \(name)", ringStyle(ring))
    }
  }

  /// A share from 0 to 1 as a sign.
  private func mark(_ share: Double) -> String {
    let levels = glyphs.levels
    guard share > 0.001 else { return " " }
    return levels[min(levels.count - 1, Int(share * Double(levels.count)))]
  }

  private func percent(_ share: Double) -> String {
    share > 0 && share < 0.001 ? "<0.1%" : "\((share * 1000).rounded() / 10)%"
  }
}
