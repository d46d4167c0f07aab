import CPseudoTerminal
import Foundation

/// A process under a real pseudo-terminal, driven as a person would: by what the screen shows.
///
/// After everything that is sent, wait for its effect before sending more: `waitForPrompt` while
/// a line is being edited, `waitForCooked` before a key that must reach a running command.
/// Every wait throws a failure that shows the screen.
public final class Terminal {
  /// What the terminal shows.
  public private(set) var screen: Screen
  /// Every byte that came, as text.
  public var output: String { String(decoding: received, as: UTF8.self) }

  private let name: String
  private let master: Int32
  private let process: pid_t
  private let patience: Double
  private var received: [UInt8] = []
  private var shown = 0
  private var sawNewline = true
  private var isOpen = true
  private var ended: ExitStatus?

  /// Starts a program. `environment` is the whole environment; `patience` is in seconds, for each
  /// wait, and long on purpose: only a failing test waits for it.
  public init(
    _ executable: String, _ arguments: [String] = [],
    environment: [String: String] = childEnvironment(), folder: String? = nil, columns: Int = 80,
    rows: Int = 24, patience: Double = 120
  ) throws {
    var master: Int32 = -1
    var process: pid_t = 0
    let failure = withSpawnArguments([executable] + arguments, environment) {
      pseudoterminal_spawn(
        executable, $0, $1, folder, Int32(columns), Int32(rows), &master, &process)
    }
    guard failure == 0 else {
      throw SupportFailure("\(executable) does not start: \(String(cString: strerror(failure)))")
    }
    name = (executable as NSString).lastPathComponent
    screen = Screen(columns: columns, rows: rows)
    self.master = master
    self.process = process
    self.patience = patience
  }

  deinit {
    close(master)
    if ended == nil {
      kill(process, SIGKILL)
      var status: Int32 = 0
      _ = pseudoterminal_reap(process, true, &status)
    }
  }

  /// Types the text: "\r" is the Enter key, "\u{3}" is Ctrl-C.
  public func send(_ text: String) throws { try send(bytes: Array(text.utf8)) }

  /// Types bytes that need not be text.
  public func send(bytes: [UInt8]) throws {
    pump(milliseconds: 0)
    sawNewline = false
    var left = bytes[...]
    let deadline = Deadline(seconds: patience)
    while !left.isEmpty {
      let count = left.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      if count > 0 {
        left = left.dropFirst(count)
      } else if errno != EAGAIN && errno != EINTR {
        throw failure("could not type: \(String(cString: strerror(errno)))")
      }
      // The echo must be taken away, or the two sides wait for each other.
      if !left.isEmpty { pump(milliseconds: 5) }
      if deadline.isOver { throw failure("nothing reads what is typed") }
    }
  }

