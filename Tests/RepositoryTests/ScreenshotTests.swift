import Foundation
import Manual
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The manual's pictures are what the program shows.
struct ScreenshotTests {
  static let folder = "Sources/Manual/Manual.docc/Images"

  @Test(arguments: Screenshot.all.map(\.name)) func everyPictureIsFresh(name: String) throws {
    let picture = try #require(Screenshot.all.first { $0.name == name })
    let fresh = try #require(picture.svg(programs: Repository.path(of: "lessons/programs")))
    let path = "\(Self.folder)/\(name).svg"
    if ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_MANUAL"] == "1" {
      try FileManager.default.createDirectory(
        atPath: Repository.path(of: Self.folder), withIntermediateDirectories: true)
      try fresh.write(toFile: Repository.path(of: path), atomically: true, encoding: .utf8)
    }
    #expect(fresh == (try Repository.text(of: path)), "run: make manual-tables")
  }

  @Test func everyPictureIsOnAPage() throws {
    let pages = try ManualTablesTests.pages.map { try Repository.text(of: $0) }.joined()
    for picture in Screenshot.all {
      #expect(pages.contains("(\(picture.name))"), "\(picture.name)")
    }
    #expect(Repository.files(in: Self.folder, endingIn: ".svg").count == Screenshot.all.count)
  }

  @Test func eachIsWellFormed() throws {
    for picture in Screenshot.all {
      let text = try Repository.text(of: "\(Self.folder)/\(picture.name).svg")
      #expect(XMLParser(data: Data(text.utf8)).parse(), "\(picture.name)")
    }
  }
}
