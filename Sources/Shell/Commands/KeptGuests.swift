import Laboratory
import Monitor
import OnionISA
import SourceText

/// A guest as it was when it was kept, and the program that it was made with.
public struct KeptGuest: Sendable {
  public var name: String
  var checkpoint: GuestCheckpoint
  var image: Image
}

// Keeping a guest, putting it back, copying it, and moving it to another host.
extension CommandInterpreter {
  func save(_ guest: String, as name: String) throws(CommandFailure) -> StyledText {
    let kept = try kept(guest, as: name)
    keptGuests.removeAll { $0.name == name }
    keptGuests.append(kept)
    let checkpoint = kept.checkpoint
    return StyledText(
      "\(guest) is kept as \(name): \(view.plural(checkpoint.instructions, "instruction")) of it, "
        + "\(ByteCount(checkpoint.usedMemory).text) of memory in use"
    ).wrapped(to: columns, hanging: "  ")
  }

  func restore(_ guest: String, from name: String) throws(CommandFailure) -> StyledText {
    let index = try guestIndex(guest)
    guard let kept = keptGuests.first(where: { $0.name == name }) else {
      throw CommandFailure(
        keptGuests.isEmpty
          ? "nothing is kept; 'vm save \(guest) \(name.prefix(16))' keeps a guest as it is"
          : "nothing is kept as '\(name.prefix(40))'; there is "
            + keptGuests.map(\.name).joined(separator: ", "))
    }
    return try changed(
      .restoreGuest(index, kept.checkpoint), StyledText("\(guest) is what \(name) was"))
  }

  func clone(_ guest: String, as name: String) throws(CommandFailure) -> StyledText {
    try checkNewGuest(name)
    let kept = try kept(guest, as: name)
    let text = try changed(
      .addCopy(name: name, kept.checkpoint, image: kept.image),
      StyledText("\(name) is a copy of \(guest), paused; 'vm start \(name)' starts it"))
    return text.wrapped(to: columns, hanging: "  ")
  }

  /// Stops a guest here and lets it go on, as if nothing had happened, on another host.
  func move(_ guest: String, to host: String) throws(CommandFailure) -> StyledText {
    let index = try guestIndex(guest)
    let share = try monitor().shares[index]
    let kept = try kept(guest, as: guest)
    guard kept.checkpoint.isRunning else {
      throw CommandFailure("\(guest) has ended; there is nothing to move")
    }
    let here = hostName
    try check(host: host)
    guard host != here else { throw CommandFailure("\(guest) is on \(host) already") }
    try onHost(host) { () throws(CommandFailure) in
      try self.receive(kept)
      let index = try self.guestIndex(guest)
      // What it is to have of the CPU it takes along.
      try self.apply([
        .share(index, .weight(share.weight)), .share(index, .cap(share.cap)),
        .share(index, .paused(share.isPaused)),
      ])
    }
    try apply([.stopGuest(index)])
    return StyledText(
      "\(guest) goes on at \(host) where it was here, after "
        + "\(view.plural(kept.checkpoint.instructions, "instruction")); 'host use \(host)' goes there"
    ).wrapped(to: columns, hanging: "  ")
  }

  /// A guest comes from another host.
  private func receive(_ kept: KeptGuest) throws(CommandFailure) {
    if let monitor = session.world.monitor {
      // It comes back to where it was before: there its place is free.
      if let index = monitor.guests.firstIndex(where: { $0.name == kept.name }),
        monitor.guests[index].cpu.stop != nil
      {
        return try apply([.restoreGuest(index, kept.checkpoint)])
      }
      try checkNewGuest(kept.name)
      try apply([.addCopy(name: kept.name, kept.checkpoint, image: kept.image)])
      return
    }
    // An empty machine gets a VMM, and the guest in the place of its first.
    var settings = session.settings
    settings.guest = kept.name
    settings.memorySize = kept.checkpoint.memorySize
    settings.profile = kept.checkpoint.profile
    do throws(LoadError) {
      try session.load(kept.image, settings: settings)
    } catch {
      throw CommandFailure(error)
    }
    forgetPlaces()
    try apply([.restoreGuest(0, kept.checkpoint)])
  }

  private func kept(_ guest: String, as name: String) throws(CommandFailure) -> KeptGuest {
    guard Self.isName(name) else {
      throw CommandFailure("a name is a word of up to 16 letters and digits")
    }
    let index = try guestIndex(guest)
    guard let image = session.image(ofGuest: index) else {
      throw CommandFailure("\(guest) has no program")
    }
    return KeptGuest(
      name: name, checkpoint: try monitor().checkpoint(of: index), image: image)
  }
}
