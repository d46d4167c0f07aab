/// Something wrong at a place of the line that is being read.
struct Fault: Error, Hashable, Sendable {
  var message: String
  /// In characters, from 1.
  var column: Int
  var length: Int
  var suggestion: String?
  /// True for what is wrong only because something else is, which has been reported.
  var isFollowUp = false

  init(_ message: String, column: Int, length: Int = 1, suggestion: String? = nil) {
    self.message = message
    self.column = column
    self.length = length
    self.suggestion = suggestion
  }

  init(_ message: String, at token: Token, suggestion: String? = nil) {
    self.init(message, column: token.column, length: token.length, suggestion: suggestion)
  }

  init(_ message: String, at value: Value, suggestion: String? = nil) {
    self.init(message, column: value.column, length: value.length, suggestion: suggestion)
  }

  /// Not reported: the reason has been.
  static func followUp(_ token: Token) -> Fault {
    var fault = Fault("", at: token)
    fault.isFollowUp = true
    return fault
  }
}

/// A fault and the line where it is.
struct PlacedFault {
  var fault: Fault
  var place: SourcePlace
}

/// The faults of a program as they are found.
struct FaultList {
  private(set) var all: [PlacedFault] = []

  mutating func add(_ fault: Fault, _ place: SourcePlace) {
    add(PlacedFault(fault: fault, place: place))
  }

  mutating func add(_ placed: PlacedFault) {
    if !placed.fault.isFollowUp { all.append(placed) }
  }
}
