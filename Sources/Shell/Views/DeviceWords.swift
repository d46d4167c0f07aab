import Onion
import OnionISA

/// What a device did by itself, in words.
struct DeviceWords {
  /// Whose device it is: `alpha's`, or `the`.
  var owner: String

  func sentence(_ event: DeviceEvent) -> String {
    switch event {
    case .disk(let command, let failed):
      let name = "\(owner) disk \(command.disk)"
      let address = hexadecimal(command.address)
      if failed {
        return "\(name) moves nothing: sector \(command.sector), address \(address) is an error"
      }
      return command.isWrite
        ? "\(name) has written sector \(command.sector) from \(address)"
        : "\(name) has read sector \(command.sector) to \(address)"
    case .sent(let length, let failed):
      return failed
        ? "\(owner) network card sends nothing: buffer or length is an error"
        : "\(owner) network card has sent \(length) bytes"
    case .received(let length, let address, let failed):
      return failed
        ? "\(owner) network card can't put a frame at \(hexadecimal(address))"
        : "\(owner) network card has put \(length) bytes at \(hexadecimal(address))"
    }
  }

  /// The same in a few words.
  func transfer(_ event: DeviceEvent) -> String {
    switch event {
    case .disk(let command, let failed):
      let sector = "sector \(command.sector)"
      if failed { return "disk \(command.disk) (DMA): an error" }
      return command.isWrite
        ? "disk \(command.disk) (DMA): \(hexadecimal(command.address)) to \(sector)"
        : "disk \(command.disk) (DMA): \(sector) to \(hexadecimal(command.address))"
    case .sent(let length, let failed):
      return failed ? "network card: an error" : "network card (DMA): \(length) bytes sent"
    case .received(let length, let address, let failed):
      return failed
        ? "network card: an error"
        : "network card (DMA): \(length) bytes to \(hexadecimal(address))"
    }
  }
}
