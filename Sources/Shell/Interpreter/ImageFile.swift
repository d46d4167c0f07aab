import Crypto
import OnionISA

/// Why a text is no image: the line, from 1, and what is wrong.
public struct ImageFileError: Error, Hashable, Sendable {
  public var line: Int
  public var message: String
}

/// Images as files: plain text, a fact a line, so that a person can read one and compare two.
///
///     onion image 1
///     entry 00001000
///     bytes 00001000 201200052ff0…
///     label 00001000 boot
///     constant 00000050 POWER
///     pages 00001 00003 3 write
public enum ImageFile {
  private static let header = "onion image 1"
  private static let bytesPerLine = 32

  /// Whether a file's text says that it is an image.
  public static func isImage(_ text: String) -> Bool { text.hasPrefix("onion image ") }

  /// The text of an image's file. Sources and their line numbers are left out.
  public static func text(of image: Image) -> String {
    var lines = [header, "entry \(hexadecimal(image.entry))"]
    for piece in image.pieces {
      for start in stride(from: 0, to: piece.bytes.count, by: bytesPerLine) {
        let bytes = piece.bytes[start..<min(start + bytesPerLine, piece.bytes.count)]
        lines.append(
          "bytes \(hexadecimal(piece.address &+ UInt32(start))) \(hexadecimal(bytes))")
      }
    }
    for symbol in image.symbols {
      lines.append("\(symbol.kind.rawValue) \(hexadecimal(symbol.value)) \(symbol.name)")
    }
    for mark in image.pageMarks {
      lines.append(
        "pages \(hexadecimal(mark.firstPage, digits: 5)) \(hexadecimal(mark.lastPage, digits: 5))"
          + " \(mark.ring) \(mark.isWritable ? "write" : "read")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads the text of an image's file.
  public static func image(from text: String) throws(ImageFileError) -> Image {
    var image = Image(entry: 0, pieces: [])
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard lines.first.map(String.init) == header else {
      throw ImageFileError(line: 1, message: "an image begins with '\(header)'")
    }
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let words = line.split(separator: " ").map(String.init)
      guard read(words, into: &image) else {
        throw ImageFileError(line: index + 1, message: "'\(line.prefix(40))' makes no sense here")
      }
    }
    image.pieces = joined(image.pieces)
    for (left, right) in zip(image.pieces, image.pieces.dropFirst())
    where UInt64(left.address) + UInt64(left.bytes.count) > UInt64(right.address) {
      throw ImageFileError(
        line: 1, message: "two lines have bytes for \(hexadecimal(right.address))")
    }
    image.symbols.sort { ($0.value, $0.name) < ($1.value, $1.name) }
    return image
  }

  private static func read(_ words: [String], into image: inout Image) -> Bool {
    switch words.first {
    case "entry" where words.count == 2:
      guard let entry = UInt32(words[1], radix: 16) else { return false }
      image.entry = entry
    case "bytes" where words.count == 3:
      guard let address = UInt32(words[1], radix: 16), let bytes = bytes(words[2]),
        UInt64(address) + UInt64(bytes.count) <= 1 << 32
      else { return false }
      image.pieces.append(Image.Piece(address: address, bytes: bytes))
    case "label" where words.count == 3, "constant" where words.count == 3:
      guard let value = UInt32(words[1], radix: 16),
        let kind = Image.Symbol.Kind(rawValue: words[0])
      else { return false }
      image.symbols.append(Image.Symbol(name: words[2], value: value, kind: kind))
    case "pages" where words.count == 5:
      guard let first = UInt32(words[1], radix: 16), let last = UInt32(words[2], radix: 16),
        let ring = UInt8(words[3]).flatMap(Ring.init(rawValue:)),
        ["write", "read"].contains(words[4])
      else { return false }
      image.pageMarks.append(
        Image.PageMark(
          firstPage: first, lastPage: last, ring: ring, isWritable: words[4] == "write"))
    default: return false
    }
    return true
  }

  private static func bytes(_ digits: String) -> [UInt8]? {
    let digits = Array(digits.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// In order of address, neighbours made one.
  private static func joined(_ pieces: [Image.Piece]) -> [Image.Piece] {
    var result: [Image.Piece] = []
    for piece in pieces.sorted(by: { $0.address < $1.address }) {
      if let last = result.last,
        UInt64(last.address) + UInt64(last.bytes.count) == UInt64(piece.address)
      {
        result[result.count - 1].bytes += piece.bytes
      } else {
        result.append(piece)
      }
    }
    return result
  }
}

extension ImageFile {
  /// The SHA-256 of the image's text, in hexadecimal: what a transcript knows a program by.
  static func digest(of image: Image) -> String {
    hexadecimal(SHA256.hash(data: Array(text(of: image).utf8)))
  }
}
