import CYaml

/// Looks at a YAML text, event by event, before anything is built of it: so much of YAML is taken, and no more.
///
/// Aliases let a few lines stand for more than any memory holds.
enum YAMLBounds {
  struct Fault: Equatable {
    /// From 0.
    var line: Int
    /// From 0.
    var column: Int
    var message: String
  }

  /// The most bytes of one text.
  static let sizeLimit = 256 << 10
  /// So deep lists and mappings may stand in one another.
  static let depthLimit = 16

  /// The first thing that is too much; nil too for what is no YAML, of which the parser tells.
  static func fault(in text: String) -> Fault? {
    guard text.utf8.count <= sizeLimit else {
      return Fault(line: 0, column: 0, message: "it has more than \(sizeLimit >> 10) KiB")
    }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return nil }
    defer { yaml_parser_delete(&parser) }
    return Array(text.utf8).withUnsafeBufferPointer { bytes in
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      return fault(of: &parser)
    }
  }

  private static func fault(of parser: inout yaml_parser_t) -> Fault? {
    var depth = 0
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
      defer { yaml_event_delete(&event) }
      var message: String?
      switch event.type {
      case YAML_STREAM_END_EVENT: return nil
      case YAML_ALIAS_EVENT: message = noAliases
      case YAML_SCALAR_EVENT where event.data.scalar.anchor != nil: message = noAliases
      case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
        depth += 1
        let isSequence = event.type == YAML_SEQUENCE_START_EVENT
        let anchor =
          isSequence ? event.data.sequence_start.anchor : event.data.mapping_start.anchor
        if anchor != nil { message = noAliases }
        if depth > depthLimit {
          message = "lists and mappings stand in one another more than \(depthLimit) deep"
        }
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: depth -= 1
      default: break
      }
      if let message {
        return Fault(
          line: Int(event.start_mark.line), column: Int(event.start_mark.column), message: message)
      }
    }
  }

  private static let noAliases =
    "there are no aliases ('&name' and '*name'); write the value out, or put it in quotes '…'"
}
