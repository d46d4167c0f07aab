import Laboratory
import OnionAssembler
import OnionISA
import SourceText

extension CommandInterpreter {
  /// The views of the machine as it is now, as wide as the terminal.
  var view: ViewContext {
    ViewContext(session: session, width: columns, look: look, previous: previous)
  }

  /// Columns that a line may take.
  ///
  /// What is to be heard is broken into lines after its signs became words.
  var columns: Int { look.verbosity == .spoken ? 1000 : terminalColumns }

  var terminalColumns: Int { max(width(), 20) }

  /// `80001040 critical`, or the address alone.
  func named(_ address: VirtualAddress) -> String { view.named(address).plain }

  /// The card of the trap that a step took.
  func trapCard(_ record: StepRecord) -> StyledText {
    view.trapCard(record)
  }

  /// What is said of a trap that a step took.
  func trapStop(_ record: StepRecord) -> StyledText {
    view.trapStop(record)
  }

  /// A value as `print` shows it: in the format asked for, or in both bases.
  ///
  /// - Parameter isWord: it was made of the machine's words, so 32 bits with a sign are what `/d` shows.
  func text(of value: Int64, _ format: ValueFormat?, isWord: Bool = false) -> String {
    // What is negative and fits is a word too: the machine has no wider ones.
    let word =
      Int32(exactly: value).map { UInt64(UInt32(bitPattern: $0)) } ?? UInt64(bitPattern: value)
    switch format {
    case nil:
      return (0...9).contains(value) ? "\(value)" : "\(value)  (0x\(String(word, radix: 16)))"
    case .hexadecimal, .instruction, .text: return "0x" + String(word, radix: 16)
    case .paddedHexadecimal:
      let digits = String(word, radix: 16)
      return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    case .octal: return "0" + (word == 0 ? "" : String(word, radix: 8))
    case .decimal:
      let signed = isWord ? UInt32(exactly: value).map { Int64(Int32(bitPattern: $0)) } : nil
      return "\(signed ?? value)"
    case .unsigned: return "\(word)"
    case .binary: return "0b" + String(word, radix: 2)
    case .character:
      guard (0x20...0x7E).contains(value) else { return "\(value)" }
      return "\(value) '\(Character(Unicode.Scalar(UInt8(value))))'"
    case .address:
      return UInt32(exactly: value).map { named(VirtualAddress($0)) } ?? "\(value)"
    }
  }
}

extension ValueFormat {
  /// The format of the letter after a slash; nil without any.
  ///
  /// - Parameter takesInstructions: `/i` shows the instruction that the value is the address of.
  static func letter(
    _ letters: String, takesInstructions: Bool = false
  ) throws(CommandFailure) -> ValueFormat? {
    guard let letter = letters.first else { return nil }
    if takesInstructions, letters == "i" { return .instruction }
    guard letters.count == 1, let format = ValueFormat(rawValue: letter), format != .text,
      format != .instruction
    else {
      throw CommandFailure("'/\(letters)' is no format; there is /x /z /d /u /o /t (binary) /c /a")
    }
    return format
  }
}
