import Foundation
import Monitor
import Onion
import OnionAssembler
import OnionISA
import Testing

/// The guest operating system: what its users get, bare and deprivileged.
struct ShallotTests {
  /// What is typed at its shell, by what it is good for.
  static let workloads: [String: [String]] = [
    "processes": ["ps", "primes 2000", "primes 500", "share 150", "crash", "nap 2", "mem", "ps"],
    "memory": ["pages 40", "mem", "pages 300", "pages 1000", "mem"],
    "files": [
      "write notes one two three", "cat notes", "write 7:plan rebuild the wall", "ls", "ls 7",
      "cat 7:plan", "write notes now shorter", "cat notes", "rm notes", "ls", "cat notes", "ls 12",
    ],
    "volumes": [
      "fill 0 10", "fill 9 9", "check 0 10", "check 9 9", "check 1 1", "fill 2 300", "check 2 197",
      "ls 2", "rm 2:pattern", "fill 2 5", "check 2 5", "disks",
    ],
    "network": ["ping 9 3", "ping 255 1", "ping 1 1"],
    "neighbours": [
      "share 50", "fillshared", "share 50", "write 3:notes hello", "filldisk", "write 4:notes x",
      "write 3:more text", "cat 3:notes", "rm 5:pattern", "write 5:notes room again", "cat 5:notes",
    ],
    "mistakes": ["frobnicate", "kill 77", "cat nothing", "rm nothing", "ls 10", "rebuild 0", ""],
  ]
  /// Programs that run at the same time: who prints first depends on timing.
  static let concurrent: [[String]] = [
    ["primes 2000 &", "primes 500 &", "share 50", "wait"],
    ["fill 0 10 &", "fill 1 12 &", "fill 9 9", "wait", "check 0 10 &", "check 1 12 &", "wait"],
    ["spin &", "primes 300", "kill 2", "spin &", "spin &", "fill 4 5", "check 4 5"],
    ["echo &", "ping 9 2", "nap 3 &", "nap 1 &", "wait"].dropLast() + ["nap 9"],
  ]

