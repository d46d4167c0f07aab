import Foundation
import Testing

/// What `make` promises.
struct MakefileTests {
  static let promised = [
    "run", "test", "soak", "bench", "format", "lint", "manual", "manual-tables", "install",
    "uninstall", "clean", "help",
  ]

  @Test func everyPromisedTargetExistsAndIsListed() async throws {
    let makefile = try Repository.text(of: "Makefile")
    let help = try await outcome(of: "make", ["help"])
    for target in Self.promised {
      #expect(makefile.contains("\n\(target):"), "make \(target)")
      #expect(help.output.contains("make \(target) "), "make help names \(target)")
    }
    let widest = help.output.split(separator: "\n").map(\.count).max() ?? 0
    #expect(widest <= 100)
  }

  @Test func everyMakeCallInTheTextsExists() throws {
    let pages = try Repository.files(in: "Sources/Manual", endingIn: ".md")
    for path in ["README.md", "CHANGELOG.md"] + pages {
      for match in try Repository.text(of: path).matches(of: /`?make ([a-z-]+)`|\nmake ([a-z-]+)/) {
        let target = String(match.1 ?? match.2 ?? "")
        #expect(Self.promised.contains(target), "\(path): make \(target)")
      }
    }
  }

  @Test func aMissingSwiftIsSaidPlainly() async throws {
    let made = try await outcome(of: "make", ["swift", "SWIFT=no-such-swift"])
    #expect(!made.isSuccess)
    #expect(made.errors.contains("Swift 6.1"))
    #expect(made.errors.contains("there is no `no-such-swift`"))
  }

  @Test func aMissingLibeditIsInstalled() async throws {
    let made = try await outcome(
      of: "make", ["libedit", "HAS_LIBEDIT=false", "APT=echo apt-get", "SUDO=echo sudo"])
    #expect(made.isSuccess)
    #expect(made.output.contains("apt-get install -y -q libedit-dev"))
  }

  @Test func aLibeditThatCannotBeInstalledIsSaidPlainly() async throws {
    let made = try await outcome(
      of: "make", ["libedit", "HAS_LIBEDIT=false", "APT=false", "SUDO=false"])
    #expect(!made.isSuccess)
    #expect(made.errors.contains("ringside needs libedit's header, histedit.h."))
    #expect(made.errors.contains("apt-get install libedit-dev"))
  }

  @Test func installAndUninstallHonourDestdirAndPrefix() async throws {
    try await withTemporaryFolder { folder in
      let swift = folder.appendingPathComponent("swift")
      let build = folder.appendingPathComponent("build")
      try write("#!/bin/sh\necho '\(build.path)'\n", to: swift, executable: true)
      try write("", to: build.appendingPathComponent("ringside"), executable: true)
      let stage = folder.appendingPathComponent("a stage")
      let settings = ["SWIFT=\(swift.path)", "PREFIX=/opt/ringside", "DESTDIR=\(stage.path)"]
      let installed = stage.appendingPathComponent("opt/ringside").path
      let files = FileManager.default

      for _ in 1...2 {
        let made = try await outcome(of: "make", ["install", "HAS_LIBEDIT=true"] + settings)
        #expect(made.isSuccess, "\(made.errors)")
      }
      #expect(files.isExecutableFile(atPath: installed + "/bin/ringside"))
      let lessons = installed + "/share/ringside/lessons"
      #expect(files.fileExists(atPath: lessons + "/01-kernel-and-user-mode/lesson.md"))
      #expect(files.fileExists(atPath: lessons + "/programs/kernel.s"))
      #expect(!files.fileExists(atPath: lessons + "/lessons"))

      let removed = try await outcome(of: "make", ["uninstall"] + settings)
      #expect(removed.isSuccess, "\(removed.errors)")
      #expect(!files.fileExists(atPath: installed + "/bin/ringside"))
      #expect(!files.fileExists(atPath: installed + "/share/ringside"))
    }
  }
}
