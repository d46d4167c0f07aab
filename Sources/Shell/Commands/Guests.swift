import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

/// What `vm` does with one guest or several: the word after it, and how the rest is written.
private enum GuestVerb: String, CaseIterable {
  case new, list, start, pause, stop, use, weight, cap, balloon, save, restore, clone, move

  /// A line that is right.
  var example: String {
    switch self {
    case .new: "vm new beta kernel.s weight=512"
    case .list: "vm list"
    case .start: "vm start all"
    case .pause: "vm pause beta"
    case .stop: "vm stop beta"
    case .use: "vm use beta"
    case .weight: "vm weight beta 512"
    case .cap: "vm cap beta 20"
    case .balloon: "vm balloon beta 1M"
    case .save: "vm save beta before"
    case .restore: "vm restore beta before"
    case .clone: "vm clone beta gamma"
    case .move: "vm move beta second"
    }
  }
}

// Several guests: `vm` and what follows it.
extension CommandInterpreter {
  static let guestVerbs = GuestVerb.allCases.map(\.rawValue)

  /// What `vm WORDS` does.
  func manageGuests(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard let word = words.first else { return try guestSummary() }
    guard let verb = GuestVerb(rawValue: word) else {
      let guess = Suggestion.nearest(to: word, among: Self.guestVerbs)
        .map { "did you mean 'vm \($0)'?" }
      throw CommandFailure(
        "there is no 'vm \(word.prefix(40))'; "
          + (guess ?? "there is \(Self.guestVerbs.joined(separator: ", "))"))
    }
    let rest = Array(words.dropFirst())
    switch verb {
    case .new: return try newGuest(rest)
    case .list:
      guard rest.isEmpty else { throw CommandFailure("'vm list' takes no more words") }
      _ = try monitor()
      return view.guestList(kept: keptGuests)
    case .start:
      try checkNotStopped(rest)
      return try change(rest, verb, "runs") { .share($0, .paused(false)) }
    case .pause:
      try checkNotStopped(rest)
      return try change(rest, verb, "is paused") { .share($0, .paused(true)) }
    case .stop: return try change(rest, verb, "is stopped for good") { .stopGuest($0) }
    case .use:
      guard rest.count == 1 else { throw unclear(verb, "use which guest's console?") }
      return try change(rest, verb, "gets what is typed") { .useConsole($0) }
    case .weight:
      guard rest.count == 2, let weight = UInt32(rest[1]), (1...65_536).contains(weight) else {
        throw unclear(verb, "a weight is 1 to 65536:")
      }
      return try change([rest[0]], verb, "has weight \(weight)") { .share($0, .weight(weight)) }
    case .cap:
      guard rest.count == 2, let cap = Self.cap(rest[1]) else {
        throw unclear(verb, "a cap is 1 to 100 per cent, or off:")
      }
      return try change([rest[0]], verb, cap.map { "gets \($0) % at most" } ?? "has no cap") {
        .share($0, .cap(cap))
      }
    case .balloon:
      guard rest.count == 2 else { throw unclear(verb, "how much shall which guest give up?") }
      return try inflate(rest[0], rest[1])
    case .save:
      guard rest.count == 2 else { throw unclear(verb, "keep which guest, under which name?") }
      return try save(rest[0], as: rest[1])
    case .restore:
      guard rest.count == 2 else { throw unclear(verb, "put which guest back to what was kept?") }
      return try restore(rest[0], from: rest[1])
    case .clone:
      guard rest.count == 2 else { throw unclear(verb, "copy which guest, under which name?") }
      return try clone(rest[0], as: rest[1])
    case .move:
      guard rest.count == 2 else { throw unclear(verb, "move which guest to which host?") }
      return try move(rest[0], to: rest[1])
    }
  }

  private func unclear(_ verb: GuestVerb, _ question: String) -> CommandFailure {
    CommandFailure("\(question) '\(verb.example)'")
  }

  /// A cap as it is typed: nil for what is none, nil inside for `off`.
  private static func cap(_ word: String) -> UInt32?? {
    if word == "off" { return .some(nil) }
    guard let cap = UInt32(word), (1...100).contains(cap) else { return nil }
    return cap
  }

