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
    /// Where the line stops making sense; what follows is not read.
    case invalid(Fault)
    case end
  }

  var kind: Kind
  var column: Int
  var length: Int

  func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }

  /// The name, if it is one.
  var name: String? {
    guard case .name(let name) = kind else { return nil }
    return name
  }
}
