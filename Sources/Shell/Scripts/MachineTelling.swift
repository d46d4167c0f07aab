import Laboratory
import Onion
import OnionISA
import Transcripts

extension CommandInterpreter: MachineTeller {
  public func whereItStands() -> [String] {
    guard session.image != nil || session.world.steps > 0 else { return ["no program is loaded"] }
    let world = session.world
    let status = world.context.status
    var place = "at step \(view.grouped(world.steps)), pc \(view.named(world.pc).plain), "
    place += "ring \(status.cpl)"
    if let monitor = world.monitor { place += ", \(monitor.guest.name)" }
    guard let trap = session.trapLog.last else { return [place, "no trap was taken"] }
    return [
      place,
      "last trap \(view.grouped(world.trapCount)): \(RefusalWords.name(trap.trap)) at \(trap.pc), "
        + "ring \(trap.fromRing) → \(trap.toRing)",
    ]
  }
}
