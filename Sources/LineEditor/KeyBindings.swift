import CEditline

/// What keys do beyond libedit's own, made after the user's `.editrc` was read: its `bind -v`
/// empties the key map.
///
/// Keys that have no character send codes that begin with an escape. Those that mean something here or to
/// the user's `.editrc` are handed to libedit; all others are swallowed, since libedit would leave a part of
/// their code in the line.
struct KeyBindings {
  /// The name of the function that completes.
  static let complete = "ringside-complete"

  private static let functions: [(key: String, function: String)] = [
    ("^I", complete),
    // A Ctrl-D typed a moment before the editor took over the keyboard arrives as NUL.
    ("^@", "ed-ignore"),
    ("^\\", "ed-ignore"),
  ]

  /// Codes of keys, without the escape, and what they do.
  private static let codes: [(code: String, function: String)] = [
    // Home, End, Delete in their several forms.
    ("[1~", "ed-move-to-beg"), ("[7~", "ed-move-to-beg"), ("[H", "ed-move-to-beg"),
    ("OH", "ed-move-to-beg"), ("[4~", "ed-move-to-end"), ("[8~", "ed-move-to-end"),
    ("[F", "ed-move-to-end"), ("OF", "ed-move-to-end"), ("[3~", "ed-delete-next-char"),
    ("[3;5~", "ed-delete-next-char"),
    // Ctrl, Alt or both with an arrow go by words.
    ("[1;5D", "ed-prev-word"), ("[1;3D", "ed-prev-word"), ("[1;7D", "ed-prev-word"),
    ("[1;5C", "em-next-word"), ("[1;3C", "em-next-word"), ("[1;7C", "em-next-word"),
    ("[1;2D", "ed-prev-char"), ("[1;2C", "ed-next-char"),
    ("[1;5A", "ed-prev-history"), ("[1;5B", "ed-next-history"),
    ("[1;2A", "ed-prev-history"), ("[1;2B", "ed-next-history"),
    ("[1;3A", "ed-prev-history"), ("[1;3B", "ed-next-history"),
  ]

  /// The arrows, which libedit binds itself.
  private static let arrows = ["[A", "[B", "[C", "[D", "OA", "OB", "OC", "OD"]

  /// Vi's keys are in use.
  let usesVi: Bool
  /// Codes, without the escape, that libedit knows what to do with.
  private let known: Set<String>

  /// None: before the editor is set up.
  init() {
    usesVi = false
    known = []
  }

  /// Makes the bindings for an editor.
  ///
  /// - Parameter own: what the user's `.editrc` binds, as it is written there.
  init(installedIn editor: OpaquePointer, own: [String]) {
    usesVi = editline_editor(editor).map { String(cString: $0) } == "vi"
    for (key, function) in Self.functions { editline_bind(editor, key, function) }
    var known = Set(Self.arrows)
    if usesVi {
      // There Escape is a key of its own, and a code that starts with it would take it over.
      editline_bind(editor, "^R", "em-inc-search-prev")
    } else {
      let taken = Set(own.compactMap(Self.code))
      for (code, function) in Self.codes where !taken.contains(code) {
        editline_bind(editor, "\\e" + code, function)
      }
      known.formUnion(Self.codes.map(\.code))
    }
    self.known = known.union(own.compactMap(Self.code))
  }

  /// Whether libedit is to get a code.
  func knows(_ code: String) -> Bool { known.contains(code) }

  /// The keys that the editor sees to itself while vi's keys are in use.
  enum CursorKey {
    case home
    case end
    case delete
  }

  static func cursorKey(_ code: String) -> CursorKey? {
    switch codes.first(where: { $0.code == code })?.function {
    case "ed-move-to-beg": .home
    case "ed-move-to-end": .end
    case "ed-delete-next-char": .delete
    default: nil
    }
  }

  /// The cursor keys in their shorter form, such as Ctrl-P for Up.
  static let shortCursorKeys: [String: Unicode.Scalar] = [
    "[A": "\u{10}", "[B": "\u{e}", "[C": "\u{6}", "[D": "\u{2}", "[H": "\u{1}", "[F": "\u{5}",
    "OA": "\u{10}", "OB": "\u{e}", "OC": "\u{6}", "OD": "\u{2}", "OH": "\u{1}", "OF": "\u{5}",
  ]

  static func pageKey(_ code: String) -> LineEditor.PageKey? {
    ["[5~": .up, "[6~": .down][code]
  }

  // MARK: The user's file

  /// The code in a key as `.editrc` writes it: `\e[15~`, `^[[15~`, `\033[15~`; nil for other keys.
  private static func code(_ key: String) -> String? {
    for escape in ["\\e", "\\E", "^[", "\\033"] where key.hasPrefix(escape) {
      let code = String(key.dropFirst(escape.count))
      return code.hasPrefix("[") || code.hasPrefix("O") ? code : nil
    }
    return nil
  }

  /// The keys that the text of an `.editrc` binds.
  static func keys(boundBy text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      var words = line.split { $0 == " " || $0 == "\t" }[...]
      // A line may begin with the program that it is for.
      if let first = words.first, let colon = first.firstIndex(of: ":") {
        words = words.dropFirst()
        let rest = first[first.index(after: colon)...]
        if !rest.isEmpty { words = [rest] + words }
      }
      guard words.popFirst() == "bind" else { return nil }
      return words.first { !$0.hasPrefix("-") }.map { word in
        word.trimmingPrefix("\"").hasSuffix("\"")
          ? String(word.trimmingPrefix("\"").dropLast()) : String(word)
      }
    }
  }
}

extension LineEditor {
  /// The keys that turn a page, which a clicker has.
  public enum PageKey: Sendable {
    case up
    case down
  }
}
