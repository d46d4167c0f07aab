import Crypto
import Laboratory
import Lessons
import OnionISA
import SourceText
import Transcripts

/// A transcript that is to be run: read, looked over, and given a machine as it says.
struct TranscriptRun: Sendable {
  var path: String
  var transcript: Transcript
  /// The end of the file, if it is that of a recording which was killed.
  var tornTail: TornTail?
  /// What the user should know of the file before it is run.
  var remarks: [String] = []

  /// - Parameters:
  ///   - name: the file's path, or the name of one of the shipped transcripts.
  ///   - library: the lessons, beside whose folder the shipped transcripts lie.
  init(_ name: String, library: LessonLibrary?) throws(CommandFailure) {
    let path = Self.path(of: Environment.withHome(name), library: library)
    self.path = path
    do {
      let bytes = try WholeFile.read(path, as: .transcript)
      let (transcript, tornTail) = try Transcript.parse(bytes)
      self.transcript = transcript
      self.tornTail = tornTail
      if let tornTail { remarks.append("\(path): \(tornTail.message)") }
      remarks += transcript.sealFaults().map { "\(path): \($0.message)" }
    } catch let error as TranscriptError {
      throw CommandFailure("\(path):\(error.line):\(error.column): \(error.message)")
    } catch {
      throw CommandFailure("\(error)")
    }
    // What is empty is all as written, and proves nothing.
    guard transcript.blocks.contains(where: { !$0.commands.isEmpty }) else {
      throw CommandFailure(
        "\(path): there are no commands in it; '(ringside) …' in a block ```console is one")
    }
  }

  /// The file as given, or else among the shipped ones, where `.md` may be left out.
  private static func path(of name: String, library: LessonLibrary?) -> String {
    guard !WholeFile.isReadable(name), !name.contains("/"), let library else { return name }
    let folder = FileFinder.folder(of: library.folder) + "/transcripts/"
    return [name, name + ".md"].map { folder + $0 }.first(where: WholeFile.isReadable) ?? name
  }

  /// The SHA-256 of a lesson's file; nil if it can't be read.
  static func digest(_ lesson: LessonDocument) -> String? {
    guard let bytes = try? WholeFile.read(lesson.file, as: .lesson) else { return nil }
    return HexadecimalText.digits(SHA256.hash(data: bytes))
  }

  // MARK: What the front matter says

  /// Where its programs are: beside it, in its lesson's folder, among the lessons' programs.
  func files(library: LessonLibrary?, images: ImageCache = ImageCache()) -> FileFinder {
    let lesson = transcript.frontMatter.lesson.flatMap { library?.lesson($0) }
    var finder = FileFinder(lesson: lesson, library: library?.folder)
    finder.images = images
    finder.folders.insert(FileFinder.folder(of: path), at: 0)
    // The shipped transcripts find their programs wherever one stands.
    if library == nil {
      finder.folders.append(FileFinder.folder(of: path) + "/../lessons/programs")
    }
    return finder
  }

  /// In what the front matter does not fit this program, its lessons and its files: told before any
  /// difference in the text, which may come of it.
  func headerDifferences(_ files: FileFinder, library: LessonLibrary?) -> [String] {
    var differences = changedImages(files)
    let front = transcript.frontMatter
    if let recorder = front.recorder, recorder != Version.name {
      differences.append("\(path): recorded with \(recorder); this is \(Version.name)")
    }
    if let id = front.lesson {
      if let lesson = library?.lesson(id) {
        if let digest = front.lessonDigest, digest != Self.digest(lesson) {
          differences.append("\(path): lesson \(id) was changed since it was recorded")
        }
      } else {
        differences.append("\(path): there is no lesson \(id) here")
      }
    }
    return differences
  }

  /// The images that are not those that were recorded.
  private func changedImages(_ files: FileFinder) -> [String] {
    transcript.frontMatter.images.compactMap { entry in
      guard let image = Self.image(entry, files) else {
        return "\(path): its program \(entry.name) is not here"
      }
      return image.digest == entry.value
        ? nil : "\(path): \(entry.name) is not the program that was recorded"
    }
  }

  /// The first program that was recorded and can't be had here.
  func missingImage(_ files: FileFinder) -> String? {
    transcript.frontMatter.images.first { Self.image($0, files) == nil }?.name
  }

  private static func image(_ entry: FrontMatter.Entry, _ files: FileFinder) -> Image? {
    guard let found = try? files.path(of: entry.name) else { return nil }
    return try? files.image(at: found)
  }

  /// An interpreter as the transcript wants it.
  func interpreter(
    library: LessonLibrary?, files: FileFinder? = nil
  ) throws(CommandFailure) -> CommandInterpreter {
    let settings = try settings()
    let width = width
    guard
      let interpreter = CommandInterpreter(
        settings: settings, files: files ?? self.files(library: library), look: look,
        width: { width })
    else { throw CommandFailure(.noRoom(memorySize: settings.memorySize)) }
    if let seed = transcript.frontMatter.seed { _ = interpreter.perform("set $seed = \(seed)") }
    return interpreter
  }
}
