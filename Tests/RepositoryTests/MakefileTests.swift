import Foundation
import TestSupport
import Testing

/// What `make` promises.
struct MakefileTests {
  static let promised = [
    "run", "test", "soak", "bench", "format", "lint", "manual", "manual-tables", "install",
    "uninstall", "clean", "help",
  ]

  @Test func everyPromisedTargetExistsAndIsListed() throws {
    let makefile = try Repository.text(of: "Makefile")
    let help = try call("make", ["help"])
    for target in Self.promised {
      #expect(makefile.contains("\n\(target):"), "make \(target)")
      #expect(help.stdout.contains("make \(target) "), "make help names \(target)")
    }
    let widest = help.stdout.split(separator: "\n").map(\.count).max() ?? 0
    #expect(widest <= 100)
  }

  @Test func everyMakeCallInTheTextsExists() throws {
    let pages = Repository.files(in: "Sources/Manual", endingIn: ".md")
    for path in ["README.md", "CHANGELOG.md"] + pages {
      for match in try Repository.text(of: path).matches(of: /`?make ([a-z-]+)`|\nmake ([a-z-]+)/) {
        let target = String(match.1 ?? match.2 ?? "")
        #expect(Self.promised.contains(target), "\(path): make \(target)")
      }
    }
  }

  @Test func aMissingSwiftIsSaidPlainly() throws {
    let made = try call("make", ["swift", "SWIFT=no-such-swift"])
    #expect(made.status != .exited(0))
    #expect(made.stderr.contains("Swift 6.1"))
    #expect(made.stderr.contains("there is no `no-such-swift`"))
  }

  @Test func aMissingLibeditIsInstalled() throws {
    let made = try call(
      "make", ["libedit", "HAS_LIBEDIT=false", "APT=echo apt-get", "SUDO=echo sudo"])
    #expect(made.status == .exited(0))
    #expect(made.stdout.contains("apt-get install -y -q libedit-dev"))
  }

  @Test func aLibeditThatCannotBeInstalledIsSaidPlainly() throws {
    let made = try call(
      "make", ["libedit", "HAS_LIBEDIT=false", "APT=false", "SUDO=false"])
    #expect(made.status != .exited(0))
    #expect(made.stderr.contains("ringside needs libedit's header, histedit.h."))
    #expect(made.stderr.contains("apt-get install libedit-dev"))
  }

  @Test func installAndUninstallHonourDestdirAndPrefix() throws {
    let folder = try TemporaryFolder()
    let build = folder.path(of: "build")
    let swift = try folder.writeScript("echo '\(build)'", to: "swift")
    try folder.writeScript("echo \"completes $2\"", to: "build/ringside")
    try folder.writeScript("echo page > \"$3/ringside.1\"", to: "build/generate-manual")
    let stage = folder.path(of: "a stage")
    let settings = ["SWIFT=\(swift)", "PREFIX=/opt/ringside", "DESTDIR=\(stage)"]
    let installed = stage + "/opt/ringside"
    let files = FileManager.default

    for _ in 1...2 {
      let made = try call("make", ["install", "HAS_LIBEDIT=true"] + settings)
      #expect(made.status == .exited(0), "\(made.stderr)")
    }
    #expect(files.isExecutableFile(atPath: installed + "/bin/ringside"))
    let lessons = installed + "/share/ringside/lessons"
    #expect(files.fileExists(atPath: lessons + "/01-kernel-and-user-mode/lesson.md"))
    #expect(files.fileExists(atPath: lessons + "/programs/kernel.s"))
    #expect(!files.fileExists(atPath: lessons + "/lessons"))

    let shared = [
      "man/man1/ringside.1": "page\n",
      "bash-completion/completions/ringside": "completes bash\n",
      "zsh/site-functions/_ringside": "completes zsh\n",
      "fish/vendor_completions.d/ringside.fish": "completes fish\n",
    ]
    for (file, text) in shared {
      #expect(try String(contentsOfFile: "\(installed)/share/\(file)", encoding: .utf8) == text)
    }

    let removed = try call("make", ["uninstall"] + settings)
    #expect(removed.status == .exited(0), "\(removed.stderr)")
    #expect(!files.fileExists(atPath: installed + "/bin/ringside"))
    #expect(!files.fileExists(atPath: installed + "/share/ringside"))
    for file in shared.keys {
      #expect(!files.fileExists(atPath: "\(installed)/share/\(file)"), "\(file)")
    }
  }
}
