import LineEditor
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The presenter's second terminal: the notes, where the performance is.
struct PlayFollower {
  let run: TranscriptRun
  let output: ShellOutput

  /// - Parameter follows: shows again whenever the performance has gone on, up to q or Ctrl-C.
  func show(follows: Bool) {
    let script = Script(run.transcript)
    let notes = PlayNotes(title: run.title, script: script)
    let place = PlayPlace()
    let keys = follows ? KeyPad() : nil
    var shown: (position: Int, width: Int)?
    repeat {
      let position = place?.position(of: run.path, count: script.beats.count) ?? 0
      let now = (position: position, width: min(output.width, 80))
      if shown.map({ $0 != now }) ?? true {
        if follows, TerminalInfo.canMoveTheCursor {
          output.write(raw: "\u{1b}[H\u{1b}[2J\u{1b}[3J")
        }
        output.write(notes.text(at: position, width: now.width))
        if keys != nil { output.write(StyledText("(q leaves)", .dim)) }
        shown = now
      }
      switch keys?.next(within: 200) {
      case .character("q"), .interrupted, .endOfInput: return
      case nil: if follows { usleep(200_000) }
      default: break
      }
    } while follows && !Interrupts.take() && output.failure == nil
  }
}
