import OnionISA
import SourceText

/// What the assembler made of a source.
public struct AssemblyResult: Sendable {
  /// Nil if anything was wrong.
  public var image: Image?
  /// In the order of the source.
  public var diagnostics: [Diagnostic]
}

/// Why an `.include` could not be read: a sentence without a full stop.
public struct IncludeFailure: Error, Hashable, Sendable {
  public var reason: String
  public init(_ reason: String) { self.reason = reason }
}

/// The assembler of ONION.md, section 2. It reports every mistake it finds and goes on.
public struct Assembler {
  /// Where a program starts that has no `.org`.
  public static let defaultOrigin: UInt32 = 0x1000

  /// Assembles a program.
  ///
  /// - Parameters:
  ///   - file: its name in messages and in the line table.
  ///   - include: the text of a file that `.include` names; the second argument is the file that
  ///     includes it.
  public static func assemble(
    source: String, file: String,
    include: (String, String) throws(IncludeFailure) -> String = {
      (_: String, _: String) throws(IncludeFailure) -> String in
      throw IncludeFailure("there is nothing to include from here")
    }
  ) -> AssemblyResult {
    var reader = SourceReader()
    reader.read(source, file: file, include: include)
    var layout = Layout(statements: reader.statements)
    layout.run()
    var emitter = Emitter(statements: reader.statements, layout: layout)
    let image = emitter.image(files: reader.files)

    let faults = reader.faults + layout.faults + emitter.faults
    let sorted = faults.enumerated().sorted {
      ($0.element.place.file, $0.element.place.line, $0.element.fault.column, $0.offset)
        < ($1.element.place.file, $1.element.place.line, $1.element.fault.column, $1.offset)
    }
    let diagnostics = sorted.map { reader.diagnostic($0.element) }
    return AssemblyResult(image: diagnostics.isEmpty ? image : nil, diagnostics: diagnostics)
  }
}

/// A fault and the line where it is.
struct PlacedFault {
  var fault: Fault
  var place: SourcePlace
}

/// Reads a source and what it includes into statements.
struct SourceReader {
  private(set) var files: [Image.File] = []
  private(set) var statements: [Statement] = []
  private(set) var faults: [PlacedFault] = []
  private var lines: [[Substring]] = []
  private var open: [String] = []

  private static let includeLimit = 20

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
      faults += parser.faults.map { PlacedFault(fault: $0, place: place) }
      guard let (name, token) = parser.include else { continue }
      do throws(IncludeFailure) {
        guard !open.contains(name) else {
          throw IncludeFailure("it includes itself: \((open + [name]).joined(separator: " → "))")
        }
        guard open.count < Self.includeLimit else {
          throw IncludeFailure("files include one another more than \(Self.includeLimit) deep")
        }
        read(try include(name, file), file: name, include: include)
      } catch {
        let fault = Fault("'\(name)' can't be included: \(error.reason)", at: token)
        faults.append(PlacedFault(fault: fault, place: place))
      }
    }
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
