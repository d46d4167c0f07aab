/// A piece of a source line. Columns count characters from 1.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A name, a mnemonic, a register, or a directive with its dot.
    case name(String)
    case number(Int64)
    /// `1b` or `1f`: the nearest local label before (or here), or after.
    case localLabel(Int, forward: Bool)
    case text([UInt8])
    /// Punctuation or an operator.
    case symbol(String)
    case end
  }

  var kind: Kind
  var column: Int
  var length: Int

  func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }
}

/// Something wrong at a place of the line that is being read.
struct Fault: Error, Hashable, Sendable {
  var message: String
  var column: Int
  var length: Int
  var suggestion: String?

  init(_ message: String, column: Int, length: Int = 1, suggestion: String? = nil) {
    self.message = message
    self.column = column
    self.length = length
    self.suggestion = suggestion
  }

  init(_ message: String, at token: Token, suggestion: String? = nil) {
    self.init(message, column: token.column, length: token.length, suggestion: suggestion)
  }
}
