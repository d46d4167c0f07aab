// What progress says of a lesson as it is now, and what a lesson adds to it.
extension Progress {
  /// Notes that `engine`'s lesson is open and how far it is.
  ///
  /// A lesson once done stays done, and what another terminal noted of other steps stays too.
  public mutating func note(_ engine: LessonEngine) {
    let lesson = engine.lesson
    current = lesson.id
    var entry = entries[lesson.id] ?? Entry()
    if engine.isFinished {
      entry.isDone = true
      entry.place = nil
    } else {
      let step = engine.resumePosition
      entry.place = Place(step: step, fingerprint: lesson.steps[step].fingerprint)
    }
    entry.text = lesson.fingerprint
    entry.part = engine.currentPart?.oneLine
    let keys = lesson.stepKeys
    entry.results = entry.results.filter { keys.contains($0.key) }
    entry.roads = entry.roads.filter { keys.contains($0.key) }
    for (index, result) in engine.record.results {
      entry.results[keys[index]] = result
      entry.roads[keys[index]] = engine.record.roads[index]?.map(\.oneLine)
    }
    entries[lesson.id] = entry
  }

  /// What the learner did in `lesson`, as far as its steps are still what they were.
  public func record(in lesson: LessonDocument) -> LessonRecord {
    guard let entry = entries[lesson.id] else { return LessonRecord() }
    var record = LessonRecord()
    for (index, key) in lesson.stepKeys.enumerated() {
      record.results[index] = entry.results[key]
      record.roads[index] = entry.roads[key]
    }
    return record
  }

  /// The lesson is not what it was when the learner was in it last.
  public func hasChanged(_ lesson: LessonDocument) -> Bool {
    entries[lesson.id]?.text.map { $0 != lesson.fingerprint } ?? false
  }

  /// The step at which to go on with `lesson`, from 0.
  ///
  /// If the lesson was changed: where the step is now; if it is gone, behind the last task that was done, or
  /// where its part begins; if all of that is gone, the lesson's beginning.
  public func step(in lesson: LessonDocument) -> Int {
    guard let entry = entries[lesson.id], let place = entry.place else { return 0 }
    let (step, fingerprint) = (place.step, place.fingerprint)
    let places = lesson.steps.indices.filter { lesson.steps[$0].fingerprint == fingerprint }
    if let place = places.min(by: { abs($0 - step) < abs($1 - step) }) { return place }
    let done = record(in: lesson).results.keys.max().map { $0 + 1 }
    let part = lesson.parts.first { $0.name.oneLine == entry.part }?.step
    let nearest = [done, part].compactMap { $0 }.max() ?? 0
    return min(nearest, max(0, lesson.steps.count - 1))
  }

  /// Reads a text that is to be taken over; nil if anything in it makes no sense.
  public init?(strict text: String) {
    self.init(text)
    guard text.hasPrefix(Self.header), damagedLineCount == 0 else { return nil }
  }

  /// How many lessons it says something of.
  public var lessonCount: Int { entries.count }

  /// Takes over what `other` says; a lesson that is done stays done.
  public mutating func merge(_ other: Progress) {
    for (id, entry) in other.entries {
      let wasDone = entries[id]?.isDone == true
      entries[id] = entry
      if wasDone { entries[id]?.isDone = true }
    }
    current = other.current ?? current
  }
}

extension LessonDocument {
  /// Tells this text of the lesson from others.
  var fingerprint: String { Fingerprint.of(steps.map(\.fingerprint).joined()) }

  /// A name for each step that it keeps while its text stays the same.
  var stepKeys: [String] {
    var seen: [String: Int] = [:]
    return steps.map { step in
      let count = seen[step.fingerprint, default: 0] + 1
      seen[step.fingerprint] = count
      return count == 1 ? step.fingerprint : "\(step.fingerprint)-\(count)"
    }
  }

  /// Where the parts of the lesson begin.
  public var parts: [(name: String, step: Int)] {
    steps.enumerated().compactMap { index, step in
      guard case .prose(let heading?, _) = step.kind else { return nil }
      return (heading, index)
    }
  }
}

extension String {
  /// As it can stand in a line of the file.
  fileprivate var oneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: " ").trimmingSpace
  }
}
