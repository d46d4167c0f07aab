import OnionISA
import SourceText

/// What the assembler made of a source.
public struct AssemblyResult: Sendable {
  /// Nil if anything was wrong.
  public var image: Image?
  /// In the order of the source: by file, line and column.
  public var diagnostics: [Diagnostic]
}

/// Why an `.include` could not be read: a sentence without a full stop.
public struct IncludeFailure: Error, Hashable, Sendable {
  public var reason: String
  public init(_ reason: String) { self.reason = reason }
}

/// The assembler of the CPU manual, section 2. It reports every mistake it finds and goes on.
public struct Assembler {
  /// Where a program starts that has no `.org`.
  public static let defaultOrigin: UInt32 = 0x1000

  /// Assembles a program.
  ///
  /// - Parameters:
  ///   - file: its name in messages and in the line table.
  ///   - origin: where it starts if it has no `.org`.
  ///   - symbols: names that are known from outside, such as those of a program that is being
  ///     changed. They are not part of the image; a name that the source defines itself hides them.
  ///   - include: the text of a file that `.include` names; the second argument is the file that
  ///     includes it, by its path from where the first one's path counts.
  public static func assemble(
    source: String, file: String, origin: UInt32 = defaultOrigin, symbols: [Image.Symbol] = [],
    include: (String, String) throws(IncludeFailure) -> String = {
      (_: String, _: String) throws(IncludeFailure) -> String in
      throw IncludeFailure("there is nothing to include from here")
    }
  ) -> AssemblyResult {
    var reader = SourceReader()
    reader.read(source, file: file, include: include)
    var layout = Layout(
      statements: reader.statements, files: reader.files.map(\.name), origin: origin,
      symbols: symbols,
      isComplete: reader.isComplete)
    layout.run()
    var emitter = Emitter(layout: layout)
    emitter.run()
    let builder = ImageBuilder(emitter)

    let faults =
      reader.faults.all + layout.faults.all + emitter.faults.all + builder.overlaps().all
    guard !faults.isEmpty else {
      return AssemblyResult(image: builder.image(files: reader.files), diagnostics: [])
    }
    let sorted = faults.enumerated().sorted {
      ($0.element.place.file, $0.element.place.line, $0.element.fault.column, $0.offset)
        < ($1.element.place.file, $1.element.place.line, $1.element.fault.column, $1.offset)
    }
    return AssemblyResult(image: nil, diagnostics: sorted.map { reader.diagnostic($0.element) })
  }
}
