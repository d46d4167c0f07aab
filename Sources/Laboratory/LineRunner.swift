/// Something that runs one line as a person would type it at the prompt.
///
/// Transcripts and lessons drive a session through this, so that they know neither the command table nor
/// the machine behind it. A runner keeps its state from line to line.
public protocol LineRunner: AnyObject {
  /// Runs `line`, which holds no newline, and returns what would have been seen.
  func run(line: String) -> LineOutcome

  /// Identifies the whole state of the machine: equal states have equal digests.
  ///
  /// One line of text without spaces; usually a SHA-256 in hexadecimal. Asking changes nothing.
  func stateDigest() -> String
}

/// What running one line came to.
public struct LineOutcome: Hashable, Sendable {
  /// The plain text as it is seen, without colour or cursor movement.
  ///
  /// Every line ends in `\n`, the last one too; empty if the command said nothing.
  public var output: String

  /// False if the line was refused or failed; `output` then says why.
  public var succeeded: Bool

  public init(output: String, succeeded: Bool = true) {
    self.output = output
    self.succeeded = succeeded
  }
}

/// Something that works out conditions and expressions over a session's machine and its events.
///
/// The language is the one of `print` and `break … if`. Evaluating changes nothing.
public protocol ConditionEvaluator: AnyObject {
  /// Whether `condition` holds now; any value but 0 counts as true.
  func evaluate(condition: String) throws(ConditionError) -> Bool

  /// The value of `expression` now.
  func value(of expression: String) throws(ConditionError) -> Int64
}

/// Why a condition or an expression has no value.
public struct ConditionError: Error, Hashable, Sendable {
  /// What is wrong and what would be right: one phrase, without a full stop.
  public var message: String

  /// Where in the expression, in characters from 1.
  public var column: Int

  /// Only now: it is well written, and what the machine holds at another moment may give it a value.
  public var isMomentary: Bool

  public init(message: String, column: Int, isMomentary: Bool = false) {
    self.message = message
    self.column = column
    self.isMomentary = isMomentary
  }
}
