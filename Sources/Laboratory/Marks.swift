/// A moment with a name.
public struct Mark: Hashable, Sendable {
  public var name: String
  /// Steps made before it.
  public var step: UInt64
}

extension Session {
  /// Gives this moment a name; a mark of that name moves here.
  public func mark(_ name: String) {
    deleteMark(name)
    let index = marks.firstIndex { $0.step > world.steps } ?? marks.endIndex
    marks.insert(Mark(name: name, step: world.steps), at: index)
  }

  /// Removes a mark; false if there is none of that name.
  @discardableResult
  public func deleteMark(_ name: String) -> Bool {
    let count = marks.count
    marks.removeAll { $0.name == name }
    return marks.count < count
  }

  /// Another future begins here: moments of the old one can't be reached any more.
  func forgetLaterMarks() -> [Mark] {
    let later = marks.filter { $0.step > world.steps }
    marks.removeAll { $0.step > world.steps }
    return later
  }
}
