import OnionISA

/// The first pass: gives every statement its address and size, and every name its definition.
struct Layout {
  /// An address can be one beyond the last, 2³².
  struct Slot {
    var address: Int64
    var size: UInt32 = 0
  }

  /// The most bytes that a program may place: 64 MiB. Machines have 4 MiB by default.
  static let sizeLimit: Int64 = 64 << 20
  private static let end: Int64 = 1 << 32

  let statements: [Statement]
  /// The files' names, for messages.
  let files: [String]
  private(set) var slots: [Slot] = []
  var symbols = SymbolTable()
  private(set) var faults = FaultList()
  /// False after a mistake that leaves open where things lie: then what rests on addresses alone
  /// (distances, overlaps) is not reported.
  private(set) var isCertain: Bool
  /// Something was moved to a multiple of its size, after a message.
  private(set) var isRealigned = false
  private var here: Int64
  private var total: Int64 = 0
  private var isFull = false

  /// - Parameters:
  ///   - symbols: names that are known from outside.
  ///   - isComplete: false if a file is missing.
  init(
    statements: [Statement], files: [String], origin: UInt32, symbols outside: [Image.Symbol] = [],
    isComplete: Bool = true
  ) {
    self.statements = statements
    self.files = files
    here = Int64(origin)
    isCertain = isComplete
    symbols.isIncomplete = !isComplete
    for statement in statements {
      switch statement.body {
      case .label(let name), .equ(let name, _), .brokenName(let name):
        symbols.laterNames.insert(name)
      default: break
      }
    }
    // A name that the text defines itself hides one from outside.
    for symbol in outside where !symbols.laterNames.contains(symbol.name) {
      _ = symbols.define(
        symbol.name,
        SymbolTable.Definition(
          place: SourcePlace(file: 0, line: 0), kind: symbol.kind,
          expression: .number(Int64(symbol.value)), order: -1, state: .known(Int64(symbol.value)),
          isAbsolute: symbol.kind == .constant))
    }
  }

  mutating func run() {
    for (order, statement) in statements.enumerated() {
      var size: UInt32 = 0
      do {
        size = try place(statement, order)
      } catch {
        faults.add(error, statement.place)
        isCertain = false
      }
      slots.append(Slot(address: here, size: size))
      advance(size, statement)
    }
    symbols.settle(&faults)
  }

  private mutating func advance(_ size: UInt32, _ statement: Statement) {
    here += Int64(size)
    total += Int64(size)
    var reason: String?
    if here > Self.end { reason = "this goes beyond the last address, ffffffff" }
    if total > Self.sizeLimit { reason = "with this the program is larger than 64 MiB" }
    guard let reason else { return }
    // Said once: what follows is beyond it as well.
    if !isFull { faults.add(Fault(reason, at: statement.token), statement.place) }
    isFull = true
    isCertain = false
    slots[slots.count - 1].size = 0
    here = slots[slots.count - 1].address
    total -= Int64(size)
  }

  /// Bytes that the statement takes. `.org` moves `here`.
  private mutating func place(_ statement: Statement, _ order: Int) throws(Fault) -> UInt32 {
    switch statement.body {
    case .label(let name):
      define(name, .label, .number(here), .known(here), isAbsolute: false, order)
    case .localLabel(let number):
      symbols.addLocal(number, SymbolTable.LocalLabel(order: order, address: here))
    case .equ(let name, let value): equ(name, value.expression, order)
    case .brokenName(let name):
      define(name, .constant, .number(0), .broken, isAbsolute: false, order)
    case .org(let value):
      let address = try known(value, order)
      guard UInt32(exactly: address) != nil else { throw .noAddress(address, at: value) }
      here = address
    case .align(let value): return try padding(value, order)
    case .space(let value):
      let size = try known(value, order)
      guard (0...Self.sizeLimit).contains(size) else {
        throw Fault("\(size) bytes: .space takes 0 to \(Self.sizeLimit)", at: value)
      }
      return UInt32(size)
    case .instruction:
      align(4, statement)
      return 4
    case .pseudo(.li, let operands):
      align(4, statement)
      return 4 * sizeOfLi(operands, order)
    case .pseudo(let pseudo, _):
      align(4, statement)
      return UInt32(4 * pseudo.wordCount)
    case .data(let size, let values):
      align(size, statement)
      return size * UInt32(values.count)
    case .bytes(let bytes): return UInt32(bytes.count)
    case .broken(let size):
      guard let size else { throw .followUp(statement.token) }
      return size
    case .entry, .page: break
    }
    return 0
  }

