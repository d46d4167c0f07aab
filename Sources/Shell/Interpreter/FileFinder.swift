import Onion
import OnionAssembler
import OnionISA
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds program files and makes images of them.
public struct FileFinder: Sendable {
  /// Where a name is looked for that is not there as given, in this order.
  public var folders: [String]
  /// Keeps what was assembled; finders that share it share that.
  var images = ImageCache()
  /// Set where nothing outside the folders may be read.
  var confinement: FileConfinement?

  public init(folders: [String] = []) { self.folders = folders }

  /// The path of the file that `name` means.
  public func path(of name: String) throws(CommandFailure) -> String {
    if let confinement { return try confinement.path(of: name, in: folders) }
    let name = Environment.withHome(name)
    let places = [name] + (name.hasPrefix("/") ? [] : folders.map { "\($0)/\(name)" })
    for place in places where WholeFile.isReadable(place) { return place }
    // A file that is there but can't be read says why.
    if access(name, F_OK) == 0 { return name }
    if let fault = Self.fault(inName: name) { throw fault }
    let known = programs()
    let guess = Suggestion.nearest(to: name, among: known)
    let advice =
      guess.map { "did you mean '\($0)'?" }
      ?? (known.isEmpty
        ? "it was looked for in \((["."] + folders).joined(separator: ", "))"
        : "there is \(Suggestion.some(of: known, near: name))")
    throw CommandFailure("there is no file '\(name)'; \(advice)")
  }

  /// Why no file can be meant by a name in which bytes that are not UTF-8 were replaced: what is typed, recorded and
  /// written in a transcript is text.
  static func fault(inName name: String) -> CommandFailure? {
    guard name.unicodeScalars.contains("\u{FFFD}") else { return nil }
    return CommandFailure(
      "the file name '\(name)' is not text in UTF-8, so it can't be named here or in a transcript; "
        + "give the file another name")
  }

  /// The text of the file at `path`, which is read as one of that kind.
  static func text(at path: String, as kind: FileKind) throws(CommandFailure) -> String {
    try text(at: path) { _ in kind }
  }

  private static func text(
    at path: String, as kind: (ArraySlice<UInt8>) -> FileKind
  ) throws(CommandFailure) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, as: kind)
    } catch {
      throw CommandFailure("\(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(path) is not text in UTF-8")
    }
    return text
  }

  /// The image that the source or image file at `path` gives; diagnostics if there is anything wrong.
  public func image(at path: String, width: Int = .max) throws(CommandFailure) -> Image {
    try program(at: path, width: width).image
  }

  /// The image as ``image(at:width:)`` gives it, and the files that it was made of.
  func program(at path: String, width: Int = .max) throws(CommandFailure) -> ImageCache.Entry {
    // What a program includes depends on where it is looked for. A confined finder notes each attempt.
    let key = ([path] + folders).joined(separator: "\n")
    if confinement == nil, let entry = images.entry(for: key) { return entry }
    let text = try Self.text(at: path) {
      ImageFile.isImage(String(decoding: $0.prefix(32), as: UTF8.self)) ? .image : .source
    }
    var sources = [(path: path, text: text)]
    if ImageFile.isImage(text) {
      do throws(ImageFileError) {
        return .init(image: try ImageFile.image(from: text), sources: sources)
      } catch {
        throw CommandFailure("\(path):\(error.line): \(error.message)")
      }
    }
    var size = text.utf8.count
    let result = Assembler.assemble(source: text, file: path) {
      (name, includer) throws(IncludeFailure) in
      let place = name.hasPrefix("/") ? name : Self.folder(of: includer) + "/" + name
      do throws(CommandFailure) {
        let found =
          confinement == nil && WholeFile.isReadable(place) ? place : try self.path(of: name)
        let text = try Self.text(at: found, as: .source)
        size += text.utf8.count
        guard size <= FileKind.source.limit else {
          throw CommandFailure(FileKind.source.limitReached)
        }
        sources.append((found, text))
        return text
      } catch {
        throw IncludeFailure(error.text.plain)
      }
    }
    if let image = result.image {
      let entry = ImageCache.Entry(image: image, sources: sources)
      if confinement == nil { images.keep(entry, for: key) }
      return entry
    }
    let shown = result.diagnostics.prefix(10)
    var lines = shown.flatMap { $0.rendered(width: width).lines }
    let count = result.diagnostics.count
    if count > shown.count { lines.append(StyledText("… and \(count - shown.count) more errors")) }
    throw CommandFailure(text: StyledText(lines: lines))
  }

  /// The names of the programs in the folders and in the working folder.
  public func programs() -> [String] {
    var names: [String] = []
    for folder in ["."] + folders {
      guard let found = try? WholeFile.names(inFolder: folder) else { continue }
      for name in found where name.hasSuffix(".s") && !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The folder of a path.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
