import Foundation
import Onion
import OnionAssembler
import OnionISA
import TestSupport
import Testing

@testable import Monitor

/// The gallery of hostile guests: each is told what its own machine would tell it, and nobody else notices.
struct HostileTests {
  static let folder = ProgramTests.folder.appending(path: "hostile")
  /// The file that the others include.
  static let common = "common.s"
  /// Those for which having no end is the point.
  static let endless: Set = ["spin.s", "flood.s"]
  /// Those that meet the holes of the classic profile, where a guest may go wrong.
  static let strictOnly: Set = ["forged-frame.s", "iret-inward.s", "ports.s"]

  static let programs: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".s") && $0 != common }.sorted()
  static let finite = programs.filter { !endless.contains($0) }

  static func source(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Assembles a program of the gallery with what it includes.
  static func image(_ name: String) throws -> Image {
    let result = Assembler.assemble(source: try source(name), file: name) {
      (name, _) throws(IncludeFailure) in
      guard let text = try? source(name) else { throw IncludeFailure("there is no such file") }
      return text
    }
    let messages = result.diagnostics.map { $0.rendered().plain }.joined(separator: "\n")
    return try #require(result.image, "\(messages)")
  }

  private func text(_ output: ConsoleOutput) -> String { String(decoding: output, as: UTF8.self) }

  /// What a program prints on the bare machine.
  private func bareOutput(_ name: String, _ profile: Profile = .strict) throws -> String {
    let machine = try #require(Machine(profile: profile))
    try machine.load(Self.image(name))
    #expect(machine.run(steps: 2_000_000) == .stopped(.switchedOff))
    return text(machine.devices.console.output)
  }

  /// Runs until everybody stopped or `isDone` holds, and looks at the walls: now and then, or always.
  ///
  /// - Returns: what was breached.
  private func run(
    _ monitor: VirtualMachineMonitor, until isDone: () -> Bool = { false }
  ) -> [Breach] {
    var breaches: [Breach] = []
    for round in 0..<10_000 {
      if isDone() { break }
      let watch = isSoak || round % 32 == 0 ? WallWatch() : nil
      monitor.wallWatch = watch
      let pause = monitor.run(steps: 500)
      breaches += watch?.breaches ?? []
      guard case .limit = pause else { break }
    }
    return breaches
  }

  @Test func theGalleryIsThere() {
    #expect(Self.programs.count >= 16)
    #expect(Self.endless.isSubset(of: Self.programs))
    #expect(Self.strictOnly.isSubset(of: Self.programs))
  }

  /// Each says what it attacks, what stops it, and what one sees.
  @Test(arguments: programs) func aProgramSaysWhatItIsAbout(_ name: String) throws {
    let lines = try Self.source(name).split(separator: "\n", omittingEmptySubsequences: false)
    let head = lines.prefix { $0.hasPrefix(";") }.joined(separator: "\n")
    #expect(head.hasPrefix("; \(name) - "))
    for word in ["; The attack: ", "; The wall: ", "; One sees: "] {
      #expect(head.contains(word), "\(word)")
    }
  }

  // MARK: Equivalence

  @Test(arguments: finite) func printsTheSameBareAndDeprivileged(_ name: String) throws {
    for profile in [Profile.strict, .classic] {
      if profile == .classic, Self.strictOnly.contains(name) { continue }
      let bare = try bareOutput(name, profile)
      let monitor = try VirtualMachineMonitor(image: Self.image(name), profile: profile)
      #expect(run(monitor) == [])
      #expect(monitor.stop == .switchedOff)
      #expect(text(monitor.guest.devices.console.output) == bare)
      #expect(bare.hasSuffix("\n") && !bare.contains("SOMEBODY"))
    }
  }

  @Test(arguments: endless.sorted()) func anEndlessOneHasNoEnd(_ name: String) throws {
    let image = try Self.image(name)
    let machine = try #require(Machine())
    try machine.load(image)
    #expect(machine.run(steps: 20_000) == .limit)
    let monitor = try VirtualMachineMonitor(image: image)
    #expect(monitor.run(steps: 20_000) == .limit)
    #expect(!machine.devices.console.output.isEmpty)
    #expect(monitor.guest.devices.console.output == machine.devices.console.output)
  }

  /// On classic a guest may go wrong, and still reaches nothing that isn't its own.
  @Test(arguments: strictOnly.sorted()) func theWallsHoldOnClassicToo(_ name: String) throws {
    let monitor = try VirtualMachineMonitor(image: Self.image(name), profile: .classic)
    #expect(run(monitor) == [])
  }

  // MARK: Resource control

  /// A well-behaved neighbour prints, stores and sends what it does alone.
  @Test(arguments: programs) func theNeighbourDoesNotNotice(_ name: String) throws {
    let kernel = try ProgramTests.image("kernel.s")
    let alone = try VirtualMachineMonitor(image: kernel)
    #expect(alone.run(steps: 2_000_000) == .stopped(.switchedOff))

    let monitor = try VirtualMachineMonitor(
      name: "neighbour", image: kernel, roomForGuests: 16 << 20)
    try monitor.addGuest(name: "hostile", image: Self.image(name), memorySize: 4 << 20)
    monitor.changeShare(of: 1) { $0.isPaused = false }
    let isEndless = Self.endless.contains(name)
    let breaches = run(monitor) { isEndless && monitor.guests[0].cpu.stop != nil }
    #expect(breaches == [])

    let guests = monitor.guests
    #expect(guests[0].cpu.stop == .switchedOff)
    #expect(guests[0].devices.console.output == alone.guest.devices.console.output)
    #expect(monitor.disks(of: 0) == alone.disks(of: 0))
    guard !isEndless else {
      #expect(guests[1].cpu.stop == nil)
      return
    }
    let bare = try bareOutput(name)
    #expect(guests[1].cpu.stop == .switchedOff)
    #expect(text(guests[1].devices.console.output) == bare)
  }

  /// All of them at once, and the neighbour still notices nothing.
  @Test func noneOfThemTogetherEither() throws {
    let kernel = try ProgramTests.image("kernel.s")
    let alone = try VirtualMachineMonitor(image: kernel)
    #expect(alone.run(steps: 2_000_000) == .stopped(.switchedOff))
    let monitor = try VirtualMachineMonitor(
      name: "neighbour", image: kernel, roomForGuests: 96 << 20)
    let others = Self.programs.prefix(VirtualMachineMonitor.guestLimit - 1)
    for name in others {
      try monitor.addGuest(name: name, image: Self.image(name), memorySize: 4 << 20)
    }
    for index in 1...others.count { monitor.changeShare(of: index) { $0.isPaused = false } }
    #expect(run(monitor) { monitor.guests[0].cpu.stop != nil } == [])
    #expect(monitor.guests[0].devices.console.output == alone.guest.devices.console.output)
  }

  /// What one fills is its own part of the real disk.
  @Test func aFullDiskIsItsOwn() throws {
    let monitor = try VirtualMachineMonitor(
      name: "hostile", image: Self.image("disk-fill.s"), roomForGuests: 16 << 20)
    try monitor.addGuest(
      name: "neighbour", image: ProgramTests.image("kernel.s"), memorySize: 4 << 20)
    #expect(run(monitor) { monitor.guests[0].cpu.stop != nil } == [])
    #expect(monitor.disks(of: 0)[0]?.usedSectors.count == Int(DiskContents.usualSectorCount))
    #expect(monitor.disks(of: 1).allSatisfy { $0 == DiskContents() })
  }

  /// The VMM moves out of the way of those that have pages at its place.
  @Test(arguments: ["vmm-pages.s", "gate-edge.s", "double-map.s"])
  func theVMMMoves(_ name: String) throws {
    let monitor = try VirtualMachineMonitor(image: Self.image(name))
    _ = run(monitor)
    #expect(monitor.guest.counts.relocations >= 1)
  }
}
