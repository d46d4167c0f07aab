import Testing

@testable import Laboratory

/// Checkpoints: how dense they are, what they take, and that thinning them out loses nothing.
@Suite struct CheckpointTests {
  private static let storing = "start:  addi s0, s0, 1\nsw s0, -4(sp)\nj start\n"

  private func session() throws -> Session {
    let session = try Bench.session(Self.storing, .bare)
    session.checkpoints.spacing = .init(least: 100, most: 100, perFrame: 0)
    return session
  }

  @Test func theyTakeNoMoreThanTheyMay() throws {
    let session = try session()
    session.historyLimit = 200_000
    _ = session.run(40_000)
    #expect(session.historyBytes <= 200_000)
    #expect(session.checkpoints.count > 5)
    #expect(session.checkpoints.steps.first == 0)
    let count = try session.value(of: "s0")
    for back: UInt64 in [1, 399, 7000, 20_000] {
      session.goTo(step: 40_000 - back)
      session.goTo(step: 40_000)
      #expect(try session.value(of: "s0") == count)
    }
  }

  @Test func whatIsLongAgoIsKeptLessDensely() throws {
    let session = try session()
    session.historyLimit = 200_000
    _ = session.run(40_000)
    let steps = session.checkpoints.steps
    let gaps = zip(steps.dropFirst(), steps).map { $0 - $1 }
    let half = gaps.count / 2
    #expect(gaps[..<half].max()! > gaps[half...].min()! * 2)
    // Nothing is given up altogether.
    #expect(gaps.max()! < 40_000 / 3)
  }

  @Test func aLowerLimitFreesMemoryAtOnce() throws {
    let session = try session()
    _ = session.run(40_000)
    #expect(session.historyBytes > 400_000)
    session.historyLimit = 300_000
    #expect(session.historyBytes <= 300_000)
  }

  @Test func goingOverAGapFillsItAgain() throws {
    let session = try session()
    session.historyLimit = 200_000
    _ = session.run(40_000)
    session.historyLimit = 64 << 20
    session.goTo(step: 20_000)
    #expect(20_000 - session.checkpoints.step(before: 20_000) <= 100)
  }

  @Test func theyLieFartherApartLater() throws {
    let session = try Bench.session(Self.storing, .bare)
    session.checkpoints.spacing = .init(least: 100, most: 1000, perFrame: 0)
    _ = session.run(40_000)
    let steps = session.checkpoints.steps
    #expect(steps[1] - steps[0] <= 200)
    #expect(steps[steps.count - 1] - steps[steps.count - 2] >= 900)
  }

  @Test func aProgramThatWritesMuchIsSavedLessOften() throws {
    let quiet = try Bench.session(Self.storing, .bare)
    quiet.checkpoints.spacing = .init(least: 100, most: 100, perFrame: 0)
    let dear = try Bench.session(Self.storing, .bare)
    dear.checkpoints.spacing = .init(least: 100, most: 100, perFrame: 500)
    _ = quiet.run(40_000)
    _ = dear.run(40_000)
    #expect(dear.checkpoints.count * 2 < quiet.checkpoints.count)
  }
}
