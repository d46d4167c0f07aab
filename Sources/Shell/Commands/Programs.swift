import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

extension CommandTable {
  static let programCommands: [Command] = [
    Command(
      "load", [], "[--guest] [--profile strict|classic] [--memory 4M] FILE.s", group: .programs,
      "puts a program on a fresh machine", example: "load --guest kernel.s",
      details: """
        The program is assembled and put on a machine after reset; breakpoints go. With --guest the \
        machine gets a VMM, and the program becomes its guest, alpha: the same image, moved out of \
        ring 0. FILE is looked for as given, in the lesson's folder, and among the lessons' programs.
        """,
      completion: .program
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.load(arguments)
    },
    Command(
      "reset", [], "", group: .programs, "the same program on a fresh machine; breakpoints stay",
      example: "reset"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("reset")
      guard shell.session.image != nil else {
        throw CommandFailure("no program is loaded; 'load FILE.s' loads one")
      }
      do throws(LoadError) { try shell.session.reset() } catch { throw CommandFailure(error) }
      shell.previous = nil
      return shell.stopReport()
    },
    Command(
      "machine", [], "[--profile strict|classic] [--memory 4M]", group: .programs,
      "a fresh, empty machine", example: "machine --profile classic --memory 8M",
      details:
        "The profile says which hardware it is: classic has holes like those of the 32-bit x86."
    ) { (shell, arguments) throws(CommandFailure) in
      let request = try LoadRequest(arguments.words, from: MachineSettings())
      guard request.file == nil, !request.isGuest else {
        throw CommandFailure(
          "machine takes --profile and --memory only; 'load' puts a program on it")
      }
      guard shell.beginAnew(settings: request.settings) else {
        throw CommandFailure(LoadError.noRoom(memorySize: request.settings.memorySize))
      }
      return StyledText(
        "an empty machine: \(request.settings.profile) profile, "
          + "\(ByteCount(request.settings.memorySize).text) of memory")
    },
    Command(
      "asm", [], "INSTRUCTION", group: .programs, "writes an instruction at the pc",
      example: "asm addi a0, a0, 1",
      details: """
        Takes what the assembler takes, labels of the program included; several instructions are \
        separated by `;;`. 'undo' brings back what stood there.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.assembleInPlace(arguments.text)
    },
  ]
}

/// The arguments of `load`.
struct LoadRequest {
  var settings: MachineSettings
  var isGuest = false
  var file: String?

  init(_ words: [String], from settings: MachineSettings) throws(CommandFailure) {
    self.settings = MachineSettings(
      profile: settings.profile, memorySize: settings.memorySize, guest: nil)
    var rest = words[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      switch parts.first {
      case "--guest": isGuest = true
      case "--profile":
        self.settings.profile = try Self.profile(parts.count == 2 ? parts[1] : rest.popFirst())
      case "--memory":
        self.settings.memorySize = try Self.memory(parts.count == 2 ? parts[1] : rest.popFirst())
      case let option? where option.hasPrefix("--"):
        let known = ["--guest", "--profile", "--memory"]
        let guess = Suggestion.nearest(to: option, among: known) ?? known.joined(separator: ", ")
        throw CommandFailure("there is no option '\(option)'; there is \(guess)")
      default:
        guard file == nil else {
          throw CommandFailure("one program at a time; '\(word)' is too much")
        }
        file = word
      }
    }
    if isGuest { self.settings.guest = "alpha" }
  }

  static func profile(_ text: String?) throws(CommandFailure) -> Profile {
    guard let text, let profile = Profile(rawValue: text) else {
      throw CommandFailure("the profile is strict or classic")
    }
    return profile
  }

  /// `4M`, `512K`, or bytes: 1 MiB to 1 GiB.
  static func memory(_ text: String?) throws(CommandFailure) -> UInt32 {
    let wrong = CommandFailure("memory is given as 1M to 1024M")
    guard let text, let bytes = ByteCount(text)?.bytes, (1 << 20...1 << 30).contains(bytes),
      bytes % 4096 == 0
    else { throw wrong }
    return UInt32(bytes)
  }
}

extension CommandFailure {
  /// Why a program can't be put on a machine.
  init(_ error: LoadError) {
    switch error {
    case .noRoom(let size):
      self.init(
        "there is no room here for a machine of \(ByteCount(size).text); give less --memory")
    case .doesNotFit(let fault):
      self.init(
        "the \(fault.count) bytes at \(OnionISA.hexadecimal(fault.address)) lie outside the memory of "
          + "\(ByteCount(fault.memorySize).text); give more --memory")
    }
  }
}

extension CommandInterpreter {
  func load(_ arguments: Arguments) throws(CommandFailure) -> StyledText {
    let request = try LoadRequest(arguments.words, from: session.settings)
    guard let file = request.file else {
      let known = files.programs()
      throw CommandFailure(
        "load which program?" + (known.isEmpty ? "" : " There is \(Suggestion.some(of: known))"))
    }
    let image = try files.image(at: try files.path(of: file), width: columns)
    return try load(image, named: file, settings: request.settings)
  }

  /// Puts an image on a fresh machine.
  func load(
    _ image: Image, named name: String, settings: MachineSettings
  ) throws(CommandFailure) -> StyledText {
    let forgotten = session.breakpoints.count
    do throws(LoadError) {
      try session.load(image, settings: settings)
    } catch {
      throw CommandFailure(error)
    }
    forgetPlaces()
    noteImage(name, image)
    let bytes = image.pieces.reduce(0) { $0 + $1.bytes.count }
    let short = name.split(separator: "/").last.map(String.init) ?? name
    let place =
      settings.guest.map { "under the VMM as \($0), with \(ByteCount(settings.memorySize).text)" }
      ?? "on the bare machine, with \(ByteCount(settings.memorySize).text)"
    let profile = settings.profile == .classic ? ", classic profile" : ""
    var text = StyledText("\(short): \(view.grouped(UInt64(bytes))) bytes \(place)\(profile)")
      .wrapped(to: columns, hanging: "  ")
    if forgotten > 0 {
      let what = forgotten == 1 ? "the breakpoint is" : "the \(forgotten) breakpoints are"
      text.appendLine(
        StyledText("\(what) forgotten; 'reset' would have kept them", .dim).wrapped(to: columns))
    }
    text.appendLine(stopReport())
    return text
  }

  func assembleInPlace(_ text: String) throws(CommandFailure) -> StyledText {
    guard !text.isEmpty else { throw CommandFailure("asm which instruction? 'asm addi a0, a0, 1'") }
    let pc = session.world.pc
    let result = Assembler.assemble(
      source: text.replacing(";;", with: "\n") + "\n", file: "asm", origin: pc.rawValue,
      symbols: session.image?.symbols ?? [])
    guard let image = result.image else {
      let message = result.diagnostics.first.map {
        $0.message + ($0.suggestion.map { "; \($0)" } ?? "")
      }
      throw CommandFailure(message ?? "the assembler doesn't take '\(text)'")
    }
    let said = try changed(.code(image.pieces), StyledText())
    var lines = said.isEmpty ? [] : [said]
    for piece in image.pieces {
      let words = piece.bytes.count - piece.bytes.count % 4
      let rest = VirtualAddress(piece.address &+ UInt32(words))
      lines += view.disassembly(from: VirtualAddress(piece.address), count: words / 4).lines
      if words < piece.bytes.count {
        lines +=
          view.memory(
            from: rest, count: piece.bytes.count - words, size: 1, format: .hexadecimal
          ).lines
      }
    }
    return StyledText(lines: lines)
  }
}

extension Arguments {
  /// There are none, or the one line that says so.
  func expectNone(_ command: String) throws(CommandFailure) {
    guard isEmpty else {
      throw CommandFailure("\(command) takes no arguments; '\(text)' is too much")
    }
  }
}
