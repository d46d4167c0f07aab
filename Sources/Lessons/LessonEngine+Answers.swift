import Laboratory

// Questions: what was answered, and what is said to it.
extension LessonEngine {
  /// Takes `text` as an answer to the open question; nil if it can't be one.
  func handleAnswer(_ text: String) -> [LessonOutput]? {
    guard open != nil else { return nil }
    switch currentKind {
    case .quiz(let question):
      return heldBack(text, to: question)
        ?? answer(question, TypedAnswer(text), isPrediction: false)
    case .predict(let question):
      return heldBack(text, to: question) ?? answer(question, TypedAnswer(text), isPrediction: true)
    case .prose, .run, .task, .note, nil: return nil
    }
  }

  func answer(
    _ question: LessonQuestion, _ typed: TypedAnswer, isPrediction: Bool
  ) -> [LessonOutput]? {
    if typed.isUnknowing {
      return mode == .exam
        ? [.message("A guess is better than nothing; `lesson skip` leaves it.")]
          + invite(invitation)
        : hint()
    }
    switch question.answer {
    case .choices(let choices):
      guard let chosen = LessonQuestion.choice(typed, among: choices) else {
        return LessonQuestion.isLetter(typed.core)
          ? [.message("There is no choice \(typed.core).")] + invite(invitation) : nil
      }
      return isPrediction
        ? predicted(chosen, question, choices) : chose(choices[chosen])
    case .value(let expression, let reply, let wrong, let otherwise):
      guard let number = typed.number else { return nil }
      guard case .values(let given) = number else {
        return [.message("A number is decimal, or hexadecimal with 0x in front.")]
      }
      let ran = takeBack() + drive(question.run)
      do throws(ConditionError) {
        let right = try session.value(of: expression.text)
        if given.contains(where: { TypedNumber.same($0, right) }) {
          return ran + [verdict(reply, .right)] + leaveQuestion(.done)
        }
        open?.effort.wrongCount += 1
        var response = otherwise
        for known in wrong {
          let value = try session.value(of: known.value.text)
          guard given.contains(where: { TypedNumber.same($0, value) }) else { continue }
          response = known.reply
          break
        }
        let said = ran + [verdict(response, .wrong)]
        if mode == .exam { return said + leaveQuestion(.missed) }
        guard isPrediction else { return said + invite(.number) }
        return said + [.solution([TypedNumber.shown(right)]), explanation(reply)]
          + leaveQuestion(.done)
      } catch {
        let said = ran + [.message(problem(error))]
        return isPrediction ? said + leaveQuestion(.skipped) : said
      }
    }
  }

  /// What is said to an answer; in an exam only whether it is right.
  private func verdict(_ reply: String, _ verdict: LessonVerdict) -> LessonOutput {
    .reply(mode == .exam ? verdict == .right ? "Right." : "No." : reply, verdict)
  }

  /// What is said to the right answer, without the praise: the learner did not find it.
  private func explanation(_ reply: String) -> LessonOutput {
    guard reply.hasPrefix("Right"), let mark = reply.dropFirst(5).first, ".:,;!".contains(mark)
    else { return .explanation(reply) }
    let rest = reply.dropFirst(6).trimmingSpace
    return .explanation(rest.isEmpty ? reply : rest.prefix(1).uppercased() + rest.dropFirst())
  }

  private func chose(_ choice: LessonQuestion.Choice) -> [LessonOutput] {
    let right = choice.right == .yes
    if !right { open?.effort.wrongCount += 1 }
    let said = [verdict(choice.reply, right ? .right : .wrong)]
    if right { return said + leaveQuestion(.done) }
    return said + (mode == .exam ? leaveQuestion(.missed) : invite(invitation))
  }

  private func predicted(
    _ chosen: Int, _ question: LessonQuestion, _ choices: [LessonQuestion.Choice]
  ) -> [LessonOutput] {
    let ran = takeBack() + drive(question.run)
    do throws(ConditionError) {
      let right = try LessonQuestion.rightChoice(choices, on: session)
      if right != chosen { open?.effort.wrongCount += 1 }
      var said = ran + [verdict(choices[chosen].reply, right == chosen ? .right : .wrong)]
      if mode == .exam { return said + leaveQuestion(right == chosen ? .done : .missed) }
      if let right, right != chosen {
        said.append(.solution([LessonQuestion.named(right, choices)]))
        said.append(explanation(choices[right].reply))
      }
      return said + leaveQuestion(.done)
    } catch {
      return ran + [.message(problem(error))] + leaveQuestion(.skipped)
    }
  }

  /// The answer to the open question with its reply; runs what a prediction runs.
  func answerShown(_ question: LessonQuestion) -> [LessonOutput] {
    let ran = takeBack() + drive(question.run)
    do throws(ConditionError) {
      switch question.answer {
      case .choices(let choices):
        guard let right = try LessonQuestion.rightChoice(choices, on: session) else {
          return ran + leaveQuestion(.shown)
        }
        return ran
          + [
            .solution([LessonQuestion.named(right, choices)]),
            explanation(choices[right].reply),
          ] + leaveQuestion(.shown)
      case .value(let expression, let reply, _, _):
        let value = try session.value(of: expression.text)
        return ran + [.solution([TypedNumber.shown(value)]), explanation(reply)]
          + leaveQuestion(.shown)
      }
    } catch {
      return ran + [.message(problem(error))] + leaveQuestion(.shown)
    }
  }
}

extension LessonQuestion {
  static let letters: [Character] = ["a", "b", "c", "d", "e", "f"]

  /// The question with its choices.
  func shown(isPrediction: Bool) -> [LessonOutput] {
    let asked = isPrediction ? LessonOutput.prediction(question) : .question(question)
    guard case .choices(let choices) = answer else { return [asked] }
    return [asked]
      + zip(Self.letters, choices).map { .choice(letter: $0, text: $1.text) }
  }

  var invitation: LessonInvitation {
    guard case .choices(let choices) = answer else { return .number }
    return .letters(Array(Self.letters.prefix(choices.count)))
  }

  /// The index of the choice that `text` means: its letter, or its text where that is a number.
  ///
  /// Other texts are not taken: a choice may be called like a command.
  static func choice(_ typed: TypedAnswer, among choices: [Choice]) -> Int? {
    if let index = letters.firstIndex(where: { String($0) == typed.core }), index < choices.count {
      return index
    }
    guard typed.number != nil else { return nil }
    return choices.firstIndex {
      $0.text.lowercased() == typed.core || TypedAnswer($0.text).number == typed.number
    }
  }

  /// The index of the right choice, as the machine is now; nil if none is.
  static func rightChoice(
    _ choices: [Choice], on session: any LessonSession
  ) throws(ConditionError) -> Int? {
    for (index, choice) in choices.enumerated() {
      switch choice.right {
      case .yes: return index
      case .no: continue
      case .condition(let condition):
        if try session.evaluate(condition: condition.text) { return index }
      }
    }
    return nil
  }

  /// A bare letter among those that choices may have: while a question waits it is an answer, never a command.
  static func isLetter(_ text: String) -> Bool {
    text.count == 1 && text.lowercased().first.map(letters.contains) == true
  }

  /// "b) The CPU traps to ring 0."
  public static func named(_ index: Int, _ choices: [Choice]) -> String {
    "\(letters[index])) \(choices[index].text)"
  }
}
