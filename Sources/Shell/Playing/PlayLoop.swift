import LineEditor
import SourceText
import Transcripts

/// Leads a performance: shows, waits, and does what the presenter asks for.
final class PlayLoop {
  private let player: TranscriptPlayer
  private let output: ShellOutput
  private let place: PlayPlace?
  private let keys: KeyPad?
  private let lines = PlainLineReader(descriptor: 0, promptDescriptor: nil)
  private var pace: PlayPace
  private var isPaused = false
  /// A key that came while a command typed itself, and does what it does.
  private var earlyKey: KeyPad.Key?
  private var searched: String?
  /// What was written last ends in a blank line.
  private var isSetOff = false
  /// What was shown last, for the time that reading it takes.
  private var lastText = ""
  private var width: Int { min(output.width, 80) }

  init(_ player: TranscriptPlayer, output: ShellOutput, pace: PlayPace, place: PlayPlace?) {
    self.player = player
    self.output = output
    self.pace = pace
    self.place = place
    // Whoever listens to a screen reader types whole lines, and nothing is erased.
    keys = output.isPlain || !TerminalInfo.isTerminal(1) ? nil : KeyPad()
  }

  /// - Parameter position: the beat to begin at.
  func run(from position: Int) {
    if player.script.chapters.first?.title != player.run.title {
      output.write(Markdown.inline(player.run.title).restyled { _ in .heading }.wrapped(to: width))
    }
    if player.run.width > output.width {
      say(
        "the transcript is \(player.run.width) columns wide, this terminal \(output.width): "
          + "make it wider, or its letters smaller")
    }
    let how = keys == nil ? "Enter goes on, ? tells the rest" : "space goes on, ? tells the rest"
    say("\(player.script.commandCount) commands; \(how)")
    do throws(CommandFailure) {
      if position > 0 {
        let shown = try player.go(to: position)
        say("going on where you left; 0 goes to the beginning")
        show(shown, typed: false)
      } else {
        show(try player.forward(), typed: true)
      }
    } catch { complain(error) }
    while output.failure == nil {
      place?.note(player.position, of: player.run.path, count: player.script.beats.count)
      let action = next()
      if action == .quit || (action == .forward && player.isAtEnd) { break }
      do throws(CommandFailure) { try perform(action) } catch { complain(error) }
    }
    end()
  }

  // MARK: Asking

  private func next() -> PlayAction {
    let status = statusLine
    guard let keys else {
      isSetOff = false
      output.write(raw: output.rendered(StyledText(status, .dim)) + "\n")
      guard case .line(let line) = lines.read(prompt: "") else { return .quit }
      return PlayAction(line: line)
    }
    let wait = isPaused || player.isAtEnd ? nil : pace.wait(after: lastText)
    output.write(raw: output.rendered(StyledText(status, .dim)))
    let key = earlyKey ?? keys.next(within: wait ?? -1)
    earlyKey = nil
    output.write(raw: "\r\u{1b}[K")
    if key == .timeout { return .forward }
    // While it goes by itself the space bar is what stops it.
    if wait != nil, key == .character(" ") { return .pause }
    return PlayAction(key)
  }

  private var statusLine: String {
    let count = "\(player.commandNumber)/\(player.script.commandCount)"
    let chapter =
      player.script.chapter(at: player.position).map { " " + Markdown.inline($0).plain } ?? ""
    let state = player.isAtEnd ? " · the end" : isPaused ? " · paused" : ""
    let text = "[\(count)\(chapter)\(state)]"
    return text.count < width ? text : "[\(count)\(state)]"
  }

  /// Asks for words, on a line of their own.
  private func ask(_ question: String) -> String {
    keys?.suspend()
    defer { keys?.resume() }
    output.write(raw: question + " ")
    guard case .line(let line) = lines.read(prompt: "") else {
      output.write(raw: "\n")
      return ""
    }
    // Esc, and Enter after it, since lines are read whole here.
    return line.contains("\u{1b}") ? "" : line.trimmed
  }

  // MARK: Doing

  private func perform(_ action: PlayAction) throws(CommandFailure) {
    switch action {
    case .forward: show(try player.forward(), typed: true)
    case .back:
      guard let shown = try player.back() else { return say(Self.beginning) }
      say("back: command \(player.commandNumber + 1) is still to come")
      show(shown, typed: false)
    case .nextChapter: try go(to: player.chapter(by: 1), or: "there is no chapter after this")
    case .previousChapter: try go(to: player.chapter(by: -1), or: "there is no chapter before this")
    case .first: try goToTheBeginning()
    case .stepOn: write(player.aside("step").text)
    case .stepBack:
      guard player.interpreter.session.world.steps > 0 else { return say(Self.beginning) }
      write(player.aside("back").text)
    case .search(let text):
      let wanted = text ?? ask("search for:")
      guard !wanted.isEmpty else { return explain("search for what? '/trap'", text) }
      searched = wanted
      try search(wanted)
    case .searchOn:
      guard let searched else { return say("nothing was searched for yet; / does") }
      try search(searched)
    case .goTo(let text):
      let place = text ?? ask("go to command or chapter:")
      guard !place.isEmpty else { return explain("go where? 'g 5', or 'g' and a chapter", text) }
      try goTo(place)
    case .detour: try detour()
    case .pause:
      if pace == .byKey {
        pace = .usual
        isPaused = false
        return say("it goes by itself, at \(pace.words); p pauses, + and - are faster and slower")
      }
      isPaused.toggle()
    case .faster: change(to: pace.scaled(by: 1.25))
    case .slower: change(to: pace.scaled(by: 0.8))
    case .help:
      for (key, what) in keys == nil ? PlayAction.lines : PlayAction.keys {
        output.write(
          (StyledText(" " + key, .strong).padded(to: 8) + StyledText(what)).wrapped(
            to: width, hanging: "        "))
      }
    case .unknown(""): say("that key is nothing here; ? tells what is")
    case .unknown(let key): say("'\(key.prefix(20))' is nothing here; ? tells what is")
    case .quit: break
    }
  }

