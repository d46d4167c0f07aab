import CEditline
import CTerminal

/// Reads lines from a person at a terminal, with editing, history and completion.
///
/// Keys are those of Emacs, or what the user's `.editrc` says. Ctrl-C gives the line up, Ctrl-D on
/// an empty line ends the input, Tab completes, Up and Ctrl-R find earlier lines. Several pasted
/// lines are read one after the other.
///
/// `Interrupts.install()` comes first, or Ctrl-C ends the program. There is one editor at a time,
/// used from one thread.
public final class LineEditor: LineReading {
  /// Says how the text before the cursor can go on.
  ///
  /// It gets the whole line and the cursor's place in it, an offset in UTF-8 bytes.
  public typealias Completer = (_ line: String, _ cursor: Int) -> Completions

  /// Asked when Tab is pressed; without it Tab does nothing.
  public var completer: Completer?

  private let editor: OpaquePointer
  private let entries: OpaquePointer
  private let historyFile: HistoryFile?
  private var history = HistoryEntries()
  /// The lines of this session that are not in the file yet.
  private var unsaved: [String] = []
  private var keys = KeyReader(descriptor: 0)
  private var prompt = Prompt("")
  /// The prompt as libedit gets it: C keeps the address for as long as a line is read.
  private var promptBytes: UnsafeMutablePointer<CChar>?

  /// Sets the terminal up, or returns nil if standard input or output is not a terminal: then
  /// a `PlainLineReader` is right.
  ///
  /// `program` is the name under which an `.editrc` may set things for this program only.
  /// Without a `historyFile` the history is forgotten at the end.
  public init?(program: String, historyFile: String? = nil, completer: Completer? = nil) {
    guard TerminalInfo.isTerminal(0), TerminalInfo.isTerminal(1) else { return nil }
    _ = terminal_use_utf8()
    guard let editor = editline_init_standard(program) else { return nil }
    guard let entries = history_init() else {
      el_end(editor)
      return nil
    }
    self.editor = editor
    self.entries = entries
    self.completer = completer
    self.historyFile = historyFile.map(HistoryFile.init(path:))
    configure()
  }

  deinit {
    el_end(editor)
    history_end(entries)
    promptBytes?.deallocate()
  }

  private func configure() {
    editline_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
    editline_history_set_size(entries, Int32(HistoryEntries.limit))
    editline_set_history(editor, entries)
    editline_set_editor(editor, "emacs")
    editline_leave_signals(editor)
    editline_set_reader(editor) { editor, place in
      LineEditor.owner(of: editor)?.readKey(into: place) ?? 0
    }
    editline_set_prompt(
      editor, { LineEditor.owner(of: $0)?.promptBytes }, CChar(Prompt.mark.value))
    editline_add_function(editor, KeyBindings.complete, "complete the word") { editor, _ in
      LineEditor.owner(of: editor)?.complete() ?? UInt8(CC_ERROR)
    }
    el_source(editor, nil)
    KeyBindings.install(in: editor)
    // With the terminal's own insertion libedit loses text in a line that wraps.
    for name in ["IC", "ic", "im", "ei"] { editline_set_capability(editor, name, "") }
    // Though its signal is ignored, Ctrl-\ would throw away what was typed.
    editline_set_terminal_mode(editor, "-quit")
  }

  private static func owner(of editor: OpaquePointer?) -> LineEditor? {
    guard let editor, let client = editline_client(editor) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
  }

  /// Reads one line. A Ctrl-C from before the prompt is forgotten.
  public func read(prompt text: String) -> LineRead {
    usePrompt(text)
    _ = terminal_flush_standard_output()
    _ = Interrupts.take()
    // libedit shows the prompt first and takes over the keyboard after it: a key typed in between
    // would come out wrong.
    terminal_begin_editing()
    defer { terminal_end_editing() }
    editline_prepare_terminal(editor, 1)
    var count: Int32 = 0
    let line = el_gets(editor, &count)
    guard let line, count > 0 else {
      let interrupted = Interrupts.take()
      leaveLine(showing: interrupted ? "^C" : "")
      el_reset(editor)
      return interrupted ? .interrupted : .endOfInput
    }
    let bytes = UnsafeRawBufferPointer(start: line, count: Int(count))
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return .line(text)
  }

  private func usePrompt(_ text: String) {
    prompt = Prompt(text)
    let bytes = prompt.marked.utf8CString
    promptBytes?.deallocate()
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { copy[index] = byte }
    promptBytes = copy
  }

