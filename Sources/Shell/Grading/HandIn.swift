import Lessons
import SourceText
import Transcripts

/// What a hand-in came to.
struct HandIn: Sendable {
  /// What a teacher should look at.
  struct Mark: Hashable, Sendable {
    enum Kind: String, Sendable {
      case unreadable
      case edited
      case differs
      case limit
      case outside
      case unsealed
      case unfinished
      case header
      case copied
      case similar
      case set
    }

    var kind: Kind
    var text: String

    init(_ kind: Kind, _ text: String) {
      self.kind = kind
      // It may quote what a student wrote.
      self.text = StyledText.visibleLine(text)
    }
  }

  /// The file, as it is called in the folder.
  var file: String
  var name: String?
  var nonce: String?
  var goals: [LessonGrader.Goal] = []
  /// For each goal that was reached: where.
  var moments: [String: Moment] = [:]
  var marks: [Mark] = []
  var commandCount = 0
  var seconds = 0.0
  /// The links of its chain of seals that fit.
  var seals: [String] = []
  /// Its commands but those that the lesson runs and those that only look, by their full names.
  var ownCommands: [String] = []

  /// Where a goal was reached.
  struct Moment: Hashable, Sendable {
    var command: Int
    var line: Int
    var step: UInt64
    var text: String
  }

  var reachedCount: Int { goals.count { $0.reachedAt != nil } }
  /// All goals were reached and there is nothing to look at.
  var isClean: Bool { reachedCount == goals.count && marks.isEmpty }

  /// Marks that say that something is not as it claims, rather than merely odd.
  var isSuspect: Bool {
    marks.contains { ![.unsealed, .unfinished, .header, .similar, .set].contains($0.kind) }
  }
}

/// Runs hand-ins again, each in bounds of its own.
struct HandInGrader: Sendable {
  var lesson: LessonDocument
  /// The folder of the lessons.
  var lessons: String
  var extras: [ExtraGoal] = []
  var seconds = 10.0
  var instructions: UInt64 = 200_000_000
  var outputLimit = 4 << 20

  func grade(path: String, file: String) -> HandIn {
    let start = ContinuousClock.now
    var handIn = HandIn(file: StyledText.visibleLine(file))
    handIn.goals = LessonGrader(lesson, extras: extras).goals
    do throws(CommandFailure) {
      // A pipe would be waited for; no bound of the machine's holds there.
      guard WholeFile.isOrdinary(path) || !WholeFile.exists(path) else {
        throw CommandFailure("it is no ordinary file")
      }
      let library = try? LessonLibrary(folder: lessons)
      let run = try TranscriptRun(path, library: library)
      let lines = run.transcript.blocks.flatMap(\.commands).map { $0.text.trimmed }
      try replay(run, lines, library, &handIn)
    } catch {
      handIn.marks.append(.init(.unreadable, error.text.plain))
    }
    handIn.seconds = (ContinuousClock.now - start) / .seconds(1)
    return handIn
  }

  /// The lesson's machine with each of its programs, on the bare machine and under the VMM: what conditions can
  /// name.
  func exampleMachines() throws(CommandFailure) -> [CommandInterpreter] {
    let files = FileFinder(lesson: lesson, library: lessons)
    var machines: [CommandInterpreter] = []
    for program in lesson.programs {
      for way in ["load", "load --guest"] {
        let name = program.split(separator: "/").last ?? ""
        guard let machine = CommandInterpreter(settings: lesson.machine.settings, files: files)
        else { continue }
        if machine.run(line: "\(way) \(name)").succeeded { machines.append(machine) }
      }
    }
    guard machines.isEmpty else { return machines }
    return CommandInterpreter(settings: lesson.machine.settings, files: files).map { [$0] } ?? []
  }

