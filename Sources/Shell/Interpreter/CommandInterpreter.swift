import Crypto
import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

/// Runs command lines on one session at the machine.
///
/// It is the same interpreter for what is typed, piped, given by `-c`, run by a lesson and replayed, so
/// that a line means the same everywhere. It prints nothing: what is seen is returned.
public final class CommandInterpreter {
  /// The machine and the way to where it is.
  public internal(set) var session: Session
  /// Where program files are looked for.
  public var files: FileFinder
  /// Columns that output may take; asked for at each command.
  public var width: () -> Int
  /// How things are shown.
  public var look: Look
  /// Asked now and then during a long run; true stops it.
  public var poll: Poll = { false }
  /// What opens lessons, records and ends the session; nil where nobody does, as in a replay.
  public weak var host: (any ShellHost)?
  /// Why a command, by its full name, can't be used now; nil if it can.
  var refusal: (_ command: String) -> String? = { _ in nil }
  /// Told of each line that did anything, in a form that gives the same again when it is replayed.
  var observer: ((_ line: String, _ outcome: LineOutcome) -> Void)?

  /// Expressions that are shown after each stop.
  var displays: [Display] = []
  var nextDisplay = 1
  /// The machine before it moved last, to mark what changed.
  var previous: MachineContext?
  /// The step at which it stood before it moved last; nil before it has moved.
  var movementStart: UInt64?
  /// Where `list`, `x` and `disas` go on.
  var listPlace: ListPlace?
  var examination: Examination?
  var disassemblyEnd: VirtualAddress?
  /// The step that is shown phase by phase.
  var slowStep: SlowStep?
  var predictionScore = PredictionScore()
  /// The run that goes on behind the prompt.
  var background: BackgroundRun?
  /// What Enter runs again.
  private(set) var repeatedLine: String?
  /// Set by a handler whose run was interrupted: the line that gets there again.
  var replacementLine: String?
  /// What is being given lines.
  var collection: LineCollection?
  /// The lines up to the `end` of what was refused are left out. A person at a prompt sees what was refused.
  var leavesOutRefusedBlocks = true
  /// Commands that were made of others.
  var userCommands = UserCommands()
  /// What the stop that the machine came to wants to be run; nil if it hasn't moved.
  var stopCommands: [String]?
  /// How deep `source` files are in one another.
  var sourceDepth = 0
  /// What was shown for the last lines, with styles, for whoever ran them through ``run(line:)``.
  private var styledOutputs: [StyledText] = []
  /// Guests as they were at some moment.
  var keptGuests: [KeptGuest] = []
  /// The machines beside the one in use.
  var otherHosts: [Host] = []
  /// The name of the host in use; nil: the first.
  var usedHost: String?
  /// The programs that were loaded, by name.
  var loadedImages: [(name: String, image: Image)] = []

  /// An interpreter at an empty machine; nil if the host has no room for one.
  public init?(
    settings: MachineSettings = MachineSettings(), files: FileFinder = FileFinder(),
    look: Look = Look(), width: @escaping () -> Int = { 80 }
  ) {
    guard let session = Session(settings: settings) else { return nil }
    self.session = session
    session.acceptsInput = true
    self.files = files
    self.look = look
    self.width = width
  }

  /// Begins anew at an empty machine; false if the host has no room for one.
  public func beginAnew(settings: MachineSettings) -> Bool {
    guard let session = Session(settings: settings) else { return false }
    session.takeSettings(of: self.session)
    self.session = session
    displays = []
    collection = nil
    predictionScore = PredictionScore()
    background = nil
    keptGuests = []
    otherHosts = []
    usedHost = nil
    loadedImages = []
    nextDisplay = 1
    repeatedLine = nil
    forgetPlaces()
    return true
  }

  /// Goes on with another session, as it was left.
  func use(_ session: Session) { self.session = session }

  /// After another program was loaded.
  func forgetPlaces() {
    previous = nil
    movementStart = nil
    slowStep = nil
    listPlace = nil
    examination = nil
    disassemblyEnd = nil
  }

  // MARK: Running lines

  /// What came of one line.
  public struct Outcome {
    public var text: StyledText
    public var succeeded = true
    /// The full name of the command, if one was found.
    public var command: String?
    /// The line itself is not recorded: those that it ran are.
    var isSilentlyObserved = false

    /// The text as a transcript keeps it.
    var line: LineOutcome {
      LineOutcome(output: text.isEmpty ? "" : text.plain + "\n", succeeded: succeeded)
    }
  }

  /// Runs a line as a person would type it; an empty one repeats the last command if it is one that does.
  public func execute(_ line: String) -> Outcome {
    var line = line.trimmed
    if let outcome = collect(line) { return outcome }
    if line.isEmpty {
      guard let repeated = repeatedLine else { return Outcome(text: StyledText()) }
      line = repeated
    }
    // What is recorded needs no aliases to be understood.
    line = userCommands.expanded(line)
    guard TypedLine(line) != nil else { return Outcome(text: StyledText()) }
    if let outcome = runUserCommand(line) {
      repeatedLine = nil
      return outcome
    }
    settleBackground()
    replacementLine = nil
    stopCommands = nil
    var outcome = perform(line)
    let beganInBackground = background != nil && outcome.command == "continue"
    let repeated = repeatedLine
    runStopCommands(&outcome)
    repeatedLine = repeated
    leaveOutBlock(of: line, &outcome)
    if !outcome.isSilentlyObserved, !beganInBackground {
      observer?(replacementLine ?? line, replacementOutcome ?? outcome.line)
    }
    return outcome
  }

