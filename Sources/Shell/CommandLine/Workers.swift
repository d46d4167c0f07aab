import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Does the same with many things on all processors.
enum Workers {
  /// As many as the machine has processors.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// What `body` makes of each item, in the order of the items.
  static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int = processorCount, _ body: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    guard jobs > 1, items.count > 1 else { return items.map(body) }
    let work = Work(items: items, body: body)
    let threads = (0..<min(jobs, items.count)).compactMap { _ in Self.start { work.run() } }
    // Whoever waits may as well work: then it also goes on where no thread could be started.
    work.run()
    for thread in threads { pthread_join(thread, nil) }
    return work.results.withLock { results in items.indices.compactMap { results[$0] } }
  }

  private final class Work<Item: Sendable, Result: Sendable>: Sendable {
    let items: [Item]
    let body: @Sendable (Item) -> Result
    let next = Mutex(0)
    let results = Mutex<[Int: Result]>([:])

    init(items: [Item], body: @escaping @Sendable (Item) -> Result) {
      self.items = items
      self.body = body
    }

    func run() {
      while true {
        let index = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard index < items.count else { return }
        let result = body(items[index])
        results.withLock { $0[index] = result }
      }
    }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    start(Unmanaged.passRetained(Job(body)).toOpaque())
  }

  /// With a stack of the main thread's usual size; elsewhere threads may get far less.
  private static func start(_ job: UnsafeMutableRawPointer) -> pthread_t? {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    pthread_attr_init(attributes)
    pthread_attr_setstacksize(attributes, 8 << 20)
    #if canImport(Darwin)
      let thread = UnsafeMutablePointer<pthread_t?>.allocate(capacity: 1)
    #else
      let thread = UnsafeMutablePointer<pthread_t>.allocate(capacity: 1)
    #endif
    defer { thread.deallocate() }
    let failure = pthread_create(thread, attributes, runJob, job)
    pthread_attr_destroy(attributes)
    if failure != 0 { Unmanaged<Job>.fromOpaque(job).release() }
    return failure == 0 ? thread.pointee : nil
  }
}

/// What a thread is to do, as an object that C can hand on.
private final class Job: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runJob(_ job: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body() }
  return nil
}
