// swift-tools-version: 6.1
import PackageDescription

/// The simulator is optimised in debug builds too: the tests run hundreds of millions of its instructions.
let simulator: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "ringside",
  products: [
    .executable(name: "ringside", targets: ["ringside"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // The ground: no machine, no terminal.
    .target(name: "SourceText"),
    .target(name: "OnionISA", swiftSettings: simulator),
    .target(name: "OnionAssembler", dependencies: ["OnionISA", "SourceText"]),

    // The machine and the VMM.
    .target(name: "Onion", dependencies: ["OnionISA"], swiftSettings: simulator),
    .target(name: "Monitor", dependencies: ["Onion", "OnionISA"], swiftSettings: simulator),

    // One session at the machine, and the documents that drive it.
    .target(
      name: "Laboratory",
      dependencies: ["Monitor", "Onion", "OnionAssembler", "OnionISA", "SourceText"],
      swiftSettings: simulator),
    .target(
      name: "Transcripts",
      dependencies: ["Laboratory", "SourceText", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Lessons", dependencies: ["Laboratory", "SourceText", "Yams"]),

    // The terminal.
    .systemLibrary(
      name: "CEditline", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CTerminal"),
    .target(name: "LineEditor", dependencies: ["CEditline", "CTerminal"]),
    .target(
      name: "Shell",
      dependencies: [
        "CTerminal", "Laboratory", "Lessons", "LineEditor", "Monitor", "Onion", "OnionAssembler",
        "OnionISA", "SourceText", "Transcripts",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .executableTarget(name: "ringside", dependencies: ["Shell"]),

    .executableTarget(
      name: "ringside-bench",
      dependencies: [
        "Laboratory", "Monitor", "Onion", "OnionAssembler", "OnionISA",
        .product(name: "Benchmark", package: "swift-benchmark"),
      ]),

    // The manual: a DocC catalogue whose tables come out of the code's own.
    .target(name: "Manual", dependencies: ["Lessons", "OnionISA", "Shell", "SourceText"]),

    // Tests.
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .target(
      name: "ReferenceOnion", dependencies: ["OnionISA"], path: "Tests/ReferenceOnion",
      swiftSettings: simulator),
    .target(
      name: "TestSupport",
      dependencies: [
        "CPseudoTerminal",
        .product(name: "CustomDump", package: "swift-custom-dump"),
      ],
      path: "Tests/TestSupport"),
    .testTarget(
      name: "SourceTextTests", dependencies: ["ReferenceOnion", "SourceText", "TestSupport"]),
    .testTarget(name: "OnionISATests", dependencies: ["OnionISA", "TestSupport"]),
    .testTarget(
      name: "OnionAssemblerTests", dependencies: ["OnionAssembler", "TestSupport"],
      exclude: ["Mistakes"]),
    .testTarget(
      name: "OnionTests",
      dependencies: ["Onion", "OnionAssembler", "ReferenceOnion", "TestSupport"]),
    .testTarget(
      name: "MonitorTests",
      dependencies: ["Monitor", "Onion", "OnionAssembler", "ReferenceOnion", "TestSupport"],
      exclude: ["Found"]),
    .testTarget(
      name: "LaboratoryTests", dependencies: ["Laboratory", "ReferenceOnion", "TestSupport"]),
    .testTarget(name: "TranscriptsTests", dependencies: ["Transcripts", "TestSupport"]),
    .testTarget(name: "LessonsTests", dependencies: ["Lessons", "TestSupport"]),
    .executableTarget(
      name: "line-editor-driver", dependencies: ["LineEditor"], path: "Tests/LineEditorDriver"),
    .testTarget(
      name: "LineEditorTests", dependencies: ["LineEditor", "TestSupport", "line-editor-driver"]),
    .testTarget(
      name: "ShellTests", dependencies: ["ReferenceOnion", "Shell", "TestSupport", "ringside"],
      exclude: ["Cards", "Screens"]),
    .testTarget(
      name: "RepositoryTests",
      dependencies: ["Manual", "OnionISA", "Shell", "TestSupport", "ringside"]),
  ]
)
