import Laboratory
import Onion
import OnionISA
import SourceText

// The disks and what stands in their sectors.
extension ViewContext {
  public func disks() -> StyledText {
    let slice = world.diskSlice
    var table = TextTable([("disk", .right), ("sectors", .right), ("in use", .right), ("", .left)])
    for (number, disk) in world.programDisks.enumerated() {
      let used = disk?.usedSectors.filter { $0 >= slice.first && $0 - slice.first < slice.count }
      table.add([
        StyledText("\(number)"), StyledText(disk == nil ? "" : "\(slice.count)"),
        StyledText(used.map { "\($0.count)" } ?? ""),
        disk == nil ? StyledText("pulled", .bad) : StyledText(ranges(used ?? [], slice), .dim),
      ])
    }
    let controller = world.devices.disk
    let state: String =
      switch controller.state {
      case .ready: "the controller is ready"
      case .busy: "the controller is busy until cycle \(grouped(controller.due))"
      case .failed: "the controller's last command failed"
      }
    return lay(table) + "\n" + paragraph(StyledText("\(state)."))
  }

  /// `0-7, 16`, a few of them.
  private func ranges(_ sectors: [UInt32], _ slice: DiskSlice) -> String {
    var runs: [ClosedRange<UInt32>] = []
    for sector in sectors.map({ $0 - slice.first }) {
      if let last = runs.last, last.upperBound + 1 == sector {
        runs[runs.count - 1] = last.lowerBound...sector
      } else {
        runs.append(sector...sector)
      }
    }
    let shown = runs.prefix(8).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return shown.joined(separator: ", ") + (runs.count > 8 ? glyphs.ellipsis : "")
  }

  /// A sector's bytes as numbers and as text; lines of zeros are left out.
  public func sector(_ bytes: [UInt8]) -> StyledText {
    let perLine = width >= 72 ? 16 : 8
    var text = StyledText()
    var skipped = 0
    for start in stride(from: 0, to: bytes.count, by: perLine) {
      let line = bytes[start..<min(start + perLine, bytes.count)]
      guard line.contains(where: { $0 != 0 }) else {
        skipped += line.count
        continue
      }
      let numbers = line.map { hexadecimal(UInt32($0), digits: 2) }.joined(separator: " ")
      let letters = String(
        line.map { (32..<127).contains($0) ? Character(UnicodeScalar($0)) : "." })
      text.appendLine(
        StyledText(" \(hexadecimal(UInt32(start), digits: 3))  ", .address) + StyledText(numbers)
          + StyledText("  \(letters)", .dim))
    }
    if skipped > 0 {
      text.appendLine(
        paragraph(
          StyledText(
            skipped == bytes.count ? "all zeros" : "the other \(skipped) bytes are 0", .dim)))
    }
    return text
  }
}
