/// A value in JSON.
indirect enum JSONText {
  case string(String)
  case number(Int)
  case bool(Bool)
  case null
  case array([JSONText])
  case object([(String, JSONText)])

  var text: String {
    switch self {
    case .string(let text): Self.quoted(text)
    case .number(let number): "\(number)"
    case .bool(let bool): bool ? "true" : "false"
    case .null: "null"
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let fields):
      "{" + fields.map { Self.quoted($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Results as the tools of test runners read them.
enum JUnitText {
  struct Case {
    var name: String
    var seconds = 0.0
    /// Why it failed, in one line; nil if it didn't.
    var failure: String?
    var details = ""
    /// It could not be looked at at all.
    var isError = false
  }

  static func document(suite: String, cases: [Case]) -> String {
    let failures = cases.count { $0.failure != nil && !$0.isError }
    let errors = cases.count { $0.failure != nil && $0.isError }
    let time = cases.reduce(0) { $0 + $1.seconds }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuite name=\(attribute(suite)) tests=\"\(cases.count)\" failures=\"\(failures)\" "
      + "errors=\"\(errors)\" time=\"\(milliseconds(time))\">\n"
    for item in cases {
      text +=
        "  <testcase classname=\(attribute(suite)) name=\(attribute(item.name)) "
        + "time=\"\(milliseconds(item.seconds))\""
      if let failure = item.failure {
        let tag = item.isError ? "error" : "failure"
        text += ">\n    <\(tag) message=\(attribute(failure))>\(escaped(item.details))</\(tag)>\n"
        text += "  </testcase>\n"
      } else {
        text += "/>\n"
      }
    }
    return text + "</testsuite>\n"
  }

  private static func milliseconds(_ seconds: Double) -> String {
    "\((seconds * 1000).rounded() / 1000)"
  }

  private static func attribute(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "&quot;").replacing("\n", with: "&#10;") + "\""
  }

  /// Text between tags; signs that XML has no way to write are left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Rows as spreadsheets read them.
enum CSVText {
  static func row(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\n"
  }

  /// In quotes where it has to be. A spreadsheet must not take a field for a formula.
  private static func field(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
      text = "'" + text
    }
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
