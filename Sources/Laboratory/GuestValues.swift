import Monitor
import Onion
import OnionISA

// What expressions say of guests by their names, whoever has the CPU.
extension Session {
  /// The number of the guest of that name; nil if there is none.
  public func guestIndex(_ name: String) -> Int? {
    world.monitor?.guests.firstIndex { $0.name == name }
  }

  /// `alpha.virtual.IF`, `alpha.true.ring`, `alpha.vmm.emulated`, `alpha.instructions` and their like; nil if
  /// there is no such value.
  func guestValue(_ index: Int, _ path: ArraySlice<String>) -> Int64? {
    guard let monitor = world.monitor, let first = path.first else { return nil }
    let guest = monitor.guests[index]
    let hasCPU = index == monitor.currentIndex
    if path.count == 2, let field = path.last {
      switch first {
      case "virtual":
        return statusValue(guest.cpu.status, field)
          ?? ControlRegister(name: field).map {
            Int64(guest.cpu.value(of: $0, profile: monitor.machine.profile))
          }
      case "true":
        let real =
          hasCPU && monitor.isGuestRunning ? monitor.machine.status : Status(rawValue: 0)
        return statusValue(real, field)
          ?? ControlRegister(name: field).map { Int64(monitor.machine.value(of: $0)) }
      case "vmm":
        return guest.counts.named.first { $0.name == field }.map { Int64(clamping: $0.value) }
      case "console" where field == "length": return Int64(guest.devices.console.output.count)
      default: return nil
      }
    }
    guard path.count == 1 else { return nil }
    let share = monitor.shares[index]
    switch first {
    case "pc": return Int64(monitor.position(of: index).pc.rawValue)
    case "instructions": return Int64(clamping: guest.cpu.instret)
    case "cycles": return Int64(clamping: guest.cpu.cycles)
    case "stopped": return guest.cpu.stop == nil ? 0 : 1
    case "running": return hasCPU ? 1 : 0
    case "paused": return share.isPaused ? 1 : 0
    case "weight": return Int64(share.weight)
    case "used": return Int64(clamping: share.used)
    case "stolen": return Int64(clamping: share.stolen)
    default: return nil
    }
  }

  static let guestFields = [
    "pc", "instructions", "cycles", "stopped", "running", "paused", "weight", "used", "stolen",
    "console.length",
  ]

  /// How often a word stands in what was printed: by the guest of that name, or by the program that has the
  /// console.
  func printed(_ arguments: [String], _ column: Int) throws(ConditionError) -> Int64 {
    guard let word = arguments.last, arguments.count <= 2 else {
      throw ConditionError(
        message: "it is printed(WORD), or printed(GUEST, WORD) for what a guest has printed",
        column: column)
    }
    var devices = world.devices
    if arguments.count == 2 {
      guard let index = guestIndex(arguments[0]), let monitor = world.monitor else {
        throw ConditionError(message: "there is no guest '\(arguments[0])'", column: column)
      }
      devices = monitor.guests[index].devices
    }
    let wanted = Array(word.utf8)
    let text = devices.console.output.bytes
    guard !wanted.isEmpty, text.count >= wanted.count else { return 0 }
    var count: Int64 = 0
    for start in 0...(text.count - wanted.count)
    where text[start..<(start + wanted.count)].elementsEqual(wanted) {
      count += 1
    }
    return count
  }
}
