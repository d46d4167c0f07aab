import OnionISA
import SourceText

/// Reads a source and what it includes into statements.
struct SourceReader {
  private(set) var files: [Image.File] = []
  private(set) var statements: [Statement] = []
  private(set) var faults = FaultList()
  /// False if an `.include` gave nothing.
  private(set) var isComplete = true
  private var lines: [[Substring]] = []
  private var open: [String] = []

  private static let depthLimit = 20
  private static let fileLimit = 1000

  mutating func read(
    _ source: String, file: String,
    include: (String, String) throws(IncludeFailure) -> String
  ) {
    let index = files.count
    files.append(Image.File(name: file, text: source))
    let split = source.split(omittingEmptySubsequences: false) { $0.isNewline }
    lines.append(split)
    open.append(file)
    defer { open.removeLast() }
    for (number, line) in split.enumerated() {
      let place = SourcePlace(file: index, line: number + 1)
      let parser = StatementParser(String(line), at: place)
      statements += parser.statements
      for fault in parser.faults { faults.add(fault, place) }
      guard let (name, token) = parser.include else { continue }
      do throws(IncludeFailure) {
        let path = Self.path(of: name, from: file)
        try check(path)
        read(try include(name, file), file: path, include: include)
      } catch {
        faults.add(Fault("'\(name)' can't be included: \(error.reason)", at: token), place)
        isComplete = false
      }
    }
  }

  private func check(_ path: String) throws(IncludeFailure) {
    guard !open.contains(path) else {
      let circle = (open.drop { $0 != path } + [path]).joined(separator: " includes ")
      throw IncludeFailure("it includes itself (\(circle))")
    }
    guard open.count < Self.depthLimit else {
      throw IncludeFailure("files include one another more than \(Self.depthLimit) deep")
    }
    guard files.count < Self.fileLimit else {
      throw IncludeFailure("there are \(Self.fileLimit) files already")
    }
  }

  /// How a file that another includes is named in messages: relative to where the other lies.
  static func path(of name: String, from includer: String) -> String {
    guard !name.hasPrefix("/"), let slash = includer.lastIndex(of: "/") else { return name }
    return includer[...slash] + name
  }

  func diagnostic(_ placed: PlacedFault) -> Diagnostic {
    let place = placed.place
    let text =
      lines[place.file].indices.contains(place.line - 1) ? lines[place.file][place.line - 1] : ""
    return Diagnostic(
      .error, placed.fault.message, file: files[place.file].name, line: place.line,
      column: placed.fault.column, length: placed.fault.length, source: String(text),
      suggestion: placed.fault.suggestion)
  }
}
