import TestSupport

/// A home folder, and sessions with the driver programme in it.
struct DriverHome {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Starts the driver in a terminal and waits for its prompt.
  func session(
    history: String = "history", prompt: String = "> ", columns: Int = 80,
    environment: [String: String] = [:]
  ) throws -> Terminal {
    let terminal = try Terminal(
      builtExecutable("line-editor-driver"), [folder.path(of: history), prompt],
      environment: childEnvironment(["HOME": folder.path].merging(environment) { $1 }),
      columns: columns)
    try terminal.waitForPrompt("> ")
    return terminal
  }

  /// Ends a session in good order.
  func end(_ terminal: Terminal) throws {
    try terminal.send("quit\r")
    _ = try terminal.waitForExit()
  }
}
