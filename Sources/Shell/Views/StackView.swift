import Laboratory
import Onion
import OnionISA
import SourceText

// The stack, word by word, with what can be recognised.
extension ViewContext {
  /// Where the program is, what `ra` holds, and `count` words from sp on.
  public func stack(words count: Int) -> StyledText {
    var text = StyledText(" pc ", .dim) + named(world.pc)
    text.appendLine(StyledText(" ra ", .dim) + named(VirtualAddress(machine[.ra])))
    text.appendLine(
      paragraph(
        StyledText("the stack of ", .dim) + ringText(world.ring)
          + StyledText(", from sp ", .dim)
          + address(VirtualAddress(machine.stackPointer))))
    guard machine[.sp] != 0 else {
      text.appendLine(paragraph("sp is 0: no stack was set up here yet."))
      return text
    }
    for item in session.stack(words: count) {
      for line in lines(of: item) { text.appendLine(line) }
    }
    return text
  }

  private func lines(of item: StackItem) -> [StyledText] {
    switch item {
    case .word(let place, let word): return [row(place, word, StyledText())]
    case .returnAddress(let place, let word):
      let name = image?.symbolicName(of: word) ?? hexadecimal(word)
      return [row(place, word, StyledText("goes back to \(name)"))]
    case .trapFrame(let frame):
      let trap = frame.trap
      let vector =
        "vector \(trap.trap.vector) (\(trap.trap.vector.name)), step \(grouped(trap.step))"
      let name = image?.symbolicName(of: frame.pc.rawValue) ?? ""
      return [
        row(frame.address, frame.error, StyledText("\(vector): error", .strong)),
        row(frame.address + 4, frame.pc.rawValue, StyledText("pc \(name)")),
        row(
          frame.address + 8, frame.status.rawValue,
          StyledText("status: ") + ringText(frame.status.cpl)
            + StyledText(", IF \(frame.status.interruptsEnabled ? 1 : 0)")),
        row(frame.address + 12, frame.stackPointer.rawValue, "sp"),
      ]
    case .otherStack(let place, let ring):
      return [
        paragraph(
          StyledText("the stack of ", .dim) + ringText(ring) + StyledText(", from sp ", .dim)
            + address(place))
      ]
    case .unmapped(let place):
      return [paragraph(StyledText("no page is mapped at \(place)", .dim))]
    }
  }

  private func row(_ place: VirtualAddress, _ word: UInt32, _ note: StyledText) -> StyledText {
    let line = StyledText(" ") + address(place) + StyledText("  \(hexadecimal(word))")
    return (note.isEmpty ? line : line + "  " + note).wrapped(
      to: width, hanging: StyledText(String(repeating: " ", count: 20)))
  }
}
