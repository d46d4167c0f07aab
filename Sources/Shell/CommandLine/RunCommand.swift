import ArgumentParser
import LineEditor
import Monitor
import Onion
import OnionISA
import SourceText

extension Profile: ExpressibleByArgument {}

/// A size in memory as the command line gives it: `4M`.
struct MemorySize: ExpressibleByArgument {
  var bytes: UInt32

  init(bytes: UInt32) { self.bytes = bytes }

  init?(argument: String) {
    guard let bytes = try? LoadRequest.memory(argument) else { return nil }
    self.bytes = bytes
  }

  var defaultValueDescription: String { "4M" }
}

/// `ringside run`: a program without a prompt.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program: its console is the output, all else goes to standard error.",
    discussion: """
      Exit codes: 0 it switched itself off; 1 it stopped otherwise, and why; 2 bad usage, or it does not \
      assemble; 3 the limit was reached.
      """)

  @Argument(
    help: ArgumentHelp("A source or an image.", valueName: "FILE.s"),
    completion: .file(extensions: ["s", "image"]))
  var file: String
  @Flag(help: "Run it under the VMM, moved out of ring 0.") var guest = false
  @Option(help: "strict or classic.") var profile = Profile.strict
  @Option(help: "The program's memory, 1M to 1024M.") var memory = MemorySize(bytes: 4 << 20)
  @Option(help: ArgumentHelp("Stop after so many cycles.", valueName: "cycles")) var limit: UInt64?
  @Option(
    help: ArgumentHelp("What is typed at its console; - is standard input.", valueName: "file"),
    completion: .file())
  var input: String?
  @Flag(help: "Print counts as one JSON object on one line of standard error.") var stats = false
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func run() throws {
    let files = FileFinder(library: try LessonFolder.find(place.lessons))
    let path = try files.path(of: file)
    let image = try files.image(at: path)
    let typed = try input.map { name in try bytes(of: name) }
    var run = try ProgramRun(
      image: image, guest: guest, profile: profile, memorySize: memory.bytes)
    if let typed { run.type(typed) }
    let end = run.run(cycleLimit: limit ?? .max)
    if case .output(let number) = end { throw OutputFailure(number: number) }
    if let message = run.message(end, program: file) { Ringside.complain(message) }
    if stats { Output.write(run.statistics + "\n", to: 2) }
    throw ExitCode(end.exitCode)
  }

  private func bytes(of name: String) throws -> [UInt8] {
    do throws(FileError) {
      if name == "-" { return try WholeFile.readStandardInput(as: .typedInput) }
      return try WholeFile.read(Environment.withHome(name), as: .typedInput)
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
