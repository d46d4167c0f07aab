import CPseudoTerminal
import Foundation

/// How a process ended.
public enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signalled(Int32)

  init(waitStatus: Int32) {
    self =
      pseudoterminal_did_exit(waitStatus)
      ? .exited(pseudoterminal_exit_code(waitStatus))
      : .signalled(pseudoterminal_signal(waitStatus))
  }
}

/// The environment of a child: little, the same on every machine, with `additions` on top.
///
/// What measures coverage and checks memory is passed on, and a crash is not made interactive.
public func childEnvironment(_ additions: [String: String] = [:]) -> [String: String] {
  let own = ProcessInfo.processInfo.environment
  var environment = [
    "PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent", "TERM": "xterm",
    "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SWIFT_BACKTRACE": "enable=no",
    // libedit keeps a few bytes until the end.
    "ASAN_OPTIONS": "detect_leaks=0",
  ]
  for name in ["LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "TSAN_OPTIONS"] {
    environment[name] = own[name]
  }
  return environment.merging(additions) { $1 }
}

/// What a process wrote and how it ended.
public struct ProcessResult: Sendable {
  public var stdout: String
  public var stderr: String
  public var status: ExitStatus
}

/// Runs a program to its end with pipes for its standard streams.
///
/// `executable` is a path; `environment` is the whole environment (see `childEnvironment`).
/// Output of any size is read while input is written. A program that takes longer than `seconds`
/// is killed, and its output so far is in the failure that is thrown.
public func runProcess(
  _ executable: String, _ arguments: [String] = [], input: String = "",
  environment: [String: String] = childEnvironment(), folder: String? = nil, seconds: Double = 120
) throws -> ProcessResult {
  try runProcess(
    executable, arguments, input: Array(input.utf8), environment: environment, folder: folder,
    seconds: seconds)
}

/// Runs a program to its end with pipes for its standard streams, on input that may be any bytes.
public func runProcess(
  _ executable: String, _ arguments: [String], input: [UInt8],
  environment: [String: String] = childEnvironment(), folder: String? = nil, seconds: Double = 120
) throws -> ProcessResult {
  var ends: (input: Int32, output: Int32, error: Int32) = (-1, -1, -1)
  var process: pid_t = 0
  let failure = withSpawnArguments([executable] + arguments, environment) {
    pseudoterminal_spawn_piped(
      executable, $0, $1, folder, &ends.input, &ends.output, &ends.error, &process)
  }
  guard failure == 0 else {
    throw SupportFailure("\(executable) does not start: \(String(cString: strerror(failure)))")
  }
  var streams = PipeStreams(input: ends.input, outputs: [ends.output, ends.error], pending: input)
  let finished = streams.pump(until: Deadline(seconds: seconds))
  streams.close()
  if !finished { kill(process, SIGKILL) }
  var status: Int32 = 0
  _ = pseudoterminal_reap(process, true, &status)
  let texts = streams.read.map { String(decoding: $0, as: UTF8.self) }
  guard finished else {
    throw SupportFailure(
      "\(executable) ran longer than \(seconds) s\nstdout:\n\(texts[0])\nstderr:\n\(texts[1])")
  }
  return ProcessResult(stdout: texts[0], stderr: texts[1], status: ExitStatus(waitStatus: status))
}

/// The three pipes of a running process: written and read in turn, as each is ready.
private struct PipeStreams {
  var input: Int32
  var outputs: [Int32]
  var pending: [UInt8]
  var written = 0
  var read: [[UInt8]] = [[], []]

  /// Goes on until both outputs are at their end; false when the deadline comes first.
  mutating func pump(until deadline: Deadline) -> Bool {
    while outputs.contains(where: { $0 >= 0 }) {
      if deadline.isOver { return false }
      if input >= 0, written == pending.count { closeInput() }
      var polled = outputs.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
      guard poll(&polled, nfds_t(polled.count), 100) > 0 else { continue }
      for stream in 0..<2 where polled[stream].revents != 0 { readSome(of: stream) }
      if polled[2].revents != 0 { writeSome() }
    }
    return true
  }

  private mutating func readSome(of stream: Int) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = Glibc.read(outputs[stream], &buffer, buffer.count)
    if count > 0 {
      read[stream] += buffer[..<count]
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      _ = Glibc.close(outputs[stream])
      outputs[stream] = -1
    }
  }

  private mutating func writeSome() {
    let count = pending[written...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
    if count > 0 {
      written += count
    } else if errno != EAGAIN && errno != EINTR {
      // The process reads no further: what is left is not for it.
      closeInput()
    }
  }

  private mutating func closeInput() {
    _ = Glibc.close(input)
    input = -1
  }

  mutating func close() {
    if input >= 0 { closeInput() }
    for stream in 0..<2 where outputs[stream] >= 0 { _ = Glibc.close(outputs[stream]) }
    outputs = [-1, -1]
  }
}

/// A moment in the future, on a clock that nobody sets.
struct Deadline {
  private let end: ContinuousClock.Instant

  init(seconds: Double) { end = .now + .seconds(seconds) }

  var isOver: Bool { .now >= end }
}

/// Lends arguments and environment in the form that C takes them.
func withSpawnArguments<Result>(
  _ arguments: [String], _ environment: [String: String],
  _ body: (
    UnsafePointer<UnsafeMutablePointer<CChar>?>, UnsafePointer<UnsafeMutablePointer<CChar>?>
  ) -> Result
) -> Result {
  let lines = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  let argv = arguments.map { strdup($0) } + [nil]
  let envp = lines.map { strdup($0) } + [nil]
  defer { for pointer in argv + envp { free(pointer) } }
  return argv.withUnsafeBufferPointer { argv in
    envp.withUnsafeBufferPointer { envp in
      // Both hold at least the nil that ends them, so they have an address.
      body(argv.baseAddress!, envp.baseAddress!)
    }
  }
}
