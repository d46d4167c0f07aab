import Foundation

/// `make soak` asks for far more cases.
public let isSoak =
  ProcessInfo.processInfo.environment["RINGSIDE_SOAK"].map { !$0.isEmpty } ?? false
