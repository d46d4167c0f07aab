/// In which way a lesson is gone through; the file is the same.
public enum LessonMode: String, CaseIterable, Sendable {
  /// One learner, at their own pace.
  case selfPaced = "self"
  /// In front of a class: it waits after everything that is shown, so that somebody can speak.
  case presented = "class"
  /// No hints, no solutions, one answer to each question.
  case exam
}
