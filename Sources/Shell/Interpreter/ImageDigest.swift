import Crypto
import OnionAssembler
import OnionISA

extension Image {
  /// The SHA-256 of what the program is, in hexadecimal: what a transcript knows it by. Where its source lies
  /// does not count.
  var digest: String {
    var image = self
    image.files = []
    image.lines = []
    return HexadecimalText.digits(SHA256.hash(data: Array(ImageFile.text(of: image).utf8)))
  }
}

/// Bytes as hexadecimal digits.
enum HexadecimalText {
  static func digits(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
