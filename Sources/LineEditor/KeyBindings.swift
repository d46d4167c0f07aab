import CEditline

/// What keys do beyond libedit's own, made after the user's `.editrc` was read: its `bind -v`
/// empties the key map.
enum KeyBindings {
  /// The name of the function that completes.
  static let complete = "ringside-complete"

  /// Keys that terminals send and libedit does not know. What does nothing here would otherwise
  /// leave a part of its code in the line.
  private static let keys: [(key: String, function: String)] = [
    ("^I", complete),
    // A Ctrl-D typed a moment before the editor took over the keyboard arrives as NUL.
    ("^@", "ed-ignore"),
    ("^\\", "ed-ignore"),
    // Home, End, Delete in their several forms.
    ("\\e[1~", "ed-move-to-beg"), ("\\e[7~", "ed-move-to-beg"), ("\\e[H", "ed-move-to-beg"),
    ("\\eOH", "ed-move-to-beg"), ("\\e[4~", "ed-move-to-end"), ("\\e[8~", "ed-move-to-end"),
    ("\\e[F", "ed-move-to-end"), ("\\eOF", "ed-move-to-end"), ("\\e[3~", "ed-delete-next-char"),
    // Ctrl, Alt or both with an arrow go by words.
    ("\\e[1;5D", "ed-prev-word"), ("\\e[1;3D", "ed-prev-word"), ("\\e[1;7D", "ed-prev-word"),
    ("\\e[1;5C", "em-next-word"), ("\\e[1;3C", "em-next-word"), ("\\e[1;7C", "em-next-word"),
    ("\\e[1;2D", "ed-prev-char"), ("\\e[1;2C", "ed-next-char"),
    ("\\e[1;5A", "ed-prev-history"), ("\\e[1;5B", "ed-next-history"),
    ("\\e[1;2A", "ed-prev-history"), ("\\e[1;2B", "ed-next-history"),
    ("\\e[1;3A", "ed-prev-history"), ("\\e[1;3B", "ed-next-history"),
    // Shift-Tab, Insert, the page keys.
    ("\\e[Z", "ed-ignore"), ("\\e[2~", "ed-ignore"), ("\\e[5~", "ed-ignore"),
    ("\\e[6~", "ed-ignore"), ("\\e[3;5~", "ed-delete-next-char"),
    // The marks around a paste, and those of a window that gains or loses the focus.
    ("\\e[200~", "ed-ignore"), ("\\e[201~", "ed-ignore"),
    ("\\e[I", "ed-ignore"), ("\\e[O", "ed-ignore"),
  ]

  /// The codes of F1 to F12.
  private static let functionKeys =
    ["\\eOP", "\\eOQ", "\\eOR", "\\eOS"]
    + [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map { "\\e[\($0)~" }

  /// Makes the bindings for this editor.
  static func install(in editor: OpaquePointer) {
    let usesVi = editline_editor(editor).map { String(cString: $0) } == "vi"
    for (key, function) in keys where !(usesVi && key.hasPrefix("\\e")) {
      editline_bind(editor, key, function)
    }
    if usesVi {
      // There Escape is a key of its own, and a code that starts with it would take it over.
      editline_bind(editor, "^R", "em-inc-search-prev")
    } else {
      for key in functionKeys { editline_bind(editor, key, "ed-ignore") }
    }
  }
}
