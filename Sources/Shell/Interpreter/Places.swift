import Laboratory
import Onion
import OnionAssembler
import OnionISA
import SourceText

// What arguments mean: numbers, addresses, places in the source.
extension CommandInterpreter {
  /// A count from 1, `fallback` if nothing is given.
  func count(_ text: String, of what: String, fallback: UInt64 = 1) throws(CommandFailure) -> UInt64
  {
    if text.isEmpty { return fallback }
    if let label = label(in: text) {
      throw CommandFailure(
        "'\(label)' is a place in the program and no number of \(what): 'until \(label)' runs to it"
      )
    }
    let value = try value(Self.ungrouped(text))
    guard value > 0 else { throw CommandFailure("'\(text)' is too few \(what); give 1 or more") }
    return UInt64(value)
  }

  /// A label that a text which is to be a number names: its address would be a number too, and hardly the one that
  /// was meant.
  private func label(in text: String) -> String? {
    guard let image = view.image, let query = try? Query.parse(Self.ungrouped(text)) else {
      return nil
    }
    return query.names.first { name in
      image.symbol(named: name)?.kind == .label && !Session.isMachineName(name)
    }
  }

  /// `1 348`, as numbers are shown here, is `1348`; other texts are what they are.
  static func ungrouped(_ text: String) -> String {
    let groups = text.split(separator: " ", omittingEmptySubsequences: false)
    guard groups.count > 1, let first = groups.first, (1...3).contains(first.count),
      groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.joined().allSatisfy({ $0.isASCII && $0.isNumber })
    else { return text }
    return groups.joined()
  }

  /// The value of an expression, or the one line that says where it is wrong.
  func value(_ text: String) throws(CommandFailure) -> Int64 {
    do throws(ConditionError) {
      return try session.value(of: text)
    } catch {
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
  }

  /// The value as `print` shows it, and whether it is a word of the machine.
  func shownValue(_ text: String) throws(CommandFailure) -> (value: Int64, isWord: Bool) {
    do throws(ConditionError) {
      return try session.wordOrCount(of: text)
    } catch {
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
  }

  /// An expression that may have no value now: what is wrong with it for good is thrown, and what only this
  /// moment denies it is returned.
  func checked(_ text: String, ofGuest guest: Int? = nil) throws(CommandFailure) -> ConditionError?
  {
    do throws(ConditionError) {
      return try session.momentaryFault(in: try Query.parse(text), asGuest: guest)
    } catch {
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
  }

  /// Takes `GUEST.` off the front of a place that is no name of the guest's own in use.
  func guestPlace(_ text: String) -> (guest: Int?, place: String) {
    let (guest, rest) = session.split(text.hasPrefix("*") ? String(text.dropFirst()).trimmed : text)
    return guest == nil ? (nil, text) : (guest, rest)
  }

  /// An address: a label, eight hexadecimal digits as they are shown, or an expression.
  ///
  /// - Parameter prefersLabels: in front of a register or another name of the machine's a label goes, because it
  ///   is a place that is asked for.
  func address(
    _ text: String, ofGuest guest: Int? = nil, prefersLabels: Bool = true
  ) throws(CommandFailure) -> VirtualAddress {
    if prefersLabels, let label = session.label(named: text, asGuest: guest) {
      if let owner = label.guest, owner != guest ?? session.world.monitor?.currentIndex {
        let name = session.world.monitor?.guests[owner].name ?? ""
        throw CommandFailure(
          "\(label.name) is \(name)'s, and this looks at the guest that has the CPU; "
            + "'print \(name).mem[\(label.name)]' looks at \(name)'s memory")
      }
      return VirtualAddress(label.address)
    }
    if text.utf8.count == 8, text.allSatisfy(\.isHexDigit),
      session.image?.symbol(named: text) == nil,
      let address = UInt32(text, radix: 16)
    {
      return VirtualAddress(address)
    }
    let value: Int64
    do throws(ConditionError) {
      value = try session.value(of: try Query.parse(text), asGuest: guest)
    } catch {
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
    guard
      let address = UInt32(exactly: value) ?? Int32(exactly: value).map(UInt32.init(bitPattern:))
    else { throw CommandFailure("'\(text)' is \(value), and an address has 32 bits") }
    return VirtualAddress(address)
  }

  /// A place in the code: a line of the source (`kernel.s:88`) or an address (`put`, `0x1010`, `*0x1010`).
  ///
  /// - Parameter guest: in whose code, by its place; nil: of the one that has the CPU.
  func codePlace(_ text: String, ofGuest guest: Int? = nil) throws(CommandFailure) -> VirtualAddress
  {
    let image = guest.map { session.image(ofGuest: $0) } ?? session.image
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, let line = Int(parts[1]) {
      return try address(ofLine: line, file: parts[0], in: image)
    }
    if let refusal = noCode(atNumber: text) { throw refusal }
    // In gdb `break *0x1000` names an address; in front of anything else here it means the word there.
    let place = try address(
      text.hasPrefix("*") ? String(text.dropFirst()).trimmed : text, ofGuest: guest)
    guard place.isAligned(to: 4) else {
      throw CommandFailure("\(place) is not the place of an instruction; those are multiples of 4")
    }
    return place
  }

  /// Why a bare number in decimal digits is no place: the program has no code there, and the number is
  /// more likely a line's.
  private func noCode(atNumber text: String) -> CommandFailure? {
    guard let line = lineHere(text), let number = UInt32(text), text.utf8.count < 8,
      session.image?.lines.contains(where: { $0.address == number }) == false
    else { return nil }
    return CommandFailure(
      "no code is at \(VirtualAddress(number)); \(line) is the line, *\(number) the address")
  }

  /// `kernel.s:88` for `88`: a line of the file that is being run; nil if the text is no number.
  func lineHere(_ text: String) -> String? {
    guard let image = session.image, text.allSatisfy({ $0.isASCII && $0.isNumber }), !text.isEmpty
    else { return nil }
    let file = image.line(at: session.world.pc.rawValue)?.file ?? 0
    return image.files.indices.contains(file) ? "\(image.shortName(of: file)):\(text)" : nil
  }

  private func address(
    ofLine line: Int, file: String, in image: Image?
  ) throws(CommandFailure) -> VirtualAddress {
    guard let image else {
      throw CommandFailure("no program is loaded; 'load FILE.s' loads one")
    }
    guard let index = fileIndex(file, in: image) else {
      let known = image.files.indices.map { image.shortName(of: $0) }.joined(separator: ", ")
      throw CommandFailure("the program has no file '\(file)'; it is made of \(known)")
    }
    let lines = image.lines.filter { $0.file == index && $0.line >= line }
    guard let first = lines.min(by: { ($0.line, $0.address) < ($1.line, $1.address) }) else {
      throw CommandFailure("there is no code at or after line \(line) of \(file)")
    }
    return VirtualAddress(first.address)
  }

  func fileIndex(_ name: String, in image: Image) -> Int? {
    image.files.indices.first { image.shortName(of: $0) == name || image.files[$0].name == name }
  }
}
