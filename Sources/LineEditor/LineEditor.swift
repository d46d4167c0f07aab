import CEditline
import CTerminal

/// Reads lines from a person at a terminal, with editing, history and completion.
///
/// Keys are those of Emacs, or what the user's `.editrc` says. Ctrl-C gives the line up, Ctrl-D on
/// an empty line ends the input, Tab completes, Up and Ctrl-R find earlier lines. A paste of several
/// lines asks before they are read one after the other.
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

  /// How a line could go on, shown dim behind it while the cursor is at its end; nil: nothing.
  public typealias Hinter = (_ line: String) -> String?

  /// Asked before each key; without it, or without a terminal that can draw, there are no hints.
  public var hinter: Hinter?

  /// What is done while nobody types.
  public enum Background: Equatable, Sendable {
    /// Nothing is to be done: the editor waits for a key.
    case nothing
    /// A part of the work is done, and there is more.
    case more
    /// A text for the screen came of it, whole lines without the last line's end.
    case text(String)
  }

  /// Asked again and again while no key waits. Each time it works for a few hundredths of a second at most,
  /// and less if `hasInput` says that a key waits.
  public var background: (() -> Background)?

  /// Whether a key waits, or a signal that ends the line.
  public static var hasInput: Bool { Interrupts.isPending || terminal_has_input(0, 0) }

  /// What a page key types, Enter included, while the line is empty; nil: nothing. A user's own binding of the
  /// key comes first.
  public var pageKey: ((PageKey) -> String?)?

  private let editor: OpaquePointer
  private let entries: OpaquePointer
  private let historyFile: HistoryFile?
  private var history = HistoryEntries()
  /// The lines of this session that are not in the file yet.
  private var unsaved: [String] = []
  private var keys = KeyReader(descriptor: 0)
  private var bindings = KeyBindings()
  /// Characters that libedit gets before those of the keyboard.
  private var queue: [Unicode.Scalar] = []
  /// Lines of a paste that are still to be read.
  private var pasted: [String] = []
  /// A hint stands behind the line.
  private var isHinting = false
  private let canDraw: Bool
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
    canDraw = TerminalInfo.canMoveTheCursor
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
    bindings = KeyBindings(
      installedIn: editor, own: KeyBindings.keys(boundBy: EditorSettings.text()))
    // With the terminal's own insertion libedit loses text in a line that wraps.
    for name in ["IC", "ic", "im", "ei"] { editline_set_capability(editor, name, "") }
    // Though its signal is ignored, Ctrl-\ would throw away what was typed.
    editline_set_terminal_mode(editor, "-quit")
  }

  private static func owner(of editor: OpaquePointer?) -> LineEditor? {
    guard let editor, let client = editline_client(editor) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
  }

  /// Forgets the lines of a paste that were not read yet.
  public func dropPasted() { pasted = [] }

  /// Reads one line. A Ctrl-C from before the prompt is forgotten.
  public func read(prompt text: String) -> LineRead {
    usePrompt(text)
    _ = terminal_flush_standard_output()
    if Interrupts.take() { pasted = [] }
    if !pasted.isEmpty {
      let line = pasted.removeFirst()
      write(text + line + "\n")
      return .line(line)
    }
    // libedit shows the prompt first and takes over the keyboard after it: a key typed in between
    // would come out wrong.
    terminal_begin_editing()
    defer { terminal_end_editing() }
    editline_prepare_terminal(editor, 1)
    if canDraw { write(Self.pasteMarksOn) }
    var count: Int32 = 0
    let line = el_gets(editor, &count)
    if canDraw { write(Self.pasteMarksOff) }
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

  /// The terminal puts marks around what is pasted.
  private static let pasteMarksOn = "\u{1b}[?2004h"
  private static let pasteMarksOff = "\u{1b}[?2004l"

  /// Reads a key for libedit: 1 and a character, 0 at the end of the input, -1 for an interrupt.
  ///
  /// libedit's own reader misses a Ctrl-C that comes while it draws, and knows nothing of pastes.
  private func readKey(into place: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    func hand(_ scalar: Unicode.Scalar) -> Int32 {
      place?.pointee = wchar_t(truncatingIfNeeded: scalar.value)
      return 1
    }
    while true {
      if !queue.isEmpty { return hand(queue.removeFirst()) }
      showHint()
      let key = nextKey()
      eraseHint()
      switch key {
      case .character("\u{1b}"):
        if let scalar = afterEscape() { return hand(scalar) }
      case .character(let scalar): return hand(scalar)
      case .endOfInput: return 0
      case .event(terminal_wait_resized): el_resize(editor)
      case .event(terminal_wait_continued): takeTerminalBack()
      case .event(terminal_wait_leave): leaveAndComeBack()
      case .event: return -1
      }
    }
  }

  /// The next key; until it comes, what is to be done in the background is done.
  private func nextKey() -> KeyReader.Key {
    while let background {
      let key = keys.next(within: 0)
      guard key == .event(terminal_wait_timeout) else { return key }
      switch background() {
      case .nothing: return keys.next()
      case .more: break
      case .text(let text):
        eraseHint()
        show(text)
        showHint()
      }
    }
    return keys.next()
  }

  /// The character for libedit after an escape; nil if the key means nothing here.
  private func afterEscape() -> Unicode.Scalar? {
    switch keys.afterEscape() {
    case .alone: return "\u{1b}"
    case .character(let scalar):
      queue = [scalar]
      return "\u{1b}"
    case .code("[200~"):
      paste()
      return nil
    case .code(let code):
      // libedit knows no codes while it searches the history, and would search for them.
      if isSearching { return KeyBindings.shortCursorKeys[code] }
      if bindings.usesVi, let key = KeyBindings.cursorKey(code) {
        perform(key)
        return nil
      }
      if !bindings.knows(code), current().line.isEmpty,
        let line = KeyBindings.pageKey(code).flatMap({ pageKey?($0) })
      {
        queue = Array((line + "\n").unicodeScalars)
        return queue.removeFirst()
      }
      guard bindings.knows(code) else { return nil }
      queue = Array(code.unicodeScalars)
      return "\u{1b}"
    }
  }

  private func perform(_ key: KeyBindings.CursorKey) {
    let (line, cursor) = current()
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self).unicodeScalars.count
    let after = line.unicodeScalars.count - before
    eraseLine()
    switch key {
    case .home: el_cursor(editor, Int32(-before))
    case .end: el_cursor(editor, Int32(after))
    case .delete where after > 0:
      el_cursor(editor, 1)
      el_deletestr(editor, 1)
    case .delete: break
    }
    editline_refresh(editor)
  }

  private func leaveAndComeBack() {
    let place = self.place()
    write(String(repeating: "\n", count: place.last - place.cursor))
    if canDraw { write(Self.pasteMarksOff) }
    editline_prepare_terminal(editor, 0)
    terminal_pass_signal_on()
    takeTerminalBack()
    if canDraw { write(Self.pasteMarksOn) }
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
    // A search that is given up has gone below its own line.
    if isSearching { return write(mark + "\n") }
    let place = self.place()
    let down = String(repeating: "\n", count: place.last - place.cursor)
    // The mark stands behind the line, wherever the cursor was.
    let lastRow =
      (prompt.visible + current().line).split(
        separator: "\n", omittingEmptySubsequences: false
      ).last.map(String.init) ?? ""
    let column = DisplayWidth.columns(lastRow) % (TerminalInfo.columns(1) ?? 80)
    let toEnd = canDraw && !mark.isEmpty && column > 0 ? "\r\u{1b}[\(column)C" : ""
    write(down + toEnd + mark + "\n")
  }

  private func write(_ text: String) {
    _ = terminal_flush_standard_output()
    Output.write(text)
  }
}

