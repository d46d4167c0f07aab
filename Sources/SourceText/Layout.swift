/// How text is laid out.
public enum Layout: String, CaseIterable, Sendable {
  /// In columns, for the eye.
  case normal
  /// For a projector: short lines with room between them, and nothing dim.
  case big
  /// For whoever hears it or has no screen: one thing after the other. No rules, no pictures, no column
  /// that means something by its place.
  case linear
}
