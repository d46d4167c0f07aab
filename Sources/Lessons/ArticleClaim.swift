/// A claim of the article on which the course builds: an introduction to server virtualization by
/// Johan De Gelas, 2008.
public struct ArticleClaim: Hashable, Sendable {
  /// Why no lesson shows it yet, or ever.
  public enum Absence: Hashable, Sendable {
    /// Nothing on a machine could show it.
    case leftOut(String)
    /// The lesson of that number is to show it.
    case toCome(lesson: Int)
  }

  public var number: Int
  public var title: String
  /// Nil: a lesson shows it.
  public var absence: Absence?

  private init(_ number: Int, _ title: String, _ absence: Absence? = nil) {
    (self.number, self.title, self.absence) = (number, title, absence)
  }

  /// Every claim, in the article's order; a lesson names those that it shows by their numbers.
  public static let all = [
    ArticleClaim(
      1, "First CPUs with two cores in 2005, with four in 2007, with eight to come in 2009",
      .leftOut("a matter of dates; Onion has one core")),
    ArticleClaim(
      2, "For servers, virtualization is what all those cores are good for",
      .leftOut("a matter of the market")),
    ArticleClaim(
      3, "It consolidates servers, keeps old programs running, balances load, makes new ones fast",
      .toCome(lesson: 12)),
    ArticleClaim(4, "Most texts are vague about how it works", .leftOut("an opinion")),
    ArticleClaim(5, "Performance matters: 'a few percent' is not the whole answer"),
    ArticleClaim(6, "An operating system virtualises memory, disks and CPUs already"),
    ArticleClaim(
      7, "With 4 GB, tens of 32-bit programs each see 2 GB of their own", .toCome(lesson: 3)),
    ArticleClaim(
      8, "Three disks in a RAID-5, ten volumes: it looks like ten disks", .toCome(lesson: 6)),
    ArticleClaim(
      9, "Two CPUs, five programs: each seems to run at full speed", .toCome(lesson: 5)),
    ArticleClaim(
      10, "Processes have memory of their own, with data apart from instructions",
      .toCome(lesson: 7)),
    ArticleClaim(
      11, "Processes share files, perhaps memory, and the system's configuration",
      .toCome(lesson: 7)),
    ArticleClaim(
      12, "One process that takes all of a CPU may slow the others, preemption or not",
      .toCome(lesson: 5)),
    ArticleClaim(
      13, "Servers apart from one another, each with an operating system of its own",
      .toCome(lesson: 12)),
    ArticleClaim(
      14, "Virtual machines talk to each other over a virtual network alone",
      .toCome(lesson: 12)),
    ArticleClaim(15, "That takes a new layer: a hypervisor, or virtual machine monitor"),
    ArticleClaim(
      16, "Its main work is to decide who may use the hardware when", .toCome(lesson: 12)),
    ArticleClaim(
      17, "It manages machines as an operating system manages processes", .toCome(lesson: 12)),
    ArticleClaim(18, "Most systems use two modes; in kernel mode nearly all is allowed"),
    ArticleClaim(19, "Privileged instructions deal with interrupts, memory and the like"),
    ArticleClaim(20, "User mode calculates, and gets at hardware by system calls alone"),
    ArticleClaim(21, "All of that rests on memory being divided into pages", .toCome(lesson: 3)),
    ArticleClaim(22, "Segments would do as well"),
    ArticleClaim(
      23, "Before a privileged instruction the CPU looks at the 2-bit code of its page"),
    ArticleClaim(24, "00 is the most privileged of four levels, 11 the least"),
    ArticleClaim(25, "The rings of an onion: 0 may do most, 1 a bit less, 3 is for programs"),
    ArticleClaim(26, "Guest operating systems run in ring 1"),
    ArticleClaim(
      27, "All virtualization in software takes the guest's kernel out of ring 0",
      .toCome(lesson: 14)),
    ArticleClaim(28, "That lets the VMM control what guests get at"),
    ArticleClaim(29, "It keeps one guest from pushing another out of memory", .toCome(lesson: 10)),
    ArticleClaim(30, "It keeps guests from controlling the hardware directly", .toCome(lesson: 11)),
    ArticleClaim(
      31, "The challenges, and the earliest ways, are for another article",
      .leftOut("says what comes next")),
  ]

  /// The claims as rows of a table: number, title, which lessons show it or why none does.
  ///
  /// - Parameter lessons: those that there are.
  public static func rows(_ lessons: [LessonDocument]) -> [[String]] {
    all.map { claim in
      let shown = lessons.filter { $0.claims.contains(claim.number) }
        .map { "\(Int($0.number) ?? 0), \($0.title)" }
      let place =
        switch claim.absence {
        case _ where !shown.isEmpty: shown.joined(separator: "; ")
        case .leftOut(let reason)?: "left out: \(reason)"
        case .toCome(let lesson)?: "to come in lesson \(lesson)"
        case nil: "nowhere"
        }
      return ["\(claim.number)", claim.title, place]
    }
  }

  /// The claims that some lesson ought to show and none does.
  public static func missing(_ lessons: [LessonDocument]) -> [Int] {
    all.filter { claim in
      if lessons.contains(where: { $0.claims.contains(claim.number) }) { return false }
      switch claim.absence {
      case .leftOut: return false
      case .toCome(let number): return lessons.contains { Int($0.number) == number }
      case nil: return true
      }
    }.map(\.number)
  }
}