  private static let beginning = "this is the beginning"

  /// What a line lacks; who was asked and gave nothing wants nothing.
  private func explain(_ usage: String, _ text: String?) {
    if text != nil { say(usage) }
  }

  private func change(to pace: PlayPace) {
    self.pace = pace
    say(pace == .byKey ? "it waits for your key; p makes it go by itself" : pace.words)
  }

  private func goToTheBeginning() throws(CommandFailure) {
    _ = try player.go(to: 0)
    guard case .prose = player.script.beats.first else { return say(Self.beginning) }
    show(try player.forward(), typed: false)
  }

  private func search(_ wanted: String) throws(CommandFailure) {
    let found = player.script.search(wanted, from: player.position)
    if let found, found < player.position { say("from the beginning:") }
    try go(to: found, or: "'\(wanted)' is nowhere in it")
  }

  /// Jumps, and shows what is there.
  private func go(to position: Int?, or complaint: String) throws(CommandFailure) {
    guard let position else { return say(complaint) }
    _ = try player.go(to: position)
    show(try player.forward(), typed: false)
  }

  private func goTo(_ text: String) throws(CommandFailure) {
    if let number = Int(text) {
      return try go(
        to: player.script.position(ofCommand: number),
        or: "there are commands 1 to \(player.script.commandCount)")
    }
    let chapter = player.script.chapters.first {
      $0.title.lowercased().contains(text.lowercased())
    }
    try go(to: chapter?.position, or: "there is no chapter '\(text.prefix(40))'")
  }

  /// The machine is the presenter's, until they come back.
  private func detour() throws(CommandFailure) {
    say("a detour: the machine is yours; Ctrl-D or 'return' comes back")
    player.beginDetour()
    wander()
    let shown = try player.endDetour()
    say("back in the script, after command \(player.commandNumber)")
    show(shown, typed: false)
  }

  /// Lines, up to the end of the detour. When it returns the keys are taken again, so that none is lost.
  private func wander() {
    keys?.suspend()
    defer { keys?.resume() }
    if keys != nil, let editor = LineEditor(program: "ringside") {
      runLines(editor)
    } else {
      runLines(lines)
    }
  }

  private func runLines(_ reader: any LineReading) {
    while output.failure == nil {
      let prompt = output.rendered(StyledText("(detour)", .prompt)) + " "
      if keys == nil { output.write(raw: prompt) }
      switch reader.read(prompt: prompt) {
      case .endOfInput: return
      case .interrupted: continue
      case .line(let line):
        if line.trimmed == "return" { return }
        if let name = TypedLine(line)?.name, CommandTable.fullName(of: name) == "quit" {
          say("'return' comes back to the script")
          continue
        }
        (reader as? LineEditor)?.addToHistory(line)
        output.write(player.interpreter.execute(line).text)
        _ = Interrupts.take()
      }
    }
  }

  // MARK: Showing

  private func show(_ shown: TranscriptPlayer.Shown?, typed: Bool) {
    switch shown {
    case nil: lastText = ""
    case .prose(let lines):
      let text = Markdown.text(lines.joined(separator: "\n"), width: width)
      if !isSetOff { output.write(raw: "\n") }
      write(text)
      output.write(raw: "\n")
      isSetOff = true
    case .command(let line, let text):
      type(line, typed)
      write(text)
    case .differing(let line, let text, let divergence):
      type(line, typed)
      write(text)
      say("not as written: \(divergence.summary)")
    }
  }

  /// The command, as if somebody typed it; any key shows the rest at once, and does what else it does.
  private func type(_ line: String, _ typed: Bool) {
    output.write(raw: output.rendered(StyledText(TranscriptCommand.prompt, .prompt)) + " ")
    // What stands in a file is not for the terminal to obey.
    let line = StyledText(line).visible.plain
    guard let keys, typed else { return output.write(raw: line + "\n") }
    let rhythm = Pace()
    var rest = Substring(line)
    while let character = rest.popFirst() {
      output.write(raw: String(character))
      let wait = Int(rhythm.pause(before: character) * 1000)
      let key = keys.next(within: wait)
      if key == .timeout { continue }
      if PlayAction(key) != .forward { earlyKey = key }
      break
    }
    output.write(raw: rest + "\n")
  }

  private func write(_ text: StyledText) {
    lastText = text.plain
    isSetOff = false
    output.write(text)
  }

  private func say(_ text: String) {
    isSetOff = false
    output.write(StyledText(text, .dim).wrapped(to: width))
  }

  private func complain(_ failure: CommandFailure) {
    output.write(failure.text.wrapped(to: width))
    _ = Interrupts.take()
  }

  private func end() {
    keys?.suspend()
    let differing = player.differences.sorted().map(String.init)
    if !differing.isEmpty {
      let numbers =
        differing.prefix(10).joined(separator: ", ") + (differing.count > 10 ? " …" : "")
      say(
        differing.count == 1
          ? "1 command did not say what is written: number \(numbers)"
          : "\(differing.count) commands did not say what is written: numbers \(numbers)")
    }
    // At its end it is not gone on with but begun anew.
    let position = player.isAtEnd ? 0 : player.position
    place?.note(position, of: player.run.path, count: player.script.beats.count)
    say(
      player.isAtEnd
        ? "the end" : "your place is kept: command \(player.commandNumber + 1) comes next")
  }
}
