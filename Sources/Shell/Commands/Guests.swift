import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

// Several guests: `vm` and what follows it.
extension CommandInterpreter {
  /// What `vm WORDS` does.
  func manageGuests(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard let verb = words.first else { return try guestSummary() }
    let rest = Array(words.dropFirst())
    switch verb {
    case "new": return try newGuest(rest)
    case "list":
      guard rest.isEmpty else { throw CommandFailure("'vm list' takes no more words") }
      _ = try monitor()
      return view.guestList()
    case "start": return try change(rest, "start", "runs") { .share($0, .paused(false)) }
    case "pause": return try change(rest, "pause", "is paused") { .share($0, .paused(true)) }
    case "stop": return try change(rest, "stop", "is stopped for good") { .stopGuest($0) }
    case "use":
      guard rest.count == 1 else {
        throw CommandFailure("use which guest's console? 'vm use beta'")
      }
      return try change(rest, "use", "gets what is typed") { .useConsole($0) }
    case "weight":
      guard rest.count == 2, let weight = UInt32(rest[1]), (1...65_536).contains(weight) else {
        throw CommandFailure("a weight is 1 to 65536: 'vm weight beta 512'")
      }
      return try change([rest[0]], "weight", "has weight \(weight)") { .share($0, .weight(weight)) }
    case "cap":
      guard rest.count == 2,
        rest[1] == "off" || (UInt32(rest[1]).map { (1...100).contains($0) } ?? false)
      else { throw CommandFailure("a cap is 1 to 100 per cent, or off: 'vm cap beta 20'") }
      let cap = UInt32(rest[1])
      return try change([rest[0]], "cap", cap.map { "gets \($0) % at most" } ?? "has no cap") {
        .share($0, .cap(cap))
      }
    default:
      let verbs = ["new", "list", "start", "pause", "stop", "use", "weight", "cap"]
      let guess = Suggestion.nearest(to: verb, among: verbs).map { "did you mean 'vm \($0)'?" }
      throw CommandFailure(
        "there is no 'vm \(verb.prefix(40))'; "
          + (guess ?? "there is \(verbs.joined(separator: ", "))"))
    }
  }

  /// `vm new NAME FILE.s [memory=4M] [weight=256] [cap=PERCENT]`
  private func newGuest(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard words.count >= 2 else {
      throw CommandFailure("a guest has a name and a program: 'vm new beta kernel.s weight=512'")
    }
    let name = words[0]
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
      name.first?.isLetter == true, name.count <= 16, name != "all"
    else { throw CommandFailure("a guest's name is a word of up to 16 letters and digits") }
    if session.world.monitor?.guests.contains(where: { $0.name == name }) == true {
      throw CommandFailure("there is a guest '\(name)' already")
    }
    var memory = session.settings.memorySize
    var shares: [ShareChange] = []
    for word in words.dropFirst(2) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.count > 1 ? parts[1] : "") {
      case ("memory", let value): memory = try LoadRequest.memory(value)
      case ("weight", let value):
        guard let weight = UInt32(value), (1...65_536).contains(weight) else {
          throw CommandFailure("a weight is 1 to 65536: weight=512")
        }
        shares.append(.weight(weight))
      case ("cap", let value):
        guard let cap = UInt32(value), (1...100).contains(cap) else {
          throw CommandFailure("a cap is 1 to 100 per cent: cap=20")
        }
        shares.append(.cap(cap))
      default:
        throw CommandFailure("'\(word)' is unknown; there is memory=4M, weight=512 and cap=20")
      }
    }
    let image = try files.image(at: try files.path(of: words[1]), width: columns)
    if session.world.monitor == nil {
      var settings = session.settings
      settings.guest = name
      settings.memorySize = memory
      _ = try load(image, named: words[1], settings: settings)
      try apply([.share(0, .paused(true))])
    } else {
      try apply([.addGuest(name: name, image: image, memorySize: memory)])
      noteImage(words[1], image)
    }
    let index = (session.world.monitor?.guests.count ?? 1) - 1
    try apply(shares.map { .share(index, $0) })
    return StyledText(
      "\(name): \(words[1]), \(ByteCount(memory).text), paused; 'vm start \(name)' starts it"
    ).wrapped(to: columns, hanging: "  ")
  }

  private func apply(_ changes: [Change]) throws(CommandFailure) {
    for change in changes { _ = try changed(change, StyledText()) }
  }

  /// The guest with that name.
  func guestIndex(_ name: String) throws(CommandFailure) -> Int {
    let guests = try monitor().guests
    if let index = guests.firstIndex(where: { $0.name == name }) { return index }
    let guess = Suggestion.nearest(to: name, among: guests.map(\.name))
    throw CommandFailure(
      "there is no guest '\(name.prefix(40))'; "
        + (guess.map { "did you mean '\($0)'?" } ?? "'vm list' lists them"))
  }

  /// Makes a change of the guests named, or of all.
  private func change(
    _ names: [String], _ verb: String, _ effect: String, _ change: (Int) -> Change
  ) throws(CommandFailure) -> StyledText {
    let guests = try monitor().guests
    guard !names.isEmpty else {
      throw CommandFailure("\(verb) which guest? 'vm \(verb) \(guests[0].name)', 'vm \(verb) all'")
    }
    var text = StyledText()
    for name in names {
      let found = name == "all" ? Array(guests.indices) : [try guestIndex(name)]
      for index in found {
        text.appendLine(
          try changed(change(index), StyledText("\(guests[index].name) \(effect)")))
      }
    }
    return text
  }
}
