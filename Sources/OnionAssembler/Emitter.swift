import OnionISA

/// Bytes that a statement places.
struct Chunk {
  var address: UInt32
  var bytes: [UInt8]
  /// The index of the statement.
  var order: Int

  var end: UInt64 { UInt64(address) + UInt64(bytes.count) }
}

/// The second pass: words and bytes, with every value known.
struct Emitter {
  let statements: [Statement]
  let layout: Layout
  private(set) var faults = FaultList()
  private(set) var chunks: [Chunk] = []
  private(set) var entry: UInt32?
  private(set) var marks: [Image.PageMark] = []
  private var entryPlace: SourcePlace?
  private var mark: (ring: Ring, isWritable: Bool)?

  init(layout: Layout) {
    statements = layout.statements
    self.layout = layout
  }

  mutating func run() {
    for order in statements.indices {
      do {
        try emit(order)
      } catch {
        faults.add(error, statements[order].place)
        // Its bytes are taken all the same.
        put([UInt8](repeating: 0, count: Int(layout.slots[order].size)), order)
      }
    }
  }

  private mutating func emit(_ order: Int) throws(Fault) {
    let statement = statements[order]
    let slot = layout.slots[order]
    // Beyond the last address nothing is emitted, and the layout has said so.
    guard let address = UInt32(exactly: slot.address) else { return }
    switch statement.body {
    case .label, .localLabel, .org, .equ, .brokenName: break
    case .broken, .align, .space: put([UInt8](repeating: 0, count: Int(slot.size)), order)
    case .entry(let value): try enter(value, order)
    case .page(let ring, let isWritable):
      mark = (ring ?? mark?.ring ?? .ring0, isWritable ?? mark?.isWritable ?? true)
    case .bytes(let bytes): put(bytes, order)
    case .data(let size, let values): data(size, values, order)
    case .instruction(let instruction, let operands):
      let encoder = Encoder(layout: layout, order: order)
      put([try encoder.encode(instruction, operands, at: address)], order)
    case .pseudo(let pseudo, let operands):
      let encoder = Encoder(layout: layout, order: order)
      put(try encoder.encode(pseudo, operands, at: address, words: slot.size / 4), order)
    }
  }

  private mutating func enter(_ value: Value, _ order: Int) throws(Fault) {
    let statement = statements[order]
    if let entryPlace {
      throw Fault(
        "there is an .entry already, in \(layout.description(of: entryPlace, from: statement.place))",
        at: statement.token)
    }
    entryPlace = statement.place
    let number = try layout.symbols.value(of: value.expression, order: order)
    guard let address = UInt32(exactly: number) else { throw .noAddress(number, at: value) }
    entry = address
  }

  private mutating func data(_ size: UInt32, _ values: [Value], _ order: Int) {
    var bytes: [UInt8] = []
    let bits = Int64(size) * 8
    let range = -(Int64(1) << (bits - 1))...(Int64(1) << bits) - 1
    for value in values {
      var number: Int64 = 0
      do throws(Fault) {
        number = try layout.symbols.value(of: value.expression, order: order)
        guard range.contains(number) else {
          throw Fault(
            "\(number) does not fit \(size) byte\(size == 1 ? "" : "s") "
              + "(\(range.lowerBound) to \(range.upperBound))", at: value)
        }
      } catch {
        faults.add(error, statements[order].place)
      }
      for shift in stride(from: 0, to: bits, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    put(bytes, order)
  }

  private mutating func put(_ instructions: [DecodedInstruction], _ order: Int) {
    put(
      instructions.flatMap { instruction in
        withUnsafeBytes(of: instruction.word.littleEndian) { [UInt8]($0) }
      }, order)
  }

  private mutating func put(_ bytes: [UInt8], _ order: Int) {
    let slot = layout.slots[order]
    // The layout has made no room for what is too much, and has said so.
    guard bytes.count == slot.size, !bytes.isEmpty, let address = UInt32(exactly: slot.address),
      let last = UInt32(exactly: slot.address + Int64(bytes.count) - 1)
    else { return }
    chunks.append(Chunk(address: address, bytes: bytes, order: order))
    if let mark { extendMarks(mark, from: address >> 12, to: last >> 12) }
  }

  private mutating func extendMarks(
    _ mark: (ring: Ring, isWritable: Bool), from first: UInt32, to last: UInt32
  ) {
    if let index = marks.indices.last, marks[index].ring == mark.ring,
      marks[index].isWritable == mark.isWritable,
      (marks[index].firstPage...marks[index].lastPage + 1).contains(first)
    {
      marks[index].lastPage = max(marks[index].lastPage, last)
    } else {
      marks.append(
        Image.PageMark(
          firstPage: first, lastPage: last, ring: mark.ring, isWritable: mark.isWritable))
    }
  }
}