  /// Types a line and Enter, waits for the prompt after it, and gives what came in between.
  ///
  /// The result is raw: with escape sequences if there are any (but those that turn the marks around
  /// pastes off), lines ending in "\n", without the
  /// echo of the line and without the prompt's own line.
  @discardableResult
  public func run(_ line: String, prompt: String) throws -> String {
    let before = received.count
    try send(line + "\r")
    try waitForPrompt(prompt)
    let fresh = String(decoding: received[before...], as: UTF8.self)
    let lines = fresh.replacingOccurrences(of: "\r\n", with: "\n")
      .replacingOccurrences(of: "\u{1b}[?2004l", with: "").split(
        separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst().dropLast().map { $0 + "\n" }.joined()
  }

  /// Waits until the text is on the screen or was on it before it scrolled.
  public func wait(forText text: String) throws {
    try wait(for: "the text \"\(text)\"") { $0.text.contains(text) }
  }

  /// Waits until the screen is as the condition wants it.
  public func wait(for what: String, _ condition: (Screen) -> Bool) throws {
    try waitUntil(what) { condition(screen) }
  }

  /// Waits until the prompt, and nothing more, is on the cursor's line, on a line that began after
  /// what was sent last, and the editor has taken over the keyboard; `isPlain`: there is no editor.
  public func waitForPrompt(_ prompt: String, isPlain: Bool = false) throws {
    let wanted = Self.trimmed(prompt)
    try waitUntil("the prompt \"\(prompt)\"") {
      sawNewline && Self.trimmed(screen.cursorLine) == wanted && isEditing != isPlain
    }
  }

  /// Waits until the line that is being edited, with its prompt, is this one.
  public func waitForLine(_ line: String) throws {
    let wanted = Self.trimmed(line)
    try waitUntil("the line \"\(line)\"") {
      Self.trimmed(screen.cursorLine) == wanted && isEditing
    }
  }

  /// Waits until no line is being edited, so that Ctrl-C goes to what is running.
  public func waitForCooked() throws {
    try waitUntil("the end of editing") { !isEditing }
  }

  /// Waits until the process has ended.
  @discardableResult
  public func waitForExit() throws -> ExitStatus {
    var status: ExitStatus?
    try waitUntil("the end of \(name)", whenEnded: true) {
      status = ended
      return status != nil
    }
    guard let status else { throw failure("no exit status") }
    return status
  }

  /// Gives the terminal another size. What is on the screen stays, cut at the right and below.
  public func resize(columns: Int, rows: Int) {
    pump(milliseconds: 0)
    screen.resize(columns: columns, rows: rows)
    _ = pseudoterminal_resize(master, Int32(columns), Int32(rows))
  }

  /// Sends the process a signal, such as `SIGTERM`.
  public func signal(_ number: Int32) {
    if ended == nil { kill(process, number) }
  }

  /// Ends the process at once, as a closed window or a power cut would.
  public func killProcess() throws {
    signal(SIGKILL)
    try waitForExit()
  }

  private var isEditing: Bool { !pseudoterminal_is_cooked(master) }

  private func waitUntil(
    _ what: String, whenEnded: Bool = false, _ condition: () throws -> Bool
  ) throws {
    let deadline = Deadline(seconds: patience)
    while true {
      pump(milliseconds: 0)
      if try condition() { return }
      if !isOpen, ended != nil {
        throw failure("\(name) ended (\(ended.map { "\($0)" } ?? "")) before \(what) came")
      }
      if deadline.isOver { throw failure("\(what) did not come in \(patience) s") }
      // A change of mode shows in no output, so it is looked for every few milliseconds.
      pump(milliseconds: 3)
      lookForEnd()
    }
  }

  private func lookForEnd() {
    guard ended == nil else { return }
    var status: Int32 = 0
    guard pseudoterminal_reap(process, false, &status) == 1 else { return }
    pump(milliseconds: 0)
    isOpen = false
    ended = ExitStatus(waitStatus: status)
  }

  /// Takes what has come, waiting for the first of it for at most the time given.
  private func pump(milliseconds: Int32) {
    var patience = milliseconds
    var buffer = [UInt8](repeating: 0, count: 16384)
    while isOpen {
      var polled = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, patience) > 0 else { break }
      patience = 0
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else {
        // At the end of the process the terminal hangs up; until it is reaped, do not spin.
        if count == 0 || (errno != EAGAIN && errno != EINTR) { usleep(useconds_t(1000)) }
        break
      }
      received += buffer[..<count]
    }
    show()
  }

  /// Shows what came, except the first bytes of a character whose last ones are still to come.
  private func show() {
    var end = received.count
    let begun = received.lastIndex { $0 & 0xc0 != 0x80 } ?? 0
    if begun < end, begun >= shown {
      let length =
        switch received[begun] {
        case 0xf0...: 4
        case 0xe0...: 3
        case 0xc0...: 2
        default: 1
        }
      if end - begun < length { end = begun }
    }
    guard end > shown else { return }
    let fresh = received[shown..<end]
    shown = end
    if fresh.contains(0x0a) { sawNewline = true }
    screen.feed(String(decoding: fresh, as: UTF8.self))
  }

  private func failure(_ what: String) -> SupportFailure {
    let bar = String(repeating: "-", count: screen.columns)
    let state = ended.map { "\($0)" } ?? (isEditing ? "editing a line" : "running")
    return SupportFailure(
      """
      \(what)
      \(name): \(state), cursor at row \(screen.cursorRow), column \(screen.cursorColumn)
      \(bar)
      \(screen.text)
      \(bar)
      """)
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
