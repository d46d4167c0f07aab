import OnionISA
import SourceText
import Synchronization

/// Images that were assembled already, for many transcripts that load the same programs. What comes out of it is
/// what assembling would give: each source is read again, and taken only if it is as it was.
public final class ImageCache: Sendable {
  /// An image and all that it was made of.
  struct Entry: Sendable {
    var image: Image
    var sources: [(path: String, text: String)]
  }

  private let entries = Mutex<[String: Entry]>([:])

  public init() {}

  /// What is kept under `key`, if its sources are as they were.
  func entry(for key: String) -> Entry? {
    guard let entry = entries.withLock({ $0[key] }) else { return nil }
    for (path, text) in entry.sources {
      guard let bytes = try? WholeFile.read(path, as: .source), bytes.elementsEqual(text.utf8)
      else {
        return nil
      }
    }
    return entry
  }

  func keep(_ entry: Entry, for key: String) { entries.withLock { $0[key] = entry } }
}