  /// Reads a key for libedit: 1 and a character, 0 at the end of the input, -1 for an interrupt.
  ///
  /// libedit's own reader misses a Ctrl-C that comes while it draws.
  private func readKey(into place: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    while true {
      switch keys.next() {
      case .character("\u{1b}") where isSearching:
        guard let scalar = keys.cursorKeyAfterEscape() else { continue }
        place?.pointee = wchar_t(truncatingIfNeeded: scalar.value)
        return 1
      case .character(let scalar):
        place?.pointee = wchar_t(truncatingIfNeeded: scalar.value)
        return 1
      case .endOfInput: return 0
      case .event(terminal_wait_resized): el_resize(editor)
      case .event(terminal_wait_continued): takeTerminalBack()
      case .event(terminal_wait_leave):
        let place = self.place()
        write(String(repeating: "\n", count: place.last - place.cursor))
        editline_prepare_terminal(editor, 0)
        terminal_pass_signal_on()
        takeTerminalBack()
      case .event: return -1
      }
    }
  }

  /// Whether Ctrl-R is at work: libedit then has its own "bck:" below the line as a part of it.
  private var isSearching: Bool { current().line.contains("\n") }

  /// Goes on with the line after the terminal was someone else's.
  private func takeTerminalBack() {
    // libedit believes that the terminal is still in its mode; it has to leave it first.
    editline_prepare_terminal(editor, 0)
    editline_prepare_terminal(editor, 1)
    write("\r")
    editline_refresh(editor)
  }

  /// Goes to a fresh row below a line that was given up.
  private func leaveLine(showing mark: String) {
    let place = self.place()
    write(mark + String(repeating: "\n", count: place.last - place.cursor + 1))
  }

  private func write(_ text: String) {
    _ = terminal_flush_standard_output()
    Output.write(text)
  }
}

// MARK: - Completion

extension LineEditor {
  /// The line being edited.
  private func current() -> (line: String, cursor: Int) {
    guard let info = el_line(editor)?.pointee, let start = info.buffer else { return ("", 0) }
    let bytes = UnsafeRawBufferPointer(start: start, count: info.lastchar - start)
    return (String(decoding: bytes, as: UTF8.self), info.cursor - start)
  }

  /// The rows of the cursor and of the end of the line, counted from the prompt's first.
  private func place() -> (cursor: Int, last: Int) {
    let columns = TerminalInfo.columns(1) ?? 80
    let (line, cursor) = current()
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    return (
      DisplayWidth.row(after: prompt.visible + before, columns: columns),
      DisplayWidth.row(after: prompt.visible + line, columns: columns)
    )
  }

  /// Does what Tab does, and returns what libedit is to do after it.
  private func complete() -> UInt8 {
    guard let completer else { return UInt8(CC_ERROR) }
    let (line, cursor) = current()
    let step = CompletionStep(line: line, cursor: cursor, completions: completer(line, cursor))
    let place = self.place()
    if step.removed > 0 { el_deletestr(editor, Int32(step.removed)) }
    if !step.inserted.isEmpty { el_insertstr(editor, step.inserted) }
    if !step.listed.isEmpty {
      list(step.listed, below: place)
      return UInt8(CC_REDISPLAY)
    }
    let changed = step.removed > 0 || !step.inserted.isEmpty
    return UInt8(changed ? CC_REFRESH : CC_ERROR)
  }

  private func list(_ candidates: [Completion], below place: (cursor: Int, last: Int)) {
    let lines = CompletionList.lines(candidates, columns: TerminalInfo.columns(1) ?? 80)
    // To draw the line anew, libedit goes down from the cursor's row to the last one and erases
    // from there up to the first. So it must find as many rows below the list.
    write(
      String(repeating: "\n", count: place.last - place.cursor + 1)
        + lines.map { $0 + "\n" }.joined() + String(repeating: "\n", count: place.cursor))
  }
}

// MARK: - History

extension LineEditor {
  /// The lines that Up and Ctrl-R find, oldest first.
  public var historyLines: [String] { history.lines }

  /// Takes over the lines of the history file. Returns nil, or what is wrong with the file.
  public func loadHistory() -> String? {
    guard let historyFile else { return nil }
    do {
      history = HistoryEntries(try historyFile.load())
    } catch {
      return error.message
    }
    history.add(unsaved)
    enterAll()
    return nil
  }

  /// Adds a line to the history, in which it then stands once. Blank lines are left out.
  public func addToHistory(_ line: String) {
    guard HistoryEntries.isWorthKeeping(line), history.lines.last != line else { return }
    let isNew = !history.lines.contains(line)
    history.add([line])
    unsaved.append(line)
    if isNew {
      editline_history_enter(entries, line)
    } else {
      // libedit can leave out only a line that equals the one before.
      enterAll()
    }
  }

  /// Adds what is new to the history file. Returns nil, or why that could not be done.
  ///
  /// Lines that other sessions saved meanwhile stay in the file.
  public func saveHistory() -> String? {
    guard let historyFile, !unsaved.isEmpty else { return nil }
    do {
      _ = try historyFile.save(adding: unsaved)
    } catch {
      return error.message
    }
    unsaved = []
    return nil
  }

  private func enterAll() {
    editline_history_clear(entries)
    for line in history.lines { editline_history_enter(entries, line) }
  }
}
