// A class: an answer is put to the room before it is revealed.
extension LessonEngine {
  /// What the room thinks, before it is told.
  struct RoomAnswer {
    /// The answer as it is judged: a letter, or a number.
    var text: String
  }

  /// Takes an answer of the room, or how many are for each choice (`a 5 b 12`), and shows it without judging.
  ///
  /// - Returns: nil if nothing is held back, or if `text` is no answer.
  func heldBack(_ text: String, to question: LessonQuestion) -> [LessonOutput]? {
    guard mode == .presented else { return nil }
    switch question.answer {
    case .choices(let choices):
      if let votes = LessonVotes(text, choiceCount: choices.count) {
        open?.room = RoomAnswer(text: String(LessonQuestion.letters[votes.winner]))
        return zip(choices.indices, choices).map { index, choice in
          .votes(
            letter: LessonQuestion.letters[index], text: choice.text, count: votes.counts[index],
            total: votes.total)
        } + invite(.reveal)
      }
      guard let chosen = LessonQuestion.choice(TypedAnswer(text), among: choices) else {
        return nil
      }
      open?.room = RoomAnswer(text: String(LessonQuestion.letters[chosen]))
      return [.message("The room says \(LessonQuestion.named(chosen, choices))")] + invite(.reveal)
    case .value:
      guard case .values(let values)? = TypedAnswer(text).number, let value = values.first else {
        return nil
      }
      open?.room = RoomAnswer(text: text)
      return [.message("The room says \(TypedNumber.shown(value)).")] + invite(.reveal)
    }
  }

  /// Judges what the room said; nil if it said nothing.
  func reveal() -> [LessonOutput]? {
    guard let room = open?.room else { return nil }
    open?.room = nil
    if let kind = currentKind { asked = kind.invitation }
    switch currentKind {
    case .quiz(let question): return answer(question, TypedAnswer(room.text), isPrediction: false)
    case .predict(let question): return answer(question, TypedAnswer(room.text), isPrediction: true)
    case .prose, .run, .task, .note, nil: return nil
    }
  }

  /// `lesson next` at something that is open: first it is the room's, then it is shown.
  func nextInClass() -> [LessonOutput] {
    if let said = reveal() { return said }
    guard open?.isPut == true else {
      open?.isPut = true
      let how =
        currentKind?.isTask == true
        ? "Who knows how?"
        : "What does the room say? Type its answer, or for choices how many: `a 5 b 12`."
      return [.message("\(how) `lesson next` again shows it.")] + invite(invitation)
    }
    return handleCommand(["lesson", "skip"]) ?? []
  }
}

extension LessonStep.Kind {
  /// Something is to be done.
  var isTask: Bool { if case .task = self { true } else { false } }
}

/// How many of a class are for each choice: `a 5 b 12`, `a5 b12`, `b=12`.
struct LessonVotes: Equatable {
  /// By the choices' order.
  var counts: [Int]
  var total: Int { counts.reduce(0, +) }
  /// The choice that most are for; of equals the first.
  var winner: Int { counts.firstIndex(of: counts.max() ?? 0) ?? 0 }

  /// Nil if `text` is something else.
  init?(_ text: String, choiceCount: Int) {
    counts = Array(repeating: 0, count: choiceCount)
    var letter: Int?
    var digits = ""
    var seen: Set<Int> = []
    func isCount(_ digits: String) -> Bool { !digits.isEmpty && digits.count <= 4 }
    for character in text.lowercased() + " " {
      if character.isASCII, character.isNumber {
        guard letter != nil else { return nil }
        digits.append(character)
        continue
      }
      if let place = letter, isCount(digits), let count = Int(digits) {
        counts[place] = count
        (letter, digits) = (nil, "")
      }
      if let place = LessonQuestion.letters.firstIndex(of: character) {
        guard letter == nil, place < choiceCount, seen.insert(place).inserted else { return nil }
        letter = place
      } else if !" ,=:".contains(character) || !digits.isEmpty {
        return nil
      }
    }
    guard letter == nil, total > 0 else { return nil }
  }
}
