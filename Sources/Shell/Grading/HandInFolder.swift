import Lessons
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of a folder of hand-ins: `FOLDER/ada.md` and `FOLDER/ada/work.md`.
enum HandInFolder {
  static func files(in folder: String) throws(CommandFailure) -> [String] {
    var files: [String] = []
    for name in try names(in: folder) {
      if name.hasSuffix(".md") {
        files.append(name)
      } else if isFolder("\(folder)/\(name)") {
        files += try names(in: "\(folder)/\(name)").filter { $0.hasSuffix(".md") }
          .map { "\(name)/\($0)" }
      }
    }
    // A link may lead to what is nobody's hand-in.
    return files.filter { !isLink("\(folder)/\($0)") }
  }

  private static func names(in folder: String) throws(CommandFailure) -> [String] {
    do throws(FileError) {
      return try WholeFile.names(inFolder: folder).filter { !$0.hasPrefix(".") }
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  private static func isFolder(_ path: String) -> Bool { mode(path) == S_IFDIR }
  private static func isLink(_ path: String) -> Bool { mode(path) == S_IFLNK }
}

/// A teacher's own goals: a line `WHAT IT SAYS: CONDITION` each, `#` begins a comment.
enum ExtraGoals {
  static func read(_ path: String) throws(CommandFailure) -> [ExtraGoal] {
    var goals: [ExtraGoal] = []
    let lines = try FileFinder.text(at: path).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let text = line.trimmed
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      guard let colon = text.firstIndex(of: ":"), !text[..<colon].trimmed.isEmpty,
        !text[text.index(after: colon)...].trimmed.isEmpty
      else {
        throw CommandFailure(
          "\(path):\(index + 1): a goal is 'what it says: condition', such as 'a0 holds 5: a0 == 5'"
        )
      }
      goals.append(
        ExtraGoal(
          says: text[..<colon].trimmed,
          condition: LocatedText(
            text[text.index(after: colon)...].trimmed, line: index + 1, column: 1)))
    }
    guard !goals.isEmpty else { throw CommandFailure("\(path) holds no goal") }
    return goals
  }
}
