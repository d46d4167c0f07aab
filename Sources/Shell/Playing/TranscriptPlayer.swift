import Lessons
import SourceText
import Transcripts

/// Plays a transcript on a live machine, forwards and back.
///
/// Whatever is done to the machine on the way, the script goes on from its own state: going back, jumping
/// and coming back from a detour make a fresh machine and run the commands up to there, unseen.
final class TranscriptPlayer {
  /// What is to be shown.
  enum Shown {
    case prose([String])
    case command(String, StyledText)
    /// A command that did not say what is written.
    case differing(String, StyledText, Divergence)
  }

  let run: TranscriptRun
  let script: Script
  private let library: LessonLibrary?
  private let poll: () -> Bool
  private(set) var interpreter: CommandInterpreter
  private var replayer: Replayer
  /// The beat that comes next.
  private(set) var position = 0
  /// The machine is not where the script has it.
  private var isAside = false
  /// Commands that did not say what is written.
  private(set) var differences: Set<Int> = []

  init(
    _ run: TranscriptRun, library: LessonLibrary?, poll: @escaping () -> Bool
  ) throws(CommandFailure) {
    self.run = run
    self.library = library
    self.poll = poll
    script = Script(run.transcript)
    interpreter = try run.interpreter(library: library)
    interpreter.poll = poll
    replayer = Replayer(run.transcript, goesOn: true)
  }

  var isAtEnd: Bool { position >= script.beats.count }
  var commandNumber: Int { script.commandCount(before: position) }

  /// The command that comes next, if it is one.
  var nextCommand: String? {
    guard !isAtEnd, case .command(let command) = script.beats[position] else { return nil }
    return command.text
  }

  /// Shows what comes next; nil at the end.
  func forward() throws(CommandFailure) -> Shown? {
    if isAside { _ = try rebuild(to: position) }
    while !isAtEnd {
      let beat = script.beats[position]
      position += 1
      switch beat {
      case .note: continue
      case .prose(let lines, _): return .prose(lines)
      case .unseen: _ = runNext()
      case .command: return runNext()
      }
    }
    return nil
  }

  /// Goes back to before the command that was run last; nil at the beginning. What was shown before that
  /// command comes back.
  func back() throws(CommandFailure) -> Shown?? {
    guard let last = script.command(before: position) else { return nil }
    return .some(try rebuild(to: last))
  }

  /// Goes to a beat; what the last command before it said comes back.
  func go(to target: Int) throws(CommandFailure) -> Shown? {
    try rebuild(to: min(max(0, target), script.beats.count))
  }

  /// The beginning of the chapter before, or of the next; nil if there is none.
  func chapter(by direction: Int) -> Int? {
    let starts = script.chapters.map(\.position)
    guard direction < 0 else { return starts.first { $0 >= position } }
    // What has just begun counts as begun: then it is the one before.
    let begun = starts.filter { $0 < position }
    guard let current = begun.last else { return nil }
    return position - current > 1 ? current : begun.dropLast().last ?? current
  }

  /// Does something to the machine beside the script.
  func aside(_ line: String) -> CommandInterpreter.Outcome {
    isAside = true
    return interpreter.execute(line)
  }

  /// From here on the machine may be anywhere.
  func beginDetour() { isAside = true }

  /// Back from a detour; what the last command said comes back.
  func endDetour() throws(CommandFailure) -> Shown? { try rebuild(to: position) }

  /// A fresh machine, and every command before `target` run on it.
  private func rebuild(to target: Int) throws(CommandFailure) -> Shown? {
    interpreter = try run.interpreter(library: library)
    interpreter.poll = poll
    replayer = Replayer(run.transcript, goesOn: true)
    var shown: Shown?
    let count = script.commandCount(before: target)
    for _ in 0..<count {
      if poll() {
        position = script.position(ofCommand: replayer.commandCount + 1) ?? target
        throw CommandFailure("stopped by Ctrl-C on the way, after command \(replayer.commandCount)")
      }
      let now = runNext()
      if replayer.last?.isUnseen == false { shown = now }
    }
    position = target
    isAside = false
    return shown
  }

  private func runNext() -> Shown? {
    _ = interpreter.takeStyledOutputs()
    while let step = replayer.next(on: interpreter) {
      let output = StyledText(lines: interpreter.takeStyledOutputs().flatMap(\.lines))
      switch step {
      case .prose: continue
      case .command(let line, _): return .command(line, output)
      case .diverged(let divergence):
        differences.insert(divergence.commandNumber)
        return .differing(divergence.command, output, divergence)
      }
    }
    return nil
  }
}
