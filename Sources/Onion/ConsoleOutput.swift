/// Every byte that a console printed since reset. Copies share what they have in common, so that a program that
/// prints much costs what it prints, however often its machine is copied meanwhile.
public struct ConsoleOutput: Hashable, Sendable {
  private static let chunkSize = 1024
  private static let groupSize = 256

  /// Whole chunks, in groups that are whole too but for the last.
  private var groups: [[[UInt8]]] = []
  /// What comes behind them: less than a chunk.
  private var tail: [UInt8] = []
  public private(set) var count = 0

  public init() {}

  public init(_ bytes: some Sequence<UInt8>) { for byte in bytes { append(byte) } }

  public mutating func append(_ byte: UInt8) {
    tail.append(byte)
    count += 1
    guard tail.count == Self.chunkSize else { return }
    if groups.last.map({ $0.count == Self.groupSize }) ?? true { groups.append([]) }
    groups[groups.count - 1].append(tail)
    tail = []
  }

  /// All of it.
  public var bytes: [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(count)
    for group in groups { for chunk in group { all += chunk } }
    return all + tail
  }

  /// Gives all of it to `part`, piece by piece, in order.
  public func withPieces(_ part: (UnsafeRawBufferPointer) -> Void) {
    for group in groups { for chunk in group { chunk.withUnsafeBytes(part) } }
    tail.withUnsafeBytes(part)
  }
}

extension ConsoleOutput: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> UInt8 {
    let chunk = position / Self.chunkSize
    let place = position % Self.chunkSize
    let group = chunk / Self.groupSize
    guard group < groups.count, chunk % Self.groupSize < groups[group].count else {
      return tail[place]
    }
    return groups[group][chunk % Self.groupSize][place]
  }
}

extension ConsoleOutput: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: UInt8...) { self.init(elements) }

  public static func == (output: ConsoleOutput, bytes: [UInt8]) -> Bool {
    output.count == bytes.count && output.elementsEqual(bytes)
  }
}
