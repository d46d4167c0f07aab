import OnionISA

/// The directives.
enum Directive: String, CaseIterable {
  case org = ".org"
  case align = ".align"
  case byte = ".byte"
  case half = ".half"
  case word = ".word"
  case ascii = ".ascii"
  case asciz = ".asciz"
  case space = ".space"
  case equ = ".equ"
  case entry = ".entry"
  case include = ".include"
  case page = ".page"

  /// How it is written.
  var form: String {
    switch self {
    case .org: ".org address"
    case .align: ".align bytes"
    case .byte, .half, .word: "\(rawValue) value, ..."
    case .ascii, .asciz: "\(rawValue) \"text\""
    case .space: ".space bytes"
    case .equ: ".equ NAME, value"
    case .entry: ".entry label"
    case .include: ".include \"file\""
    case .page: ".page ring=N, write=yes|no"
    }
  }

  /// Bytes that one takes that makes no sense; nil if that can't be told.
  var brokenSize: UInt32? {
    switch self {
    case .equ, .entry, .page: 0
    case .org, .align, .byte, .half, .word, .ascii, .asciz, .space, .include: nil
    }
  }
}

/// Everything that can stand where a mnemonic does.
enum Mnemonics {
  static let all: [String] =
    InstructionTable.rows.map(\.mnemonic) + PseudoInstruction.allCases.map(\.rawValue)
    + Directive.allCases.map(\.rawValue)
}
