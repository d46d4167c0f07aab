import OnionISA

/// The first pass: gives every statement its address and size, and every name its definition.
struct Layout {
  struct Slot {
    var address: UInt32 = 0
    var size: UInt32 = 0
  }

  /// The most that one `.space` or `.align` may fill: 16 MiB.
  static let spaceLimit: Int64 = 16 << 20

  let statements: [Statement]
  private(set) var slots: [Slot] = []
  private(set) var symbols = SymbolTable()
  private(set) var faults: [PlacedFault] = []
  private var here = Assembler.defaultOrigin

  init(statements: [Statement]) { self.statements = statements }

  mutating func run() {
    for (order, statement) in statements.enumerated() {
      var slot = Slot(address: here)
      do {
        slot.size = try place(statement, order)
      } catch {
        faults.append(PlacedFault(fault: error, place: statement.place))
      }
      slot.address = here
      slots.append(slot)
      let (next, overflow) = here.addingReportingOverflow(slot.size)
      here = overflow ? .max : next
    }
  }

  /// Bytes that the statement takes. `.org` moves `here`.
  private mutating func place(_ statement: Statement, _ order: Int) throws(Fault) -> UInt32 {
    switch statement.body {
    case .label(let name):
      define(name, .label, .number(Int64(here)), value: Int64(here), absolute: false, order)
    case .localLabel(let number):
      symbols.add(SymbolTable.LocalLabel(number: number, address: here, order: order))
    case .equ(let name, let expression):
      let absolute = symbols.isAbsolute(expression)
      let value = absolute ? try symbols.value(of: expression, order: order) : nil
      define(name, .constant, expression, value: value, absolute: absolute, order)
    case .org(let expression):
      let value = try known(expression, statement, order)
      guard let address = UInt32(exactly: value) else {
        throw Fault("\(value) is no address", at: statement.token)
      }
      here = address
    case .align(let expression):
      let value = try known(expression, statement, order)
      guard value > 0, value & (value - 1) == 0, value <= Self.spaceLimit else {
        throw Fault(
          "\(value) is no power of two", at: statement.token,
          suggestion: "alignments are 1, 2, 4, … bytes")
      }
      let step = UInt32(value)
      return (step - here % step) % step
    case .space(let expression):
      let value = try known(expression, statement, order)
      guard (0...Self.spaceLimit).contains(value) else {
        throw Fault(
          ".space takes 0 to \(Self.spaceLimit) bytes, not \(value)", at: statement.token)
      }
      return UInt32(value)
    case .instruction: return 4
    case .pseudo(.li, let operands): return try UInt32(4 * sizeOfLi(operands, order))
    case .pseudo(let pseudo, _): return UInt32(pseudo.wordCount * 4)
    case .data(let size, let values, _): return size * UInt32(values.count)
    case .bytes(let bytes): return UInt32(bytes.count)
    case .broken(let size): return size
    case .entry, .page: break
    }
    return 0
  }

  private mutating func define(
    _ name: String, _ kind: Image.Symbol.Kind, _ expression: Expression, value: Int64?,
    absolute: Bool, _ order: Int
  ) {
    let statement = statements[order]
    let definition = SymbolTable.Definition(
      place: statement.place, kind: kind, expression: expression, order: order, value: value,
      isAbsolute: absolute)
    guard let other = symbols.define(name, definition) else { return }
    faults.append(
      PlacedFault(
        fault: Fault(
          "'\(name)' is defined already, in line \(other.line)", at: statement.token,
          suggestion: "give one of them another name"), place: statement.place))
  }

  /// A value that the layout rests on: it may use only what was defined before.
  private func known(
    _ expression: Expression, _ statement: Statement, _ order: Int
  ) throws(Fault) -> Int64 {
    for name in expression.names {
      guard let definition = symbols.definitions[name] else { continue }
      if definition.value == nil {
        throw Fault("'\(name)' must be known here already", at: statement.token)
      }
    }
    for name in expression.names where symbols.definitions[name] == nil {
      let isLater = statements.contains { later in
        switch later.body {
        case .label(name), .equ(name, _): true
        default: false
        }
      }
      if isLater {
        throw Fault(
          "'\(name)' must be known here already", at: statement.token,
          suggestion: "define it above this line")
      }
    }
    return try symbols.value(of: expression, order: order)
  }

  /// Words of an `li`: two with a label, or with an `.equ` that comes later, in it.
  private func sizeOfLi(_ operands: Operands, _ order: Int) throws(Fault) -> Int {
    guard let expression = operands.value, symbols.isAbsolute(expression) else { return 2 }
    let value = try symbols.value(of: expression, order: order)
    // What doesn't fit is reported when it is emitted.
    return PseudoInstruction.load(value, into: operands.d)?.count ?? 2
  }
}
