import OnionISA
import SourceText

/// The second pass: words and bytes, with every value known.
struct Emitter {
  let statements: [Statement]
  let layout: Layout
  private(set) var faults: [PlacedFault] = []
  private var chunks: [(address: UInt32, bytes: [UInt8], order: Int)] = []
  private var entry: UInt32?
  private var marks: [Image.PageMark] = []
  private var mark: (ring: Ring, isWritable: Bool)?

  init(statements: [Statement], layout: Layout) {
    self.statements = statements
    self.layout = layout
  }

  mutating func image(files: [Image.File]) -> Image {
    for order in statements.indices {
      do {
        try emit(order)
      } catch {
        faults.append(PlacedFault(fault: error, place: statements[order].place))
      }
    }
    let first = chunks.first?.address ?? Assembler.defaultOrigin
    return Image(
      entry: entry ?? first, pieces: pieces(), symbols: symbols(), lines: lines(),
      pageMarks: marks, files: files)
  }

  private mutating func emit(_ order: Int) throws(Fault) {
    let statement = statements[order]
    let slot = layout.slots[order]
    switch statement.body {
    case .label, .localLabel, .org, .broken: break
    case .equ(_, let expression): _ = try layout.symbols.value(of: expression, order: order)
    case .entry(let expression):
      let value = try layout.symbols.value(of: expression, order: order)
      guard let address = UInt32(exactly: value) else {
        throw Fault("\(value) is no address", at: statement.token)
      }
      if entry != nil { throw Fault("there is an .entry already", at: statement.token) }
      entry = address
    case .page(let ring, let isWritable):
      mark = (ring ?? mark?.ring ?? .ring0, isWritable ?? mark?.isWritable ?? true)
    case .align, .space: put([UInt8](repeating: 0, count: Int(slot.size)), order)
    case .bytes(let bytes): put(bytes, order)
    case .data(let size, let values, let tokens): try data(size, values, tokens, order)
    case .instruction(let instruction, let operands):
      try align(4, slot, statement)
      let encoder = Encoder(layout: layout, order: order)
      put([try encoder.encode(instruction, operands, at: slot.address)], order)
    case .pseudo(let pseudo, let operands):
      try align(4, slot, statement)
      let encoder = Encoder(layout: layout, order: order)
      put(try encoder.encode(pseudo, operands, at: slot.address, words: slot.size / 4), order)
    }
  }

  private func align(_ size: UInt32, _ slot: Layout.Slot, _ statement: Statement) throws(Fault) {
    guard slot.address % size == 0 else {
      throw Fault(
        "\(hexadecimal(slot.address)) is not a multiple of \(size)", at: statement.token,
        suggestion: "put '.align \(size)' before it")
    }
  }

  private mutating func data(
    _ size: UInt32, _ values: [Expression], _ tokens: [Token], _ order: Int
  ) throws(Fault) {
    try align(size, layout.slots[order], statements[order])
    var bytes: [UInt8] = []
    let bits = Int64(size) * 8
    for (expression, token) in zip(values, tokens) {
      let value = try layout.symbols.value(of: expression, order: order)
      guard (-(1 << (bits - 1))..<(1 << bits)).contains(value) else {
        throw Fault("\(value) does not fit \(size) byte\(size == 1 ? "" : "s")", at: token)
      }
      for shift in stride(from: 0, to: bits, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
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
    guard !bytes.isEmpty else { return }
    let address = layout.slots[order].address
    chunks.append((address, bytes, order))
    guard let mark, let last = UInt32(exactly: UInt64(address) + UInt64(bytes.count) - 1) else {
      return
    }
    let (firstPage, lastPage) = (address >> 12, last >> 12)
    if let index = marks.indices.last, marks[index].ring == mark.ring,
      marks[index].isWritable == mark.isWritable,
      (marks[index].firstPage...marks[index].lastPage + 1).contains(firstPage)
    {
      marks[index].lastPage = max(marks[index].lastPage, lastPage)
    } else {
      marks.append(
        Image.PageMark(
          firstPage: firstPage, lastPage: lastPage, ring: mark.ring,
          isWritable: mark.isWritable))
    }
  }

  // MARK: Putting the image together

  private mutating func pieces() -> [Image.Piece] {
    var pieces: [Image.Piece] = []
    var end: UInt64 = 0
    for chunk in chunks.enumerated().sorted(by: {
      ($0.element.address, $0.offset) < ($1.element.address, $1.offset)
    }).map(\.element) {
      let statement = statements[chunk.order]
      if UInt64(chunk.address) < end {
        faults.append(
          PlacedFault(
            fault: Fault(
              "\(hexadecimal(chunk.address)) has bytes already", at: statement.token,
              suggestion: "look at the .org lines"), place: statement.place))
      } else if UInt64(chunk.address) == end, !pieces.isEmpty {
        pieces[pieces.count - 1].bytes += chunk.bytes
      } else {
        pieces.append(Image.Piece(address: chunk.address, bytes: chunk.bytes))
      }
      end = max(end, UInt64(chunk.address) + UInt64(chunk.bytes.count))
      if end > 1 << 32 {
        faults.append(
          PlacedFault(
            fault: Fault("this goes beyond the last address", at: statement.token),
            place: statement.place))
        end = 1 << 32
      }
    }
    return pieces
  }

  private func symbols() -> [Image.Symbol] {
    let all = layout.symbols.names.compactMap { name -> Image.Symbol? in
      guard let definition = layout.symbols.definitions[name],
        let value = try? layout.symbols.value(
          of: definition.expression, order: definition.order)
      else { return nil }
      return Image.Symbol(
        name: name, value: UInt32(truncatingIfNeeded: value), kind: definition.kind)
    }
    return all.sorted { ($0.value, $0.name) < ($1.value, $1.name) }
  }

  private func lines() -> [Image.Line] {
    let all = chunks.map { chunk in
      Image.Line(
        address: chunk.address, size: UInt32(chunk.bytes.count),
        file: statements[chunk.order].place.file, line: statements[chunk.order].place.line)
    }
    return all.sorted { $0.address < $1.address }
  }
}
