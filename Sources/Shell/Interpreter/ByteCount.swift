/// A size of memory as it is written and shown.
struct ByteCount {
  var bytes: UInt64

  init(_ bytes: some BinaryInteger) { self.bytes = UInt64(clamping: bytes) }

  /// `64M`, `512K`, `1G`, or bytes; nil for anything else.
  init?(_ text: String) {
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    guard let number = UInt64(unit == nil ? text : String(text.dropLast())) else { return nil }
    let (bytes, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
    if overflows { return nil }
    self.bytes = bytes
  }

  /// `64 MiB`; a size that is no whole number of them in KiB, rounded up.
  var text: String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\((bytes + 1023) >> 10) KiB"
  }

  /// `3.8 MiB`: for what is measured.
  var rounded: String {
    guard bytes >= 1 << 20 else { return "\((bytes + 1023) >> 10) KiB" }
    let tenths = (bytes * 10 + (1 << 19)) >> 20
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
