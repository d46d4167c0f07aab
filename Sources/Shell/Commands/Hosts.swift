import Laboratory
import SourceText

/// A machine beside the one in use, with all that was done on it.
struct Host {
  var name: String
  var session: Session
}

extension CommandTable {
  static let hostCommands: [Command] = [
    Command(
      "host", ["hosts"], "[new NAME|use NAME]", group: .vmm,
      "the machines that there are; makes one more, or goes to another",
      example: "host new second\nvm move alpha second\nhost use second",
      details: """
        A host is a machine with a VMM on it. At first there is one, called first. 'vm move GUEST HOST' moves \
        a guest to another, in the middle of what it does: it is stopped here, copied, which takes no cycles, \
        and goes on there. (Live migration copies a guest while it runs.) All other commands are about the host in use; \
        each has a history of its own, and time stands still on the others. 'machine' begins anew with one.
        """,
      completion: .words(["new", "use"])
    ) { (shell, arguments) throws(CommandFailure) in
      let words = arguments.words
      switch words.first {
      case nil: return shell.hostList()
      case "new" where words.count == 2: return try shell.newHost(words[1])
      case "use" where words.count == 2: return try shell.useHost(words[1])
      default:
        throw CommandFailure(
          "'host' lists them, 'host new second' makes one, 'host use second' goes to it")
      }
    }
  ]
}

// The machines of one session.
extension CommandInterpreter {
  private static let firstHost = "first"

  /// The name of the host in use.
  var hostName: String { usedHost ?? Self.firstHost }

  func hostList() -> StyledText {
    var table = TextTable([("host", .left), ("holds", .left)])
    let all = (otherHosts + [Host(name: hostName, session: session)]).sorted {
      ($0.name == Self.firstHost ? "" : $0.name) < ($1.name == Self.firstHost ? "" : $1.name)
    }
    for host in all {
      let guests = host.session.world.monitor?.guests.map(\.name)
      let holds =
        guests.map { "the VMM with " + $0.joined(separator: ", ") }
        ?? (host.session.image == nil ? "nothing yet" : "a program on the bare machine")
      table.add([
        StyledText(host.name == hostName ? "=> " : "   ", .strong) + StyledText(host.name),
        StyledText(holds),
      ])
    }
    return view.lay(table)
  }

  func newHost(_ name: String) throws(CommandFailure) -> StyledText {
    guard Self.isName(name) else {
      throw CommandFailure("a host's name is a word of up to 16 letters and digits")
    }
    guard name != hostName, !otherHosts.contains(where: { $0.name == name }) else {
      throw CommandFailure("there is a host '\(name)' already")
    }
    guard otherHosts.count < 7 else { throw CommandFailure("there are eight hosts at most") }
    let settings = MachineSettings(
      profile: session.settings.profile, memorySize: session.settings.memorySize)
    guard let fresh = Session(settings: settings) else {
      throw CommandFailure(.noRoom(memorySize: settings.memorySize))
    }
    fresh.takeSettings(of: session)
    otherHosts.append(Host(name: name, session: fresh))
    return StyledText("\(name): an empty machine like this one")
  }

  func useHost(_ name: String) throws(CommandFailure) -> StyledText {
    try check(host: name)
    guard name != hostName else { return StyledText("\(name) is in use") }
    swapTo(host: name)
    return StyledText("\(name) is in use now") + "\n" + stopReport()
  }

  func check(host name: String) throws(CommandFailure) {
    let names = otherHosts.map(\.name) + [hostName]
    guard !names.contains(name) else { return }
    let guess = Suggestion.nearest(to: name, among: names)
    throw CommandFailure(
      "there is no host '\(name.prefix(40))'; "
        + (guess.map { "did you mean '\($0)'?" } ?? "'host new \(name.prefix(16))' makes one"))
  }

  /// Does something on another host and comes back.
  func onHost(_ name: String, _ body: () throws(CommandFailure) -> Void) throws(CommandFailure) {
    let here = hostName
    swapTo(host: name)
    defer { swapTo(host: here) }
    try body()
  }

  private func swapTo(host name: String) {
    guard let index = otherHosts.firstIndex(where: { $0.name == name }) else { return }
    let next = otherHosts.remove(at: index)
    otherHosts.append(Host(name: hostName, session: session))
    usedHost = next.name
    use(next.session)
    forgetPlaces()
  }
}
