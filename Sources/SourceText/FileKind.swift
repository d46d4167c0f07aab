/// What a file is read as. Each kind has a bound, so that an endless or enormous file costs one line and no memory.
public enum FileKind: Hashable, Sendable, CaseIterable {
  case source
  case image
  /// What is typed at a program's console.
  case typedInput
  case script
  case lesson
  case transcript
  case progress
  /// A teacher's own goals, or an earlier table of grades.
  case gradingTable
  /// Where a class or a performance was left.
  case place

  /// The most bytes that such a file may have: far more than any that a person made.
  public var limit: Int {
    switch self {
    case .source, .script, .lesson, .gradingTable: 4 << 20
    case .typedInput, .transcript, .progress: 16 << 20
    // The largest program that there may be, of 64 MiB, in hexadecimal digits.
    case .image: 192 << 20
    case .place: 1 << 20
    }
  }

  /// Why a longer one is not read.
  public var limitReached: String { "\(name) has at most \(limit >> 20) MiB" }

  /// What it is called in a sentence.
  public var name: String {
    switch self {
    case .source: "a source with all that it includes"
    case .image: "an image"
    case .typedInput: "what is typed"
    case .script: "a script"
    case .lesson: "a lesson"
    case .transcript: "a transcript"
    case .progress: "a file of progress"
    case .gradingTable: "a list of goals or table of grades"
    case .place: "a note of a place"
    }
  }
}
