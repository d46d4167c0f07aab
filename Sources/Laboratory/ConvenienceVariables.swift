import SourceText

/// Values that a person keeps at hand, as in gdb: those that `print` has shown (`$1`, `$`, `$$`) and
/// variables of their own (`$limit`). They are no part of the machine, and going back leaves them alone.
public struct ConvenienceVariables: Sendable {
  /// What was shown, the first as `$1`.
  public private(set) var history: [Int64] = []
  private var values: [String: Int64] = [:]

  /// Keeps a value that was shown; returns its number.
  @discardableResult
  public mutating func remember(_ value: Int64) -> Int {
    history.append(value)
    return history.count
  }

  /// A variable's value, by its name without the `$`.
  public subscript(name: String) -> Int64? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// In order of their names.
  public var all: [(name: String, value: Int64)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What stands after a `$`: a number in the history, `$` and `$2` for places before its end, or a name.
  ///
  /// - Parameter names: other names that may be meant.
  func value(
    of reference: String, column: Int, or names: [String]
  ) throws(ConditionError) -> Int64 {
    if let index = try place(of: reference, column) { return history[index] }
    if let value = values[reference] { return value }
    let known = values.keys.map { "$\($0)" } + names
    let guess =
      Suggestion.nearest(to: reference, among: names)
      ?? Suggestion.nearest(to: "$\(reference)", among: known)
    throw ConditionError(
      message: "'$\(reference)' is not set"
        + (guess.map { "; did you mean '\($0)'?" } ?? "; 'set $\(reference) = 1' sets it"),
      column: column)
  }

  /// An index into the history; nil for a name.
  private func place(of reference: String, _ column: Int) throws(ConditionError) -> Int? {
    let isFromEnd = reference.isEmpty || reference.first == "$"
    let digits = isFromEnd ? reference.dropFirst() : reference[...]
    guard isFromEnd || reference.first?.isNumber == true else { return nil }
    let number = digits.isEmpty ? (reference == "$" ? 1 : 0) : Int(digits)
    guard let number, number < Int.max else {
      throw ConditionError(message: "'$\(reference)' is no value of the history", column: column)
    }
    let index = isFromEnd ? history.count - 1 - number : number - 1
    guard history.indices.contains(index) else {
      throw ConditionError(
        message: history.isEmpty
          ? "no value was printed yet, so there is no '$\(reference)'"
          : "the values printed so far are $1 to $\(history.count)", column: column)
    }
    return index
  }
}
