/// A program ready to be loaded: an entry, pieces of memory, symbols and a line table.
///
/// Memory that an image doesn't name is 0.
public struct Image: Hashable, Sendable {
  /// Bytes at a physical address.
  public struct Piece: Hashable, Sendable {
    public var address: UInt32
    public var bytes: [UInt8]
    public init(address: UInt32, bytes: [UInt8]) {
      self.address = address
      self.bytes = bytes
    }
  }

  /// A name for an address (a label) or for a value (`.equ`).
  public struct Symbol: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable { case label, constant }
    public var name: String
    public var value: UInt32
    public var kind: Kind
    public init(name: String, value: UInt32, kind: Kind) {
      self.name = name
      self.value = value
      self.kind = kind
    }
  }

  /// Which source line an address came from.
  public struct Line: Hashable, Sendable {
    public var address: UInt32
    /// Bytes that the line placed, more than 0.
    public var size: UInt32
    /// An index into ``Image/files``.
    public var file: Int
    /// From 1.
    public var line: Int
    public init(address: UInt32, size: UInt32, file: Int, line: Int) {
      self.address = address
      self.size = size
      self.file = file
      self.line = line
    }
  }

  /// What `.page` said of the pages that hold an address range: a mark for loaders and views only.
  public struct PageMark: Hashable, Sendable {
    public var firstPage: UInt32
    public var lastPage: UInt32
    public var ring: Ring
    public var isWritable: Bool
    public init(firstPage: UInt32, lastPage: UInt32, ring: Ring, isWritable: Bool) {
      self.firstPage = firstPage
      self.lastPage = lastPage
      self.ring = ring
      self.isWritable = isWritable
    }
  }

  /// A source file: its name as it was given and its text.
  public struct File: Hashable, Sendable {
    public var name: String
    public var text: String
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  public var entry: UInt32
  /// In order of address; none overlap.
  public var pieces: [Piece]
  /// In order of value, then name.
  public var symbols: [Symbol]
  /// In order of address.
  public var lines: [Line]
  public var pageMarks: [PageMark]
  public var files: [File]

  public init(
    entry: UInt32, pieces: [Piece], symbols: [Symbol] = [], lines: [Line] = [],
    pageMarks: [PageMark] = [], files: [File] = []
  ) {
    self.entry = entry
    self.pieces = pieces
    self.symbols = symbols
    self.lines = lines
    self.pageMarks = pageMarks
    self.files = files
  }
}
