extension Transcript {
  /// Where the value of a setting of the machine stands: line and column, from 1; nil if it stands nowhere.
  public func place(ofSetting name: String) -> (line: Int, column: Int)? {
    guard let section = frontMatterLines.firstIndex(where: { $0.hasPrefix("machine:") }) else {
      return nil
    }
    for (index, line) in frontMatterLines.enumerated().dropFirst(section + 1) {
      guard line.hasPrefix("  ") else { return nil }
      guard let colon = line.firstIndex(of: ":"),
        [name, "\"\(name)\""].contains(String(line[..<colon].drop { $0 == " " }))
      else { continue }
      let value = line[colon...].dropFirst().drop { $0 == " " }
      return (index + 1, line[..<value.startIndex].utf8.count + 1)
    }
    return nil
  }
}
