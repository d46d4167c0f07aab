import SourceText
import TestSupport
import Testing

@testable import Shell

/// Programs that were assembled once are not assembled again, unless something of them changed.
struct ImageCacheTests {
  @Test func aChangedIncludeIsSeen() throws {
    let folder = try TemporaryFolder()
    try folder.write("        .include \"b.s\"\n", to: "a.s")
    try folder.write("boot:   addi t0, t0, 1\n", to: "b.s")
    let finder = FileFinder(folders: [folder.path])
    let path = try finder.path(of: "a.s")
    let first = try finder.image(at: path)
    let key = [path, folder.path].joined(separator: "\n")
    #expect(finder.images.entry(for: key)?.image == first)
    #expect(try finder.image(at: path) == first)
    try folder.write("boot:   addi t0, t0, 2\n", to: "b.s")
    #expect(finder.images.entry(for: key)?.image == nil)
    let second = try finder.image(at: path)
    #expect(second.pieces != first.pieces)
    #expect(finder.images.entry(for: key)?.image == second)
  }
}
