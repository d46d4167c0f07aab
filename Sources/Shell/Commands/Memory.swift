import Laboratory
import Onion
import OnionAssembler
import OnionISA
import SourceText

/// Where `list` goes on.
struct ListPlace {
  var file: Int
  var line: Int
}

/// Where `x` goes on, and how.
struct Examination {
  var address: VirtualAddress
  var count: Int
  var size: Int
  var format: ValueFormat
  var space = MemorySpace.virtual
}

extension CommandTable {
  static let memoryCommands: [Command] = [
    Command(
      "x", ["examine"], "[/8xw] [ADDRESS]", group: .looking, "memory: count, format, size",
      example: "x/8xw sp",
      details: """
        After the slash: a count, a format (x, z with zeros, d, u, o octal, t binary, c character, s \
        text, i instruction, a address) and a size (b 1 byte, h 2, w 4), in any order. Enter goes on \
        where it ended.
        """,
      completion: .expression, repeats: .continued
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.examine(arguments, .virtual)
    },
    Command(
      "xp", [], "[/8xw] [ADDRESS]", group: .looking,
      "like x, at physical addresses as the program sees them, as phys[…] does",
      example: "xp/4xw 0x8000",
      details: """
        Under the VMM these are guest-physical addresses. On the bare machine they are the machine's own, \
        as with 'xm'.
        """,
      completion: .expression, repeats: .continued
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.examine(arguments, .physical)
    },
    Command(
      "xm", [], "[/8xw] [ADDRESS]", group: .looking,
      "like x, at addresses of the real machine, the VMM's pages too: machine[…]",
      example: "xm/4xw 0x1000", completion: .expression, repeats: .continued
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.examine(arguments, .machine)
    },
    Command(
      "stack", ["bt", "backtrace", "where"], "[N]", group: .looking,
      "the stack, with return addresses and trap frames",
      example: "break on_timer\ncontinue\nstack",
      details: """
        N words from sp on, or 16. Behind a trap frame it goes on with the stack of the code that was \
        interrupted. What looks like a return address or a frame may be a number that the program put there.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "words", fallback: 16)
      return shell.view.stack(words: Int(clamping: min(count, 1024)))
    },
    Command(
      "disas", ["disassemble"], "[ADDRESS] [, N]", group: .looking,
      "instructions with their words, from the pc or an address", example: "disas kputs, 4",
      completion: .expression, repeats: .continued
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.disassemble(arguments)
    },
    Command(
      "list", ["l"], "[PLACE]", group: .looking, "the source around the pc, a label or a line",
      example: "list critical",
      completion: .expression, repeats: .continued
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.list(arguments)
    },
    Command(
      "symbols", [], "[PART]", group: .looking,
      "labels and constants, or those whose name has PART", example: "symbols put"
    ) { (shell, arguments) throws(CommandFailure) in
      guard shell.session.image != nil else {
        throw CommandFailure("no program is loaded; 'load FILE.s' loads one")
      }
      let text = shell.view.symbols(matching: arguments.text)
      guard text.isEmpty else { return text }
      throw CommandFailure("no symbol's name has '\(arguments.text)' in it; 'symbols' lists all")
    },
  ]
}

extension CommandInterpreter {
  private static let unitLimit = 4096

  func examine(
    _ arguments: Arguments, _ space: MemorySpace
  ) throws(CommandFailure) -> StyledText {
    var wanted =
      examination ?? Examination(address: session.world.pc, count: 8, size: 4, format: .hexadecimal)
    try Self.read(arguments.format, into: &wanted)
    if wanted.space != space, arguments.isEmpty {
      throw CommandFailure(
        "give an address, as in 'xp/4xw 0x1000': what was shown last is in another memory")
    }
    wanted.space = space
    if !arguments.isEmpty { wanted.address = try address(arguments.text) }
    if space != .virtual, wanted.format == .instruction, !arguments.format.contains("i") {
      wanted.format = .hexadecimal
    }
    if space != .virtual, wanted.format == .instruction, arguments.format.contains("i") {
      throw CommandFailure("instructions are shown at the program's addresses: 'x/4i pc'")
    }
    let text: StyledText
    var next = wanted
    switch wanted.format {
    case .instruction:
      text = view.disassembly(from: wanted.address, count: wanted.count)
      next.address = wanted.address + UInt32(wanted.count * 4)
    case .text:
      (text, next.address) = view.strings(from: wanted.address, count: wanted.count, space: space)
    default:
      text = view.memory(
        from: wanted.address, count: wanted.count, size: wanted.size, format: wanted.format,
        space: space)
      next.address = wanted.address + UInt32(wanted.count * wanted.size)
    }
    examination = next
    return text
  }

  /// Reads `8xw` and its like.
  private static func read(
    _ format: String, into wanted: inout Examination
  ) throws(CommandFailure) {
    let digits = format.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty {
      guard let count = Int(digits), (1...unitLimit).contains(count) else {
        throw CommandFailure("x shows 1 to \(unitLimit) at a time; '\(digits)' is too many or none")
      }
      wanted.count = count
    } else if !format.isEmpty {
      wanted.count = 1
    }
    for letter in format.dropFirst(digits.count) {
      switch letter {
      case "b": wanted.size = 1
      case "h": wanted.size = 2
      case "w": wanted.size = 4
      default:
        guard let format = ValueFormat(rawValue: letter) else {
          throw CommandFailure(
            "'\(letter)' is neither a format (x z d u o t c s i a) nor a size (b h w): 'x/8xw sp'")
        }
        wanted.format = format
        if format == .character { wanted.size = 1 }
      }
    }
  }

  func disassemble(_ arguments: Arguments) throws(CommandFailure) -> StyledText {
    let parts = arguments.text.split(separator: ",", maxSplits: 1).map { $0.trimmed }
    var start = disassemblyEnd ?? session.world.pc
    if let text = parts.first, !text.isEmpty {
      start = try codePlace(text)
    } else if repeatedLine != "disas" {
      start = session.world.pc
    }
    let count = try self.count(
      parts.count > 1 ? parts[1] : "", of: "instructions", fallback: 10)
    let shown = min(count, UInt64(Self.unitLimit))
    disassemblyEnd = start + UInt32(shown * 4)
    return view.disassembly(from: start, count: Int(shown))
  }

  func list(_ arguments: Arguments) throws(CommandFailure) -> StyledText {
    guard let image = session.image else {
      throw CommandFailure("no program is loaded; 'load FILE.s' loads one")
    }
    guard !image.files.isEmpty else {
      throw CommandFailure("the program came without its source; 'disas' shows its instructions")
    }
    let place: ListPlace
    if !arguments.isEmpty {
      place = try listPlace(arguments.text, in: image)
    } else if let last = listPlace, repeatedLine == "list" {
      place = ListPlace(file: last.file, line: last.line + 10)
    } else if let here = image.line(at: session.world.pc.rawValue) {
      place = ListPlace(file: here.file, line: here.line)
    } else {
      throw CommandFailure(
        "no source line placed what is at \(session.world.pc); list a label or a line")
    }
    let count = image.files[place.file].text.split(omittingEmptySubsequences: false) {
      $0.isNewline
    }
    .count
    guard place.line <= count + 5 else {
      throw CommandFailure(
        "\(image.shortName(of: place.file)) has \(count) lines; that was the end")
    }
    listPlace = place
    return view.source(file: place.file, around: min(place.line, count))
  }

  private func listPlace(_ text: String, in image: Image) throws(CommandFailure) -> ListPlace {
    if let line = Int(text) {
      return ListPlace(
        file: image.line(at: session.world.pc.rawValue)?.file ?? 0, line: max(line, 1))
    }
    let parts = text.split(separator: ":").map(String.init)
    if parts.count == 2, let line = Int(parts[1]), let file = fileIndex(parts[0], in: image) {
      return ListPlace(file: file, line: max(line, 1))
    }
    let address = try codePlace(text)
    guard let line = image.line(at: address.rawValue) else {
      throw CommandFailure("no source line placed what is at \(address)")
    }
    return ListPlace(file: line.file, line: line.line)
  }
}
