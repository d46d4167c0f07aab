import Laboratory
import Onion
import SourceText

extension CommandTable {
  static let diskCommands: [Command] = [
    Command(
      "disks", [], "[N SECTOR]", group: .looking, "the disks, or what stands in a sector of one",
      example: "disks 0 5",
      details: """
        A disk has 2048 sectors of 512 bytes. Under the VMM the sectors are those of the guest's own disks, \
        which are parts of the real ones.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.disks(arguments.words)
    },
    Command(
      "disk", [], "pull N|replace N [GUEST]", group: .changing,
      "pulls a disk, or puts an empty one in its place", example: "disk pull 1",
      details: """
        Commands for a disk that was pulled fail. Without a guest it is the real disk, of which every guest \
        has a part; with one, that guest's alone. Both belong to the machine's history, as with 'set'.
        """,
      completion: .words(["pull", "replace"])
    ) { (shell, arguments) throws(CommandFailure) in
      let words = arguments.words
      guard (2...3).contains(words.count), ["pull", "replace"].contains(words[0]),
        let number = Int(words[1])
      else {
        throw CommandFailure(
          "'disk pull 1' takes disk 1 away, 'disk replace 1' puts an empty one in")
      }
      let guest = words.count == 3 ? try shell.guestIndex(words[2]) : nil
      let change = Change.disk(number, isPresent: words[0] == "replace", guest: guest)
      return try shell.changed(change, StyledText(shell.describe(change)))
    },
  ]
}

extension CommandInterpreter {
  func disks(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard let first = words.first else { return view.disks() }
    guard words.count == 2, let disk = Int(first), let sector = UInt32(words[1]) else {
      throw CommandFailure("'disks' lists them, 'disks 0 5' shows sector 5 of disk 0")
    }
    guard let bytes = session.world.diskSector(disk, sector) else {
      throw CommandFailure("there is no sector \(sector) of a disk \(disk)")
    }
    return view.sector(bytes)
  }
}
