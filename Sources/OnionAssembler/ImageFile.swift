import OnionISA

/// Why a text is no image: the line, from 1, and what is wrong there, without a full stop.
public struct ImageFileError: Error, Hashable, Sendable, CustomStringConvertible {
  public var line: Int
  public var message: String

  public init(line: Int, message: String) {
    self.line = line
    self.message = message
  }

  public var description: String { "line \(line): \(message)" }
}

/// Images as files: plain text, one fact a line, so that a person can read one and compare two.
///
///     onion image 1
///     entry 00001000
///     bytes 00001000 05001220…          up to 32 bytes from that address, in order
///     label 00001000 boot
///     constant 00000050 POWER
///     pages 00001 00003 1 write         what .page said: first and last page, ring, write or read
///     file kernel.s                     a source, its text in the lines with | that follow
///     |boot: addi ra, sp, 5
///     line 00001000 4 0 1               address, bytes, file from 0, line from 1
///     end 8 1c291ca3                    lines before this one, and their CRC-32 as in zip files
///
/// Numbers of places are hexadecimal with all their digits, counts are decimal.
public enum ImageFile {
  static let magic = "onion image "
  static let version = 1
  static let bytesPerLine = 32

  /// Whether a file's text says that it is an image.
  public static func isImage(_ text: String) -> Bool { text.hasPrefix(magic) }

  /// The text of an image's file, from which ``image(from:)`` makes the same image again.
  public static func text(of image: Image) -> String {
    var lines = ["\(magic)\(version)", "entry \(hexadecimal(image.entry))"]
    for piece in image.pieces {
      for start in stride(from: 0, to: piece.bytes.count, by: bytesPerLine) {
        let bytes = piece.bytes[start..<min(start + bytesPerLine, piece.bytes.count)]
        let digits = bytes.map { hexadecimal(UInt32($0), digits: 2) }.joined()
        lines.append("bytes \(hexadecimal(piece.address &+ UInt32(start))) \(digits)")
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
    for file in image.files {
      lines.append("file \(file.name.replacing("\n", with: "?"))")
      // Cut at line feeds alone, so that every other kind of line end comes back as it was.
      for line in file.text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
        lines.append("|\(Substring(line))")
      }
    }
    for line in image.lines {
      lines.append("line \(hexadecimal(line.address)) \(line.size) \(line.file) \(line.line)")
    }
    let body = lines.map { $0 + "\n" }.joined()
    return body + "end \(lines.count) \(hexadecimal(checksum(of: body.utf8)))\n"
  }

  /// CRC-32, as in zip files.
  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
  }
}
