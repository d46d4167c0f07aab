import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of a folder of hand-ins: each `FOLDER/ada.md`, and each `.md` in `FOLDER/ada`.
struct HandInFolder {
  /// As they are called in the folder.
  private(set) var files: [String] = []
  /// What somebody may have meant as a hand-in, each with the reason why it is none.
  private(set) var notRead: [String] = []
  /// Some hand-in has programs of its own beside it.
  private(set) var hasPrograms = false

  init(_ folder: String) throws(CommandFailure) {
    for name in try Self.names(in: folder) {
      guard Self.kind("\(folder)/\(name)") == S_IFDIR else {
        take(name, in: folder, isAlone: true)
        continue
      }
      let before = files.count + notRead.count
      for inner in try Self.names(in: "\(folder)/\(name)") {
        take("\(name)/\(inner)", in: folder, isAlone: false)
      }
      if files.count + notRead.count == before { notRead.append("\(name)/ (no .md in it)") }
    }
    notRead = notRead.map(StyledText.visibleLine)
  }

  /// - Parameter isAlone: it lies among the hand-ins, not in somebody's own folder, where anything may lie.
  private mutating func take(_ name: String, in folder: String, isAlone: Bool) {
    let ending = name.split(separator: "/").last?.split(separator: ".").dropFirst().last ?? ""
    switch ending.lowercased() {
    // A link may lead to what is nobody's hand-in.
    case "md" where Self.kind("\(folder)/\(name)") == S_IFLNK: notRead.append("\(name) (a link)")
    case "md" where ending == "md": files.append(name)
    case "md", "markdown": notRead.append("\(name) (.md is read)")
    case "s", "image": hasPrograms = true
    // A teacher's own tables.
    case "csv", "json", "xml": break
    default: if isAlone { notRead.append("\(name) (.md is read)") }
    }
  }

  private static func names(in folder: String) throws(CommandFailure) -> [String] {
    do throws(FileError) {
      return try WholeFile.names(inFolder: folder).filter { !$0.hasPrefix(".") }
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  private static func kind(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }
}