  private func replay(
    _ run: TranscriptRun, _ lines: [String], _ library: LessonLibrary?, _ handIn: inout HandIn
  ) throws(CommandFailure) {
    var grader = LessonGrader(lesson, extras: extras, lines: lines)
    let front = run.transcript.frontMatter
    handIn.name = front.name.map(StyledText.visibleLine)
    handIn.nonce = front.nonce.map(StyledText.visibleLine)
    handIn.seals = run.transcript.fittingSeals
    handIn.ownCommands = LessonGrader.ownLines(lines, in: lesson)
      .filter { !$0.hasPrefix("machine") }.compactMap(Similarity.normal)
    handIn.marks = headerMarks(run)

    // The lesson's own programs come first: a hand-in can't bring others under their names.
    var files = FileFinder(lesson: lesson, library: lessons)
    files.folders.append(FileFinder.folder(of: run.path))
    let confinement = FileConfinement()
    files.confinement = confinement
    let interpreter = try run.interpreter(library: library, files: files)
    handIn.marks += run.headerDifferences(files, library: library).map {
      .init(.header, String($0.dropFirst(run.path.count + 2)))
    }
    let budget = RunBudget(seconds: seconds, instructions: instructions)
    interpreter.poll = { [unowned interpreter] in
      budget.look(at: interpreter.session.world.steps)
    }
    let limits = Replayer.Limits(output: outputLimit) { [unowned interpreter] in
      budget.look(at: interpreter.session.world.steps)
      return budget.exhausted
    }
    var replayer = Replayer(run.transcript, limits: limits, goesOn: true)
    let places = run.transcript.blocks.flatMap(\.commands).map(\.line)
    let byHand = GoalByHand(lesson: lesson, extras: extras)
    var differs = false
    while let step = replayer.next(on: interpreter) {
      _ = interpreter.takeStyledOutputs()
      if case .prose = step { continue }
      if case .diverged(let divergence) = step {
        if case .limit(let reason) = divergence.kind {
          handIn.marks.append(
            .init(.limit, "line \(divergence.line): \(divergence.command): stopped: \(reason)"))
          break
        }
        if !differs {
          handIn.marks.append(
            .init(
              .differs,
              "line \(divergence.line): \(divergence.command): "
                + divergence.summaryWithReason))
        }
        differs = true
      }
      guard let last = replayer.last, replayer.commandCount > handIn.commandCount else { continue }
      handIn.commandCount = replayer.commandCount
      grader.commandWasRun(
        last.line, command: fullLine(last.line), succeeded: last.succeeded, on: interpreter)
      let here = HandIn.Moment(
        command: replayer.commandCount, line: places[replayer.commandCount - 1],
        step: interpreter.session.world.steps, text: last.line)
      let reached = grader.goals.filter { $0.reachedAt == replayer.commandCount }.map(\.id)
      for id in reached { handIn.moments[id] = here }
      if let mark = byHand.mark(last.line, reached: reached) { handIn.marks.append(mark) }
    }
    handIn.goals = grader.goals
    for goal in grader.goals where goal.reachedAt == nil { handIn.moments[goal.id] = nil }
    handIn.marks += confinement.attempts.prefix(3).map {
      .init(.outside, "it reaches for '\($0)', outside the folders that it may read")
    }
  }

  private func fullLine(_ line: String) -> String? {
    TypedLine(line).flatMap { CommandTable.fullName(of: $0.name) }
  }

  /// What its own text says against it.
  private func headerMarks(_ run: TranscriptRun) -> [HandIn.Mark] {
    let front = run.transcript.frontMatter
    // Without the path, which the row has.
    var marks = run.remarks.map { HandIn.Mark(.edited, String($0.dropFirst(run.path.count + 2))) }
    if marks.count > 4 {
      let rest = marks.count - 3
      marks = marks.prefix(3) + [.init(.edited, "and \(rest) more places")]
    }
    if !run.transcript.isSealed {
      marks.append(.init(.unsealed, "it has no seals: written by hand, or they were taken away"))
    } else if front.final == nil {
      marks.append(.init(.unfinished, "its recording was never ended by 'record stop'"))
    }
    if let id = front.lesson, id != lesson.id {
      marks.append(.init(.header, "it was made in lesson \(id)"))
    }
    return marks
  }
}
