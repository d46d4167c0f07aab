import Laboratory
import Onion
import OnionISA
import SourceText

/// What a learner says that the next step will do.
struct Prediction: Hashable {
  /// Nil: the instruction runs, and no trap comes.
  var trap: TrapGuess?

  struct TrapGuess: Hashable {
    /// One of these; nil: none was named.
    var vectors: [Vector]?
    var vectorName = ""
    /// The ring that it leads to; nil: none was named.
    var ring: Ring?
  }
}

/// How the predictions of a session went: each is made of one to three parts.
struct PredictionScore: Hashable {
  var predictions = 0
  var right = 0
  var parts = 0
}

extension CommandTable {
  static let predictingCommands: [Command] = [
    Command(
      "predict", [], "runs|trap [VECTOR] [to RING]", group: .teaching,
      "say what the next step does, then see it done", example: "predict trap protection to 0",
      details: """
        'predict runs': the instruction runs and no trap comes. 'predict trap' with the trap's number or \
        name, and with the ring that it leads to, counts up to three parts. Under the VMM it is the real \
        trap that counts. 'predict score' says how you did so far; 'predict' alone shows the instruction.
        """,
      completion: .words(["runs", "trap", "score"] + Vector.named.map(\.name))
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.predict(arguments.words)
    }
  ]
}

extension CommandInterpreter {
  func predict(_ words: [String]) throws(CommandFailure) -> StyledText {
    if words == ["score"] { return scoreText() }
    try requireProgram()
    guard !words.isEmpty else {
      return view.location() + "\n"
        + StyledText(
          "what will this step do? The answer makes it: 'predict runs', or "
            + "'predict trap VECTOR to RING', as in 'predict trap protection to 0'"
        ).wrapped(to: columns)
    }
    let prediction = try Self.prediction(words)
    var made: StepRecord?
    let seen = try move {
      let result = $0.step(poll: $1)
      made = result.record
      return result
    }
    // Where no step was made nothing can be judged.
    guard let record = made else { return seen }
    var verdict = judge(prediction, record)
    if !seen.isEmpty { verdict.appendLine(seen) }
    return verdict
  }

  private static func prediction(_ words: [String]) throws(CommandFailure) -> Prediction {
    let usage = CommandFailure(
      "a prediction is 'predict runs' or 'predict trap VECTOR to RING'; 'help predict' says more")
    if words == ["runs"] || words == ["run"] { return Prediction() }
    var rest = words[...]
    var guess = Prediction.TrapGuess()
    if rest.first == "trap" { rest = rest.dropFirst() }
    if let word = rest.first, word != "to", word != "ring" {
      guard let vectors = Vector.all(named: word) else {
        let guess = Suggestion.nearest(to: word, among: ["runs"] + Vector.named.map(\.name))
        throw CommandFailure(
          "'\(word.prefix(40))' is no trap; "
            + (guess.map { "did you mean '\($0)'?" } ?? "'predict trap page' is one"))
      }
      guess.vectors = vectors
      guess.vectorName = word
      rest = rest.dropFirst()
    } else if words.first != "trap" {
      throw usage
    }
    rest = rest.drop { $0 == "to" || $0 == "ring" }
    if let word = rest.first {
      guard rest.count == 1, let number = UInt32(word), number < 4 else {
        throw CommandFailure("a ring is 0 to 3: 'predict trap protection to 0'")
      }
      guess.ring = Ring(bits: number)
    }
    return Prediction(trap: guess)
  }

  /// Counts a prediction's parts and says which were right.
  private func judge(_ prediction: Prediction, _ record: StepRecord) -> StyledText {
    var parts: [(isRight: Bool, text: String)] = []
    let vector = record.delivery?.request.trap.vector
    let happened =
      record.isTrap ? "it traps" : prediction.trap == nil ? "it runs" : "it runs; there was no trap"
    parts.append(((prediction.trap != nil) == record.isTrap, happened))
    if let guess = prediction.trap {
      if let vectors = guess.vectors {
        parts.append(
          (
            vector.map(vectors.contains) ?? false,
            vector.map { "vector \($0) (\($0.name))" } ?? "no vector is delivered"
          ))
      }
      if let ring = guess.ring {
        parts.append(
          (
            record.delivery?.toRing == ring,
            record.delivery.map { "it leads to ring \($0.toRing)" } ?? "it leads to no ring"
          ))
      }
    }
    let right = parts.filter(\.isRight).count
    predictionScore.predictions += 1
    predictionScore.right += right
    predictionScore.parts += parts.count
    let isAll = right == parts.count
    var text =
      isAll
      ? StyledText("right: ", .good)
      : StyledText(right == 0 ? "wrong: " : "in part: ", .bad)
    // Where nothing is as it was said, what happened is all there is to say.
    let told = record.isTrap ? parts : Array(parts.prefix(1))
    text.append(
      told.map { $0.isRight || right == 0 ? $0.text : "\($0.text), not as said" }
        .joined(separator: "; "))
    return text.wrapped(to: columns, hanging: "  ")
  }

  private func scoreText() -> StyledText {
    let score = predictionScore
    guard score.predictions > 0 else {
      return "nothing was predicted yet; 'predict runs' says that the next step runs"
    }
    return StyledText(
      "\(view.plural(UInt64(score.predictions), "prediction")): \(score.right) of "
        + "\(view.plural(UInt64(score.parts), "part")) right"
    ).wrapped(to: columns)
  }
}