  /// Whether a line begins with a command, an alias or a definition, or is to be taken by a list of lines.
  func knowsCommand(of line: String) -> Bool {
    guard !isCollecting, let typed = TypedLine(userCommands.expanded(line.trimmed)) else {
      return true
    }
    return userCommands.names.contains(typed.name)
      || (try? CommandTable.command(named: typed.name, or: userCommands.names)) != nil
  }

  /// Runs one line, and nothing that it leads to.
  func perform(_ line: String) -> Outcome {
    guard let typed = TypedLine(line) else { return Outcome(text: StyledText()) }
    var outcome = Outcome(text: StyledText())
    do throws(CommandFailure) {
      let command = try CommandTable.command(named: typed.name, or: userCommands.names)
      outcome.command = command.name
      // Whatever may move or change the machine makes a step's phases a thing of the past.
      if ![.looking, .shell, .vmm].contains(command.group), command.name != "step" {
        slowStep = nil
      }
      outcome.isSilentlyObserved = command.isSilentlyObserved
      if let reason = refusal(command.name) { throw CommandFailure(reason) }
      if background != nil, !command.leavesRunning {
        outcome.isSilentlyObserved = true
        throw CommandFailure("the program runs; 'interrupt' or Ctrl-C stops it")
      }
      outcome.text = fitted(try command.handler(self, typed.arguments))
      switch command.repeats {
      case .nothing: repeatedLine = nil
      case .same: repeatedLine = line
      case .continued:
        let format = typed.arguments.format
        repeatedLine = command.name + (format.isEmpty ? "" : "/" + format)
      }
    } catch {
      let advice = outcome.command == nil ? consoleAdvice(line) : nil
      outcome.text = fitted(message(advice.map { StyledText($0) } ?? error.text))
      outcome.succeeded = false
      repeatedLine = nil
    }
    return outcome
  }

  /// For a line that is no command while the program asks for input at its console: how to type it there.
  private func consoleAdvice(_ line: String) -> String? {
    guard let typed = TypedLine(line), CommandTable.fullName(of: typed.name) == nil,
      session.wantsInput
    else { return nil }
    return "there is no command '\(typed.name.prefix(40))'; to type the line to the program: 'type "
      + "\(line.prefix(60))'"
  }

  /// After an interrupted run: what the line that gets there again says.
  private var replacementOutcome: LineOutcome? {
    guard replacementLine != nil else { return nil }
    return Outcome(text: fitted(stopReport())).line
  }

  /// As the look wants it, and no line wider than the terminal.
  func fitted(_ text: StyledText) -> StyledText {
    let limit = terminalColumns
    var text = text.visible
    if look.layout == .big { text = text.restyled { $0 == .dim || $0 == .comment ? .plain : $0 } }
    if look.verbosity == .spoken { text = Speech.text(text, width: limit) }
    guard text.width > limit else { return text }
    return StyledText(
      lines: text.lines.flatMap { line in
        line.width <= limit ? [line] : line.wrapped(to: limit, hanging: "    ").lines
      })
  }

  /// What is wrong, in lines that hang as all that is said does.
  private func message(_ text: StyledText) -> StyledText {
    look.verbosity == .spoken ? text : text.visible.wrapped(to: terminalColumns, hanging: "  ")
  }

  /// After lines that were not the user's own: Enter repeats none of them.
  func forgetRepeatedLine() { repeatedLine = nil }

  /// The outputs of the lines that were run since this was asked last, in order.
  public func takeStyledOutputs() -> [StyledText] {
    defer { styledOutputs = [] }
    return styledOutputs
  }
}

extension CommandInterpreter: LineRunner {
  public func run(line: String) -> LineOutcome {
    let outcome = execute(line)
    if !outcome.text.isEmpty { styledOutputs.append(outcome.text) }
    if styledOutputs.count > 200 { styledOutputs.removeFirst(100) }
    return outcome.line
  }

  /// The SHA-256 of everything that the machine's state is made of, in hexadecimal.
  public func stateDigest() -> String {
    var hash = SHA256()
    session.world.describeState { hash.update(bufferPointer: $0) }
    return HexadecimalText.digits(hash.finalize())
  }
}

extension CommandInterpreter: BreakpointHolder {
  public var enabledBreakpoints: Set<Int> { session.enabledBreakpoints }

  public func setBreakpoints(_ ids: Set<Int>, enabled: Bool) {
    session.setBreakpoints(ids, enabled: enabled)
  }
}

extension CommandInterpreter: ConditionEvaluator {
  public func evaluate(condition: String) throws(ConditionError) -> Bool {
    try session.evaluate(condition: condition)
  }

  public func value(of expression: String) throws(ConditionError) -> Int64 {
    try session.value(of: expression)
  }
}

extension Command {
  /// Its own line is not recorded: those that it runs are.
  var isSilentlyObserved: Bool {
    group == .teaching && name != "predict"
      || ["source", "quit", "define", "alias", "interrupt", "commands"].contains(name)
  }

  /// Lines up to an `end` belong to it.
  var takesLines: Bool { ["define", "commands"].contains(name) }
}

extension CommandInterpreter {
  /// Notes that a program was loaded, for a recording.
  func noteImage(_ name: String, _ image: Image) {
    loadedImages.removeAll { $0.name == name }
    loadedImages.append((name, image))
  }
}
