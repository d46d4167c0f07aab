import Laboratory

// Tasks: is the goal reached, and if not, is it a known mistake?
extension LessonEngine {
  /// Looks whether the machine is where `task` wants it.
  func look(at task: LessonTask) -> [LessonOutput] {
    do throws(ConditionError) {
      guard let scope = try scope(of: task) else { return [] }
      if try scope.isReached(task, on: session) {
        let ending = try scope.ending(of: task, on: session)
        return [.reply(ending ?? "Done.", .right)] + leaveQuestion(.done)
      }
      // Whoever is examined finds the way alone.
      if mode == .exam { return [] }
      // Nobody goes wrong by looking.
      let state = session.stateDigest()
      defer { open?.stateSeen = state }
      let hasMoved = open?.stateSeen != state
      for (index, wrong) in task.wrong.enumerated()
      where hasMoved || TaskScope.asksWhatRan(wrong.condition) {
        // A wrong road that names a guest there is none of is not the road that was taken.
        guard (try? scope.holds(wrong.condition, on: session)) == true else {
          // Whoever takes it again is told again.
          open?.told.remove(index)
          continue
        }
        if open?.told.contains(index) == false {
          open?.told.insert(index)
          if !wrong.isPartial { open?.effort.wrongCount += 1 }
          return [.reply(wrong.reply, wrong.isPartial ? .notYet : .wrong)]
        }
      }
      return []
    } catch {
      guard open?.hasToldProblem == false else { return [] }
      open?.hasToldProblem = true
      return [.message(problem(error))]
    }
  }

  /// Each goal and whether it holds now.
  func goals(of task: LessonTask) -> [LessonOutput] {
    task.goals.map { goal in
      let text = goal.says ?? "`\(goal.condition.text)`"
      do throws(ConditionError) {
        let holds = try scope(of: task)?.holds(goal.condition, on: session) ?? false
        return .goal(text, holds: holds)
      } catch {
        return .message(problem(error))
      }
    }
  }

  /// The scope of the open task, made now if the machine could not be looked at when the task was given.
  private func scope(of task: LessonTask) throws(ConditionError) -> TaskScope? {
    guard open != nil else { return nil }
    if let scope = open?.scope { return scope }
    let scope = try TaskScope(for: task.conditions, on: session)
    open?.scope = scope
    return scope
  }
}
