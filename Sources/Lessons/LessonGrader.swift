import Laboratory

/// A goal that a teacher adds to those of a lesson: any condition that is to hold at some moment, or at the end.
public struct ExtraGoal: Hashable, Sendable {
  public var says: String
  public var condition: LocatedText
  /// It counts only if it holds after the last command.
  public var isAtEnd: Bool

  public init(says: String, condition: LocatedText, isAtEnd: Bool = false) {
    self.says = says
    self.condition = condition
    self.isAtEnd = isAtEnd
  }
}

/// Looks on while commands are run again, and notes when each goal of a lesson is reached.
///
/// Nobody asks whether the lesson was open. A task is looked at from the moment at which the lesson would give
/// it: after the commands that the lesson runs before it. Where these are not run it is given when the task
/// before it is done, and its goals count once they have not all held: that is how a lesson would begin it.
/// From then on any road counts.
public struct LessonGrader {
  /// A goal, and the first moment at which it held while it was looked at.
  public struct Goal: Hashable, Sendable {
    /// `2.1`: the first goal of the second task; `x1`: the first of the teacher's own.
    public var id: String
    public var says: String
    /// The number of the command after which it held, from 1; nil: never.
    public var reachedAt: Int?
    /// Why it could never be looked at, if that is so.
    public var problem: String?
  }

  private struct Watch {
    var task: LessonTask
    /// What the lesson runs before it, since the task before.
    var before: [String]
    /// All of that is run at some time, and the task is given then.
    var isPrepared = false
    var seen = 0
    /// Its goals count.
    var counts = false
    /// Those of its goals that did not hold at some time since it was given.
    var missed: Set<Int> = []
    var scope: TaskScope?
    var isOpen = false
    var isDone = false
  }

  public private(set) var goals: [Goal] = []
  private var watches: [Watch] = []
  private var extras: [(goal: ExtraGoal, scope: TaskScope?)] = []
  private var commandCount = 0

  /// - Parameter lines: the commands that will be run.
  public init(_ lesson: LessonDocument, extras: [ExtraGoal] = [], lines: [String] = []) {
    var before: [String] = []
    for step in lesson.steps {
      guard case .task(let task) = step.kind else {
        before += step.kind.commands.map(\.text)
        continue
      }
      watches.append(Watch(task: task, before: before))
      before = []
      for (index, goal) in task.goals.enumerated() {
        goals.append(
          Goal(id: "\(watches.count).\(index + 1)", says: goal.says ?? goal.condition.text))
      }
    }
    for (index, goal) in extras.enumerated() {
      self.extras.append((goal, nil))
      goals.append(Goal(id: "x\(index + 1)", says: goal.says))
    }
    prepare(for: lines)
    if let first = watches.indices.first, !watches[first].isPrepared {
      watches[first].isOpen = true
    }
  }

  /// Looks which tasks are given by what the lesson runs before them. The learner's own commands may stand between.
  private mutating func prepare(for lines: [String]) {
    var from = 0
    for index in watches.indices where !watches[index].before.isEmpty {
      var wanted = watches[index].before[...]
      for at in lines.indices.dropFirst(from) {
        if lines[at] == wanted.first { wanted = wanted.dropFirst() }
        if wanted.isEmpty {
          watches[index].isPrepared = true
          from = at + 1
          break
        }
      }
    }
  }

  /// `lines` without what the lesson ran: that tells nothing of who did it.
  public static func ownLines(_ lines: [String], in lesson: LessonDocument) -> [String] {
    var own = lines.map(Optional.some)
    var from = 0
    for watch in LessonGrader(lesson, lines: lines).watches where watch.isPrepared {
      var wanted = watch.before[...]
      while let next = wanted.first, from < own.count {
        if own[from] == next {
          own[from] = nil
          wanted = wanted.dropFirst()
        }
        from += 1
      }
    }
    return own.compactMap { $0 }
  }

  /// Tells that a command was run.
  ///
  /// - Parameter command: the full name of the command if the line has a short one.
  public mutating func commandWasRun(
    _ line: String, command: String?, succeeded: Bool, on session: any LessonSession
  ) {
    commandCount += 1
    for index in watches.indices {
      if succeeded { watches[index].scope?.noteRun(line, command: command) }
      if isGiven(index, after: line) {
        watches[index].isOpen = true
        watches[index].counts = true
        watches[index].scope = nil
      }
      look(at: index, on: session)
    }
    for index in extras.indices {
      if succeeded { extras[index].scope?.noteRun(line, command: command) }
      lookAtExtra(index, line, command, succeeded, on: session)
    }
  }

  /// Whether the lesson has now run all that comes before the task.
  private mutating func isGiven(_ index: Int, after line: String) -> Bool {
    let before = watches[index].before
    guard watches[index].isPrepared, !watches[index].isDone else { return false }
    if line == before[watches[index].seen] { watches[index].seen += 1 }
    guard watches[index].seen == before.count else { return false }
    watches[index].seen = 0
    return true
  }

  private mutating func look(at index: Int, on session: any LessonSession) {
    guard watches[index].isOpen, !watches[index].isDone else { return }
    let task = watches[index].task
    do throws(ConditionError) {
      if watches[index].scope == nil {
        watches[index].scope = try TaskScope(for: task.conditions, on: session)
      }
    } catch {
      note(problem: error.message, in: index)
      return
    }
    guard let scope = watches[index].scope else { return }
    let held = task.goals.map { (try? scope.holds($0.condition, on: session)) ?? false }
    let all = held.allSatisfy { $0 }
    if !all { watches[index].counts = true }
    guard watches[index].counts else { return }
    // One goal of several counts by itself only if the learner brought it about.
    for number in held.indices {
      if !held[number] { watches[index].missed.insert(number) }
      if held[number], all || watches[index].missed.contains(number) {
        note(reached: "\(index + 1).\(number + 1)")
      }
    }
    guard all else { return }
    watches[index].isDone = true
    let next = index + 1
    guard watches.indices.contains(next), !watches[next].isPrepared else { return }
    watches[next].isOpen = true
    watches[next].scope = try? TaskScope(for: watches[next].task.conditions, on: session)
  }

  private mutating func lookAtExtra(
    _ index: Int, _ line: String, _ command: String?, _ succeeded: Bool,
    on session: any LessonSession
  ) {
    let goal = extras[index].goal
    let id = "x\(index + 1)"
    do throws(ConditionError) {
      if extras[index].scope == nil {
        extras[index].scope = try TaskScope(for: [goal.condition], on: session)
        if succeeded { extras[index].scope?.noteRun(line, command: command) }
      }
      guard let scope = extras[index].scope else { return }
      if try scope.holds(goal.condition, on: session) {
        note(reached: id)
      } else if goal.isAtEnd {
        update(id) { $0.reachedAt = nil }
      }
      update(id) { $0.problem = nil }
    } catch {
      update(id) {
        if goal.isAtEnd { $0.reachedAt = nil }
        if $0.reachedAt == nil { $0.problem = error.message }
      }
    }
  }

  private mutating func note(reached id: String) {
    let count = commandCount
    update(id) { goal in
      goal.reachedAt = goal.reachedAt ?? count
      goal.problem = nil
    }
  }

  private mutating func note(problem: String, in index: Int) {
    for number in watches[index].task.goals.indices {
      update("\(index + 1).\(number + 1)") { if $0.reachedAt == nil { $0.problem = problem } }
    }
  }

  private mutating func update(_ id: String, _ change: (inout Goal) -> Void) {
    guard let at = goals.firstIndex(where: { $0.id == id }) else { return }
    change(&goals[at])
  }
}