  static let image: Image? = {
    let path = ProgramTests.folder.appending(path: "shallot/shallot.s")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return nil }
    let result = Assembler.assemble(source: text, file: "shallot.s") {
      (name, _) throws(IncludeFailure) in
      let part = path.deletingLastPathComponent().appending(path: name)
      guard let text = try? String(contentsOf: part, encoding: .utf8) else {
        throw IncludeFailure("there is no such file")
      }
      return text
    }
    return result.image
  }()

  private func bare(_ lines: [String]) throws -> Machine {
    let machine = try #require(Machine())
    try machine.load(#require(Self.image))
    machine.type(Array((lines.joined(separator: "\n") + "\n").utf8))
    return machine
  }

  private func guest(_ lines: [String], room: UInt32 = 0) throws -> VirtualMachineMonitor {
    let monitor = try VirtualMachineMonitor(
      image: #require(Self.image), roomForGuests: room)
    monitor.machine.type(Array((lines.joined(separator: "\n") + "\n").utf8))
    return monitor
  }

  private func text(_ output: ConsoleOutput) -> String { String(decoding: output, as: UTF8.self) }

  @Test(arguments: workloads.keys.sorted())
  func theSameBareAndDeprivileged(_ name: String) throws {
    let lines = try #require(Self.workloads[name]) + ["off"]
    let machine = try bare(lines)
    #expect(machine.run(steps: 60_000_000) == .stopped(.switchedOff))
    let monitor = try guest(lines)
    #expect(monitor.run(steps: 60_000_000) == .stopped(.switchedOff))
    let own = monitor.guest.devices
    #expect(text(own.console.output) == text(machine.devices.console.output))
    #expect(own.network.sent == machine.devices.network.sent)
    #expect(monitor.disks(of: 0) == machine.devices.disks)
    #expect(!text(own.console.output).contains("lost"))
  }

  @Test(arguments: concurrent)
  func theSameLinesInWhateverOrder(_ lines: [String]) throws {
    let machine = try bare(lines + ["off"])
    #expect(machine.run(steps: 60_000_000) == .stopped(.switchedOff))
    let monitor = try guest(lines + ["off"])
    #expect(monitor.run(steps: 60_000_000) == .stopped(.switchedOff))
    func printed(_ devices: Devices) -> [String] {
      text(devices.console.output).replacing("$ ", with: "").split(separator: "\n").map(String.init)
        .sorted()
    }
    #expect(printed(monitor.guest.devices) == printed(machine.devices))
    #expect(monitor.disks(of: 0) == machine.devices.disks)
  }

  /// What was typed, and what came of it.
  private func session(_ lines: [String]) throws -> String {
    let machine = try bare(lines + ["off"])
    #expect(machine.run(steps: 60_000_000) == .stopped(.switchedOff))
    return text(machine.devices.console.output)
  }

  @Test func processesShareTheCPUAndMemoryIsTheirOwn() throws {
    let text = try session(try #require(Self.workloads["processes"]))
    #expect(text.contains("303 primes\n"))
    #expect(text.contains("95 primes\n"))
    #expect(text.contains("together they counted to 300\n"))
    #expect(text.contains("crash was stopped: protection fault at "))
  }

  @Test func filesHoldWhatWasWritten() throws {
    let text = try session(try #require(Self.workloads["files"]))
    #expect(text.contains("$ cat notes\none two three\n"))
    #expect(text.contains("$ ls 7\nplan: 17 bytes\n"))
    #expect(text.contains("$ cat 7:plan\nrebuild the wall\n"))
    #expect(text.contains("$ rm notes\n$ ls\n$ cat notes\nno such file"))
    #expect(text.contains("$ ls 12\ncan't be read"))
  }

  @Test func pagesComeOnDemandAndGoBack() throws {
    let text = try session(["mem", "pages 40", "mem", "pages 5000", "mem"])
    let free = text.split(separator: "\n").filter { $0.hasSuffix("frames are free") }
    // The first such line is the kernel's, before there was a shell; the second, before the shell had a stack.
    #expect(free.count == 4 && Set(free.dropFirst(2)).count == 1)
    #expect(text.contains("the sum of all pages is 780\n"))
    #expect(text.contains("no memory is left"))
  }

  // MARK: The low walls between processes

  @Test func aProcessMaySpoilWhatIsShared() throws {
    let text = try session(["share 50", "fillshared", "share 50"])
    #expect(text.contains("$ share 50\ntogether they counted to 100\n"))
    #expect(text.contains("all shared pages are spoilt\n"))
    #expect(
      text.contains("$ share 50\ntogether they counted to 1100\n"), "their count is not theirs")
  }

  @Test func aProcessMayFillTheDisks() throws {
    let text = try session([
      "write 3:notes hello", "filldisk", "write 3:more text", "cat 3:notes", "rm 5:pattern",
      "write 5:notes room again", "cat 5:notes",
    ])
    #expect(text.contains("all volumes are full\n$ write 3:more text\nnot written: "))
    // What others wrote before is theirs all the same, and what is deleted is room again.
    #expect(text.contains("$ cat 3:notes\nhello\n"))
    #expect(text.contains("$ cat 5:notes\nroom again\n"))
  }

  @Test func aProcessMayKeepTheCPU() throws {
    let machine = try bare(["hog &", "primes 300", "off"])
    #expect(machine.run(steps: 5_000_000) == .limit)
    #expect(!text(machine.devices.console.output).contains("62 primes"))
  }

  // MARK: Disks that are pulled

  /// Any disk is pulled at any moment of the writing; everything can be read; a new one is filled from the two
  /// others; then another may go.
  @Test(arguments: 0..<3, 0..<6) func anyDiskMayBePulled(disk: Int, moment: Int) throws {
    let machine = try bare(["fill 3 40 &", "fill 8 40", "wait", "check 3 40", "check 8 40"])
    machine.acceptsInput = true
    _ = machine.run(steps: UInt64(120_000 + moment * 61_333))
    machine.devices.disks[disk] = nil
    #expect(machine.run(steps: 60_000_000) == .waitingForInput)
    var output = text(machine.devices.console.output)
    #expect(output.contains("disk \(disk) does not answer"))
    #expect(output.contains("all is right on volume 3\n") && output.contains("on volume 8\n"))

    machine.devices.disks[disk] = DiskContents()
    machine.type(Array("rebuild \(disk)\ndisks\n".utf8))
    #expect(machine.run(steps: 60_000_000) == .waitingForInput)
    output = text(machine.devices.console.output)
    #expect(output.contains("disk \(disk) is rebuilt\n"))

    let other = (disk + 1) % 3
    machine.devices.disks[other] = nil
    machine.type(Array("check 3 40\ncheck 8 40\nfill 5 3\ncheck 5 3\ndisks\noff\n".utf8))
    #expect(machine.run(steps: 60_000_000) == .stopped(.switchedOff))
    output = text(machine.devices.console.output)
    #expect(output.components(separatedBy: "all is right on volume").count == 6)
    #expect(output.contains("disk \(other): missing"))
    #expect(output.contains("disk \(disk): right"))
  }

  @Test func withTwoDisksGoneItSaysSo() throws {
    let machine = try bare(["fill 3 10"])
    machine.acceptsInput = true
    _ = machine.run(steps: 60_000_000)
    machine.devices.disks[0] = nil
    machine.devices.disks[2] = nil
    machine.type(Array("check 3 10\nwrite 3:x y\nfill 3 2\nls 4\nrebuild 0\noff\n".utf8))
    #expect(machine.run(steps: 60_000_000) == .stopped(.switchedOff))
    let output = text(machine.devices.console.output)
    #expect(!output.contains("all is right"))
    #expect(output.contains("can't be rebuilt"))
  }

  /// The array outlives a reset, and a disk that missed something is not believed.
  @Test func labelsTellWhichDisksAreUpToDate() throws {
    let machine = try bare(["fill 3 10"])
    machine.acceptsInput = true
    _ = machine.run(steps: 60_000_000)
    let old = machine.devices.disks[1]
    machine.devices.disks[1] = nil
    machine.type(Array("fill 3 20\noff\n".utf8))
    #expect(machine.run(steps: 60_000_000) == .stopped(.switchedOff))

    let next = try bare(["disks", "check 3 20", "rebuild 1", "disks", "check 3 20", "off"])
    next.devices.disks = machine.devices.disks
    next.devices.disks[1] = old
    #expect(next.run(steps: 60_000_000) == .stopped(.switchedOff))
    let output = text(next.devices.console.output)
    #expect(output.contains("disk 1 is missing, new or out of date"))
    #expect(output.components(separatedBy: "all is right on volume 3").count == 3)
    #expect(output.contains("disk 1: right"))
  }

  // MARK: Two of them

  @Test func twoReachEachOtherOverTheSwitch() throws {
    let monitor = try guest(["echo"], room: 64 << 20)
    try monitor.addGuest(name: "beta", image: #require(Self.image), memorySize: 4 << 20)
    monitor.acceptsInput = true
    monitor.changeShare(of: 1) { $0.isPaused = false }
    monitor.useConsole(of: 1)
    monitor.machine.type(Array("ping 1 5\nping 7 2\noff\n".utf8))
    for _ in 0..<100 where monitor.guests[1].cpu.stop == nil { _ = monitor.run(steps: 1_000_000) }
    let output = text(monitor.guests[1].devices.console.output)
    #expect(output.contains("answers: 5\n"))
    #expect(output.contains("answers: 0\n"))
  }
}
