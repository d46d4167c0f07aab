/// `ringside --plain lesson 3`: options that hold for more than one call may stand before the subcommand.
enum LeadingOptions {
  private static let flags: Set<String> = ["--plain", "--no-init"]
  private static let valued: Set<String> = [
    "--width", "--color", "--lessons", "--record", "-c", "-x",
  ]

  /// The words of a command line, such options moved behind the subcommand that they stand before: there it is
  /// said which of them it takes.
  ///
  /// - Parameter subcommands: the subcommands by name, each with its own.
  static func arranged(_ words: [String], subcommands: [String: [String]]) -> [String] {
    var index = 0
    while index < words.count, words[index].hasPrefix("-") {
      let name = String(words[index].prefix { $0 != "=" })
      let hasValue = name.count < words[index].count
      if flags.contains(name), !hasValue {
        index += 1
      } else if valued.contains(name) {
        index += hasValue ? 1 : 2
      } else {
        return words
      }
    }
    guard index > 0, index < words.count, let nested = subcommands[words[index]] else {
      return words
    }
    var end = index + 1
    if end < words.count, nested.contains(words[end]) { end += 1 }
    return Array(words[index..<end] + words[..<index] + words[end...])
  }
}
