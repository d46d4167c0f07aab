import ArgumentParser
import LineEditor
import OnionAssembler
import OnionISA
import SourceText

/// `ringside asm`: the assembler alone.
struct AssembleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asm", abstract: "Assemble a program.",
    discussion: "Exit codes: 0 it is well; 2 it does not assemble, and where.")

  @Argument(
    help: ArgumentHelp("A source.", valueName: "FILE.s"), completion: .file(extensions: ["s"]))
  var file: String
  @Flag(help: "Print addresses and words beside the source.") var listing = false
  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Write the image there; - is standard output.", valueName: "image"),
    completion: .file())
  var output: String?
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func validate() throws {
    if listing, output == OutputFile.standardOutput {
      throw ValidationError("--listing and -o - both write to standard output: choose one.")
    }
  }

  func run() throws {
    let files = FileFinder(library: try LessonFolder.find(place.lessons))
    let program = try files.program(at: try files.path(of: file))
    let image = program.image
    if let output {
      try OutputFile(output).replace(
        ImageFile.text(of: image), madeFrom: program.sources.map(\.path))
    }
    if listing {
      // A listing is as wide as its source.
      try Self.write(look.plain ? PlainText.ascii(image.listing, width: .max) : image.listing)
    }
    guard !listing, output == nil else { return }
    let bytes = image.pieces.reduce(0) { $0 + $1.bytes.count }
    try Self.write("\(file): \(bytes) bytes, entry \(hexadecimal(image.entry))\n")
  }

  static func write(_ text: String) throws(OutputFailure) {
    if let number = Output.write(text) { throw OutputFailure(number: number) }
  }
}

/// `ringside disas`: an image as instructions.
struct DisassembleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disas", abstract: "Disassemble an image, or what a source assembles to.",
    discussion: "The output assembles back to the same bytes. Exit codes: 0; 2 it is no image.")

  @Argument(
    help: ArgumentHelp("An image or a source.", valueName: "IMAGE"),
    completion: .file(extensions: ["s", "image"]))
  var file: String
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func run() throws {
    let files = FileFinder(library: try LessonFolder.find(place.lessons))
    let image = try files.image(at: try files.path(of: file))
    try AssembleCommand.write(Self.text(of: image))
  }

  /// Source that assembles to the same image.
  static func text(of image: Image) -> String {
    var text = "        .entry  0x\(hexadecimal(image.entry))\n"
    for piece in image.pieces {
      text += "        .org    0x\(hexadecimal(piece.address))\n"
      var offset = 0
      while offset < piece.bytes.count {
        let address = piece.address &+ UInt32(offset)
        for label in image.labels(at: address) { text += "\(label):\n" }
        guard address % 4 == 0, offset + 4 <= piece.bytes.count,
          let word = image.word(at: address)
        else {
          text += line(".byte   \(piece.bytes[offset])", address, "")
          offset += 1
          continue
        }
        let shown = Disassembler.disassemble(word, at: VirtualAddress(address))
        let mnemonic = shown.mnemonic.padded(to: 8)
        text += line(
          (mnemonic + shown.operands).trimmed, address, hexadecimal(word))
        offset += 4
      }
    }
    return text
  }

  private static func line(_ body: String, _ address: UInt32, _ word: String) -> String {
    "        \(body.padded(to: 32))  ; \(hexadecimal(address)) \(word)".trimmedEnd + "\n"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  fileprivate var trimmedEnd: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}
