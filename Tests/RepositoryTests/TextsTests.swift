import Testing

/// README, changelog and licence.
struct TextsTests {
  @Test(arguments: ["make run", "make test"])
  func theReadmeNamesTheCommand(command: String) throws {
    #expect(try Repository.text(of: "README.md").contains(command))
  }

  @Test func everyLinkInTheReadmeLeadsToAFile() throws {
    for match in try Repository.text(of: "README.md").matches(of: /\]\(([^)#:]+)\)/) {
      #expect(Repository.exists(String(match.1)), "\(match.1)")
    }
  }

  @Test func theReadmeListsEveryTarget() throws {
    let readme = try Repository.text(of: "README.md")
    for target in try Repository.folders(in: "Sources") {
      #expect(readme.contains("`\(target)`"), "\(target)")
    }
  }

  @Test func theLicenceIsApache2() throws {
    let licence = try Repository.text(of: "LICENSE")
    #expect(licence.contains("Apache License\n                           Version 2.0"))
    #expect(licence.contains("END OF TERMS AND CONDITIONS"))
  }
}