// MARK: - What is drawn besides the line

extension LineEditor {
  /// Shows whole lines above the prompt, under which the line goes on.
  private func show(_ text: String) {
    eraseLine()
    write(text + "\n")
    editline_refresh(editor)
  }

  /// Takes prompt and line off the screen; the cursor is where the prompt began.
  private func eraseLine() {
    let place = self.place()
    guard canDraw else {
      return write(String(repeating: "\n", count: place.last - place.cursor + 1))
    }
    write("\r" + (place.cursor > 0 ? "\u{1b}[\(place.cursor)A" : "") + "\u{1b}[J")
  }

  private func showHint() {
    guard canDraw, let hinter, !isSearching else { return }
    let (line, cursor) = current()
    guard !line.isEmpty, cursor == line.utf8.count, !terminal_has_input(0, 0),
      let hint = hinter(line), !hint.isEmpty
    else { return }
    let used = DisplayWidth.columns(prompt.visible + line)
    let shown = DisplayWidth.clipped(hint, to: (TerminalInfo.columns(1) ?? 80) - used - 1)
    let width = DisplayWidth.columns(shown)
    guard width > 0 else { return }
    write("\u{1b}[2m\(shown)\u{1b}[0m\u{1b}[\(width)D")
    isHinting = true
  }

  private func eraseHint() {
    guard isHinting else { return }
    write("\u{1b}[K")
    isHinting = false
  }
}

// MARK: - Pasting

extension LineEditor {
  /// Takes a paste: a line goes into the line, several ask first.
  private func paste() {
    guard let text = keys.pastedText() else { return }
    // While libedit searches it holds a place in the line that must not move.
    if isSearching {
      queue = Array(Paste(text).lines[0].unicodeScalars)
      return
    }
    let paste = Paste(text)
    guard paste.isSeveralLines else { return insert(paste.lines[0]) }
    guard agrees(to: paste.lines.count) else { return }
    pasted = Array(paste.lines.dropFirst())
    insert(paste.lines[0])
    queue = ["\r"]
  }

  private func insert(_ text: String) {
    guard !text.isEmpty else { return }
    eraseLine()
    el_insertstr(editor, text)
    editline_refresh(editor)
  }

  /// Asks below the line whether so many lines shall be read.
  private func agrees(to count: Int) -> Bool {
    let place = self.place()
    write(
      String(repeating: "\n", count: place.last - place.cursor + 1)
        + "\rpasted \(count) lines: Enter runs them one by one, any other key drops them")
    let agrees = answer()
    write("\n\r")
    editline_refresh(editor)
    return agrees
  }

  private func answer() -> Bool {
    while true {
      switch keys.next() {
      case .character("\r"), .character("\n"), .character("y"): return true
      case .character("\u{1b}"):
        // What is pasted at a question is no answer to it.
        if case .code("[200~") = keys.afterEscape() { _ = keys.pastedText() }
        return false
      case .event(terminal_wait_interrupt):
        _ = Interrupts.take()
        return false
      case .event(terminal_wait_resized): el_resize(editor)
      case .event(terminal_wait_continued):
        editline_prepare_terminal(editor, 0)
        editline_prepare_terminal(editor, 1)
      case .event(terminal_wait_leave): leaveAndComeBack()
      default: return false
      }
    }
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