  /// Reports a misaligned place, then goes on as if `.align` stood there.
  private mutating func align(_ size: UInt32, _ statement: Statement) {
    let step = Int64(size)
    guard here % step != 0 else { return }
    if isCertain {
      faults.add(
        Fault(
          "\(hexadecimal(UInt32(truncatingIfNeeded: here))) is not a multiple of \(size)",
          at: statement.token, suggestion: "put '.align \(size)' before it"), statement.place)
    }
    isRealigned = true
    here += step - here % step
  }

  private func padding(_ value: Value, _ order: Int) throws(Fault) -> UInt32 {
    let step = try known(value, order)
    guard step > 0, step & (step - 1) == 0, step <= Self.end else {
      throw Fault(
        "\(step) is no power of two", at: value, suggestion: "alignments are 1, 2, 4, 8 and so on")
    }
    let size = (step - here % step) % step
    guard let size = UInt32(exactly: size), Int64(size) <= Self.sizeLimit else {
      throw Fault("this would place \(size) bytes", at: value, suggestion: "use .org")
    }
    return size
  }

  private mutating func equ(_ name: String, _ expression: Expression, _ order: Int) {
    var state = SymbolTable.State.pending
    if symbols.isKnown(expression) {
      do throws(Fault) {
        state = .known(try symbols.value(of: expression, order: order, phase: .layout))
      } catch {
        faults.add(error, statements[order].place)
        state = .broken
      }
    }
    define(name, .constant, expression, state, isAbsolute: symbols.isAbsolute(expression), order)
  }

  private mutating func define(
    _ name: String, _ kind: Image.Symbol.Kind, _ expression: Expression,
    _ state: SymbolTable.State, isAbsolute: Bool, _ order: Int
  ) {
    let statement = statements[order]
    let definition = SymbolTable.Definition(
      place: statement.place, kind: kind, expression: expression, order: order, state: state,
      isAbsolute: isAbsolute)
    guard let other = symbols.define(name, definition), !definition.isBroken else { return }
    faults.add(
      Fault(
        "'\(name)' is defined already, in \(description(of: other.place, from: statement.place))",
        at: statement.token, suggestion: "give one of them another name"), statement.place)
  }

  /// How a message in one place names another: `line 5`, with the file if it is another one.
  func description(of place: SourcePlace, from here: SourcePlace) -> String {
    "line \(place.line)" + (place.file == here.file ? "" : " of \(files[place.file])")
  }

  /// A value on which addresses rest: it may use only what was defined before.
  private func known(_ value: Value, _ order: Int) throws(Fault) -> Int64 {
    try symbols.value(of: value.expression, order: order, phase: .layout)
  }

  /// Words of an `li`: two with a label, or with an `.equ` that comes later, in it.
  private func sizeOfLi(_ operands: Operands, _ order: Int) -> UInt32 {
    guard let expression = operands.value?.expression, symbols.isAbsolute(expression),
      // What is wrong with it is reported when it is emitted.
      let value = try? symbols.value(of: expression, order: order),
      let words = PseudoInstruction.load(value, into: operands.d)
    else { return 2 }
    return UInt32(words.count)
  }
}

extension Fault {
  static func noAddress(_ number: Int64, at value: Value) -> Fault {
    Fault("\(number) is no address", at: value, suggestion: "addresses are 0 to 0xffffffff")
  }
}
