import OnionISA

/// The last step: what the statements placed, put together in order of address.
struct ImageBuilder {
  /// Chunks that follow one another in the source and in memory.
  private struct Stretch {
    var chunks: ArraySlice<Chunk>
    var start: UInt64 { chunks.first.map { UInt64($0.address) } ?? 0 }
    var end: UInt64 { chunks.last.map(\.end) ?? 0 }
  }

  let emitter: Emitter
  private let stretches: [Stretch]

  init(_ emitter: Emitter) {
    self.emitter = emitter
    var stretches: [Stretch] = []
    for index in emitter.chunks.indices {
      let next = emitter.chunks[index...index]
      if let last = stretches.last, last.end == UInt64(emitter.chunks[index].address) {
        stretches[stretches.count - 1].chunks = emitter.chunks[last.chunks.startIndex...index]
      } else {
        stretches.append(Stretch(chunks: next))
      }
    }
    self.stretches = stretches.enumerated()
      .sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
  }

  /// Two bytes for one address: once for each stretch that runs into another, at the later line.
  func overlaps() -> FaultList {
    var faults = FaultList()
    guard emitter.layout.isCertain, var reaching = stretches.first else { return faults }
    for stretch in stretches.dropFirst() {
      if stretch.start < reaching.end { faults.add(overlap(reaching, stretch)) }
      if stretch.end > reaching.end { reaching = stretch }
    }
    return faults
  }

  private func overlap(_ one: Stretch, _ other: Stretch) -> PlacedFault {
    let isInOrder = one.chunks.startIndex < other.chunks.startIndex
    let (earlier, later) = isInOrder ? (one, other) : (other, one)
    // Both exist: a stretch has chunks, and these two overlap.
    let fault = later.chunks.first { UInt64($0.address) < earlier.end && $0.end > earlier.start }
    let order = fault?.order ?? later.chunks.first?.order ?? 0
    let address = max(earlier.start, UInt64(fault?.address ?? 0))
    let taken = earlier.chunks.first { $0.end > address }
    let statement = emitter.statements[order]
    let place = emitter.statements[taken?.order ?? order].place
    let line = emitter.layout.description(of: place, from: statement.place)
    return PlacedFault(
      fault: Fault(
        "\(hexadecimal(UInt32(truncatingIfNeeded: address))) has bytes already, from "
          + line, at: statement.token, suggestion: "look at the .org lines"),
      place: statement.place)
  }

  /// - Precondition: there are no faults.
  func image(files: [Image.File]) -> Image {
    var pieces: [Image.Piece] = []
    for stretch in stretches {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(Int(stretch.end - stretch.start))
      for chunk in stretch.chunks { bytes += chunk.bytes }
      if let last = pieces.last,
        UInt64(last.address) + UInt64(last.bytes.count) == stretch.start
      {
        pieces[pieces.count - 1].bytes += bytes
      } else {
        pieces.append(Image.Piece(address: UInt32(truncatingIfNeeded: stretch.start), bytes: bytes))
      }
    }
    return Image(
      entry: emitter.entry ?? emitter.chunks.first?.address ?? Assembler.defaultOrigin,
      pieces: pieces, symbols: symbols(), lines: lines(), pageMarks: emitter.marks, files: files)
  }

  /// Names that came from outside are left out.
  private func symbols() -> [Image.Symbol] {
    let table = emitter.layout.symbols
    let all = table.names.compactMap { name -> Image.Symbol? in
      guard let definition = table.definitions[name], definition.order >= 0,
        case .known(let value) = definition.state
      else { return nil }
      return Image.Symbol(
        name: name, value: UInt32(truncatingIfNeeded: value), kind: definition.kind)
    }
    return all.sorted { ($0.value, $0.name) < ($1.value, $1.name) }
  }

  private func lines() -> [Image.Line] {
    let all = emitter.chunks.map { chunk in
      let place = emitter.statements[chunk.order].place
      return Image.Line(
        address: chunk.address, size: UInt32(chunk.bytes.count), file: place.file,
        line: place.line)
    }
    return all.sorted { $0.address < $1.address }
  }
}