  /// `vm new NAME FILE.s [memory=4M] [weight=256] [cap=PERCENT] [paravirtual]`
  private func newGuest(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard words.count >= 2 else { throw unclear(.new, "a guest has a name and a program:") }
    let name = words[0]
    try checkNewGuest(name)
    var memory = session.settings.memorySize
    var changes: [(Int) -> Change] = []
    for word in words.dropFirst(2) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      switch (parts.first, parts.count > 1 ? parts[1] : "") {
      case ("memory", let value): memory = try LoadRequest.memory(value)
      case ("weight", let value):
        guard let weight = UInt32(value), (1...65_536).contains(weight) else {
          throw CommandFailure("a weight is 1 to 65536: weight=512")
        }
        changes.append { .share($0, .weight(weight)) }
      case ("cap", let value):
        guard let cap = UInt32(value), (1...100).contains(cap) else {
          throw CommandFailure("a cap is 1 to 100 per cent: cap=20")
        }
        changes.append { .share($0, .cap(cap)) }
      case ("paravirtual", ""): changes.append { .paravirtual($0) }
      default:
        throw CommandFailure(
          "'\(word)' is unknown; there is memory=4M, weight=512, cap=20 and paravirtual")
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
    try apply(changes.map { $0(index) })
    return StyledText(
      "\(name): \(words[1]), \(ByteCount(memory).text), paused; 'vm start \(name)' starts it"
    ).wrapped(to: columns, hanging: "  ")
  }

  /// Throws unless a guest to come may be called so.
  func checkNewGuest(_ name: String) throws(CommandFailure) {
    guard Self.isName(name), name != "all" else {
      throw CommandFailure("a guest's name is a word of up to 16 letters and digits")
    }
    if session.world.monitor?.guests.contains(where: { $0.name == name }) == true {
      throw CommandFailure("there is a guest '\(name)' already")
    }
  }

  /// What guests, hosts and what is kept of guests may be called.
  static func isName(_ name: String) -> Bool {
    name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      && name.first?.isLetter == true && name.count <= 16
  }

  func apply(_ changes: [Change]) throws(CommandFailure) {
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

  /// Whoever is off neither runs nor rests.
  private func checkNotStopped(_ names: [String]) throws(CommandFailure) {
    for name in names where name != "all" {
      guard try monitor().guests[guestIndex(name)].cpu.stop != nil else { continue }
      throw CommandFailure(
        keptGuests.isEmpty
          ? "\(name) is stopped for good; 'back' goes to where it still ran"
          : "\(name) is stopped for good; 'vm restore \(name) KEPT' puts it back to what was kept")
    }
  }

  /// Makes a change of the guests named, or of all.
  private func change(
    _ names: [String], _ verb: GuestVerb, _ effect: String, _ change: (Int) -> Change
  ) throws(CommandFailure) -> StyledText {
    let guests = try monitor().guests
    guard !names.isEmpty else {
      throw CommandFailure(
        "\(verb) which guest? 'vm \(verb) \(guests[0].name)', 'vm \(verb) all'")
    }
    var text = StyledText()
    for name in names {
      let found =
        name == "all"
        ? guests.indices.filter { guests[$0].cpu.stop == nil } : [try guestIndex(name)]
      for index in found {
        text.appendLine(
          try changed(change(index), StyledText("\(guests[index].name) \(effect)")))
      }
    }
    return text
  }

  /// Asks a guest to give up memory, or says that it may have all of it.
  private func inflate(_ name: String, _ amount: String) throws(CommandFailure) -> StyledText {
    let index = try guestIndex(name)
    let monitor = try monitor()
    guard monitor.isParavirtual(index) else {
      throw CommandFailure(
        "\(name) doesn't know of its VMM, so nobody in it would hear: "
          + "'vm new NAME FILE.s paravirtual' makes a guest that does")
    }
    let bytes: UInt32
    if amount == "off" {
      bytes = 0
    } else {
      guard let count = ByteCount(amount)?.bytes, count % 4096 == 0,
        count < monitor.guests[index].memorySize
      else {
        throw CommandFailure(
          "a part of \(name)'s \(ByteCount(monitor.guests[index].memorySize).text) in whole pages, "
            + "or off: 'vm balloon \(name) 1M'")
      }
      bytes = UInt32(count)
    }
    let change = Change.balloon(index, frames: bytes >> 12)
    return try changed(change, StyledText(describe(change)))
  }
}
