import Laboratory

// Wandering off, and coming back to where one was.
extension LessonEngine {
  /// Where the lesson stands still.
  struct Playing {
    /// Puts the machine back, if it can.
    var restore: () -> Bool
    var digest: String
    var deeds: [String]
  }

  /// The machine is the learner's until `resume`.
  func play() -> [LessonOutput] {
    let session = session
    let usual: () -> () -> Bool = {
      let restore = session.keepState()
      return {
        restore()
        return true
      }
    }
    playing = Playing(
      restore: (keepState ?? usual)(), digest: session.stateDigest(), deeds: deeds)
    return [
      .message("Do what you like; the lesson stands still. `resume` brings all back as it is now."),
      .invitation(.play),
    ]
  }

  func handleWhilePlaying(_ text: String) -> [LessonOutput]? {
    let words = text.split(separator: " ").map(String.init)
    switch words {
    case ["resume"]: return resume() + whereAmI()
    case ["play"], ["lesson"], ["hint"], ["goal"], ["check"], ["solution"], ["solution", "run"]:
      return [
        .message("The lesson stands still while you play; `resume` goes back to it."),
        .invitation(.play),
      ]
    case _ where words.first == "lesson" && words.count > 1 && Self.lessonWords.contains(words[1]):
      return resume() + (handleCommand(words) ?? [])
    default: return nil
    }
  }

  /// Puts the machine back: at once, or by going the whole way again.
  private func resume() -> [LessonOutput] {
    guard let kept = playing else { return [] }
    playing = nil
    if !kept.restore() {
      let (open, stateLeft) = (open, stateLeft)
      rebuild(upTo: position)
      _ = drive(kept.deeds.map { LocatedText($0, line: 1, column: 1) })
      (self.open, self.stateLeft) = (open, stateLeft)
    }
    deeds = kept.deeds
    return [
      .message(
        session.stateDigest() == kept.digest
          ? "The machine is exactly as it was."
          : "The machine could not be made as it was; `lesson back` begins this step again.")
    ]
  }
}
