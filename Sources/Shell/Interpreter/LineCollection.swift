import Laboratory
import SourceText

/// Lines that are being given, up to the `end` that is theirs: a block.
struct LineCollection {
  enum Purpose {
    /// For a breakpoint, by its number.
    case breakpoint(Int)
    /// For a command of that name.
    case definition(String)
    /// For nothing: what wanted them was refused.
    case nothing
  }

  var purpose: Purpose
  private(set) var lines: [String] = []
  /// The line that began it, as a recording is to hold it.
  var opening: String
  /// Blocks inside that have no `end` yet.
  private(set) var depth = 0

  init(_ purpose: Purpose, opening: String) {
    self.purpose = purpose
    self.opening = opening
  }

  /// Takes a line, unless it is the `end` of the whole.
  mutating func take(_ line: String, opensBlock: Bool) {
    if opensBlock { depth += 1 } else if line == Self.end { depth -= 1 }
    if case .nothing = purpose { return }
    lines.append(line)
  }

  static let end = "end"

  /// What is wrong if nothing more comes.
  var endIsMissing: String { "'\(opening)' has no '\(Self.end)'" }
}

extension CommandInterpreter {
  /// The lines that come in belong to something, up to `end`.
  var isCollecting: Bool { collection != nil }

  /// What a person is told who begins to give lines.
  static let collectionAdvice = "one command a line; 'end' ends them, Ctrl-C drops them"

  /// Forgets the lines that were given so far; what to say, or nil if none are being given.
  func dropCollection() -> StyledText? {
    guard let collected = collection else { return nil }
    collection = nil
    switch collected.purpose {
    case .definition(let name): return StyledText("the lines for '\(name)' are dropped")
    case .breakpoint(let id): return StyledText("the lines for breakpoint \(id) are dropped")
    case .nothing: return StyledText("the lines are dropped")
    }
  }

  /// Whether lines up to an `end` belong to what the line begins with, refused or not.
  func opensBlock(_ line: String) -> Bool {
    guard let name = TypedLine(line)?.name, userCommands.definitions[name] == nil,
      case .found(let command) = CommandTable.find(name)
    else { return false }
    return command.takesLines
  }

  /// After a line that wanted lines and was refused: they are not to be run as if they were commands.
  func leaveOutBlock(of line: String, _ outcome: inout Outcome) {
    guard leavesOutRefusedBlocks, !outcome.succeeded, opensBlock(line) else { return }
    collection = LineCollection(.nothing, opening: line)
    outcome.text.appendLine(fitted(StyledText("the lines up to its 'end' are left out")))
  }

  /// Where no more lines come: what is wrong if a block is open, which is dropped.
  func endOfLines() -> String? {
    defer { collection = nil }
    return collection?.endIsMissing
  }

  /// Takes a line that belongs to something; nil if nothing is being given lines.
  ///
  /// - Parameter isRecorded: a recording is to hold what is given to a breakpoint.
  func collect(_ line: String, isRecorded: Bool = true) -> Outcome? {
    guard let collected = collection else { return nil }
    guard TypedLine(line) != nil else { return Outcome(text: StyledText()) }
    if line == LineCollection.end, collected.depth == 0 {
      collection = nil
      return give(collected, isRecorded: isRecorded)
    }
    var lines = [userCommands.expanded(line)]
    do throws(CommandFailure) {
      switch collected.purpose {
      case .definition, .nothing:
        collection?.take(line, opensBlock: opensBlock(lines[0]))
        return Outcome(text: StyledText(), isSilentlyObserved: true)
      case .breakpoint:
        // A breakpoint is to know, and a recording to hold, the shell's own commands only.
        lines = try userCommands.flattened(line)
      }
    } catch {
      return Outcome(text: fitted(error.text), succeeded: false, isSilentlyObserved: true)
    }
    for plain in lines { collection?.take(plain, opensBlock: opensBlock(plain)) }
    return Outcome(text: StyledText())
  }

  /// Hands a block that is whole to what it is for.
  private func give(_ block: LineCollection, isRecorded: Bool) -> Outcome {
    switch block.purpose {
    case .definition(let name):
      userCommands.define(name, block.lines)
      return Outcome(text: StyledText(), isSilentlyObserved: true)
    case .breakpoint(let id):
      session.updateBreakpoint(id) { $0.commands = block.lines }
      if isRecorded {
        // Not before: lines that are dropped never were.
        for line in [block.opening] + block.lines + [LineCollection.end] {
          observer?(line, LineOutcome(output: "", succeeded: true))
        }
      }
      return Outcome(text: StyledText())
    case .nothing: return Outcome(text: StyledText(), isSilentlyObserved: true)
    }
  }
}
