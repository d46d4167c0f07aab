/// How expected and actual lines belong together: the difference between them, line by line.
public struct OutputAlignment: Hashable, Sendable {
  /// One step of the way through both.
  public enum Step: Hashable, Sendable {
    /// Expected line `expected` fits actual line `actual`.
    case same(expected: Int, actual: Int)
    /// `...` in expected line `expected` stands for the actual lines in `actual`, which may be none.
    case open(expected: Int, actual: Range<Int>)
    /// Expected line `expected` did not come; where it should be stands `actual`, if anything.
    case changed(expected: Int, actual: Int)
    /// Expected line `expected` did not come.
    case missing(expected: Int)
    /// Actual line `actual` was not expected.
    case extra(actual: Int)
  }

  /// The steps in order; every line of both sides is in exactly one.
  public let steps: [Step]

  /// The first step that is not as expected, or nil if everything fits.
  public var firstDifference: Step? {
    steps.first {
      switch $0 {
      case .same, .open: false
      case .changed, .missing, .extra: true
      }
    }
  }
}

extension OutputPattern {
  /// The cheapest way to go through this pattern and `actual` together.
  ///
  /// - Complexity: the product of both lengths, after what is alike at either end has been set aside.
  public func aligned(with actual: [String]) -> OutputAlignment {
    var head = 0
    while head < min(lines.count, actual.count), lines[head] != .anyLines,
      lines[head].matches(actual[head])
    {
      head += 1
    }
    var tail = 0
    while tail < min(lines.count, actual.count) - head {
      let line = lines[lines.count - 1 - tail]
      guard line != .anyLines, line.matches(actual[actual.count - 1 - tail]) else { break }
      tail += 1
    }
    var steps = (0..<head).map { OutputAlignment.Step.same(expected: $0, actual: $0) }
    steps += alignedMiddle(head..<lines.count - tail, actual, head..<actual.count - tail)
    steps += (0..<tail).reversed().map {
      .same(expected: lines.count - 1 - $0, actual: actual.count - 1 - $0)
    }
    return OutputAlignment(steps: steps)
  }

  /// What a difference costs. A changed line is cheaper than one swallowed by a neighbouring `...` and
  /// one missing, so that `...` takes no line that the document spells out.
  private enum Cost {
    static let changed = 2
    static let missing = 3
    static let extra = 3
  }

  /// Above this many pairs of lines the differing middle is told as "all gone, all new": a difference of
  /// thousands of lines is not read line by line, and the table would take more than 32 MB.
  private static let tableLimit = 4_000_000

  private func alignedMiddle(
    _ expected: Range<Int>, _ actual: [String], _ seen: Range<Int>
  ) -> [OutputAlignment.Step] {
    guard expected.count * seen.count <= Self.tableLimit else {
      return expected.map {
        lines[$0] == .anyLines
          ? .open(expected: $0, actual: seen.prefix(0)) : .missing(expected: $0)
      }
        + seen.map { .extra(actual: $0) }
    }
    let width = seen.count + 1
    // cost[i * width + j]: the least cost from expected line i and actual line j to the end of both.
    var cost = [Int](repeating: 0, count: (expected.count + 1) * width)
    func index(_ i: Int, _ j: Int) -> Int {
      (i - expected.lowerBound) * width + j - seen.lowerBound
    }
    func fits(_ i: Int, _ j: Int) -> Bool { lines[i].matches(actual[j]) }

    for i in (expected.lowerBound...expected.upperBound).reversed() {
      for j in (seen.lowerBound...seen.upperBound).reversed() {
        let hasLine = i < expected.upperBound
        let hasActual = j < seen.upperBound
        var best = hasLine || hasActual ? Int.max : 0
        if hasLine, lines[i] == .anyLines {
          best = cost[index(i + 1, j)]
          if hasActual { best = min(best, cost[index(i, j + 1)]) }
        } else {
          if hasLine, hasActual {
            best = cost[index(i + 1, j + 1)] + (fits(i, j) ? 0 : Cost.changed)
          }
          if hasLine { best = min(best, cost[index(i + 1, j)] + Cost.missing) }
        }
        if hasActual { best = min(best, cost[index(i, j + 1)] + Cost.extra) }
        cost[index(i, j)] = best
      }
    }

    var steps: [OutputAlignment.Step] = []
    var i = expected.lowerBound
    var j = seen.lowerBound
    while i < expected.upperBound || j < seen.upperBound {
      let hasActual = j < seen.upperBound
      guard i < expected.upperBound else {
        steps.append(.extra(actual: j))
        j += 1
        continue
      }
      let here = cost[index(i, j)]
      if lines[i] == .anyLines {
        let from = j
        while j < seen.upperBound, cost[index(i + 1, j)] != cost[index(i, j)],
          cost[index(i, j + 1)] == cost[index(i, j)]
        {
          j += 1
        }
        if cost[index(i + 1, j)] == cost[index(i, j)] {
          steps.append(.open(expected: i, actual: from..<j))
          i += 1
        } else {
          steps.append(.extra(actual: j))
          j += 1
        }
      } else if hasActual, fits(i, j), here == cost[index(i + 1, j + 1)] {
        steps.append(.same(expected: i, actual: j))
        i += 1
        j += 1
      } else if hasActual, !fits(i, j), here == cost[index(i + 1, j + 1)] + Cost.changed {
        steps.append(.changed(expected: i, actual: j))
        i += 1
        j += 1
      } else if here == cost[index(i + 1, j)] + Cost.missing {
        steps.append(.missing(expected: i))
        i += 1
      } else {
        steps.append(.extra(actual: j))
        j += 1
      }
    }
    return steps
  }
}
