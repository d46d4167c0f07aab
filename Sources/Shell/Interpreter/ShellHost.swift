import SourceText

/// What stands around an interpreter where a person works: lessons, recordings, the end of the session.
public protocol ShellHost: AnyObject {
  /// Opens a lesson; nil: the one in progress, or the next.
  func openLesson(_ name: String?) throws(CommandFailure) -> StyledText
  /// Every lesson and how far the learner is.
  func listLessons() throws(CommandFailure) -> StyledText
  /// Forgets how far the learner is, in the lesson that is open or in all.
  func resetLessons(all: Bool) throws(CommandFailure) -> StyledText
  /// Begins a recording, ends it, or does something about it.
  func record(_ request: RecordRequest) throws(CommandFailure) -> StyledText
  /// Writes a paragraph into the recording.
  func note(_ text: String) throws(CommandFailure) -> StyledText
  /// Runs a transcript in this session.
  func replay(_ path: String) throws(CommandFailure) -> StyledText
  /// Somebody sits at a prompt that can show what comes while nothing is typed.
  var canWatch: Bool { get }
  /// Ends the session after this command.
  func quit()
}
