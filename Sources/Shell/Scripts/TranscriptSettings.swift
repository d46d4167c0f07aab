import Laboratory
import Lessons
import SourceText
import Transcripts

// What the front matter says of the machine and of its screen.
extension TranscriptRun {
  private static let known = ["profile", "memory", "width", "layout", "verbosity"]

  private func setting(_ name: String) -> String? {
    transcript.frontMatter.machine.first { $0.name == name }?.value
  }

  /// The machine that it was recorded on. What any of the settings says that none can say is told with its place.
  func settings() throws(CommandFailure) -> MachineSettings {
    var settings = MachineSettings()
    for entry in transcript.frontMatter.machine {
      do throws(CommandFailure) {
        switch entry.name {
        case "profile": settings.profile = try LoadRequest.profile(entry.value)
        case "memory": settings.memorySize = try LoadRequest.memory(entry.value)
        case "width":
          guard Int(entry.value).map({ $0 > 0 && $0 < 100_000 }) ?? false else {
            throw CommandFailure(
              "a width is a number of columns, such as 80; \(Self.said(entry)) is none")
          }
        case "layout": try Self.check(entry, Layout.self)
        case "verbosity": try Self.check(entry, Verbosity.self)
        default:
          throw CommandFailure(
            "'\(entry.name.prefix(40))' is not a setting; \(Self.known.joined(separator: ", ")) are"
          )
        }
      } catch {
        let place = transcript.place(ofSetting: entry.name).map { "\($0.line):\($0.column):" } ?? ""
        throw CommandFailure("\(path):\(place) machine: \(error.text.plain)")
      }
    }
    return settings
  }

  private static func said(_ entry: FrontMatter.Entry) -> String { "'\(entry.value.prefix(40))'" }

  private static func check<Value: RawRepresentable<String> & CaseIterable>(
    _ entry: FrontMatter.Entry, _: Value.Type
  ) throws(CommandFailure) {
    guard Value(rawValue: entry.value) == nil else { return }
    let all = Value.allCases.map(\.rawValue).joined(separator: ", ")
    throw CommandFailure("there is no \(entry.name) \(said(entry)); there is \(all)")
  }

  /// Columns of its output.
  var width: Int { setting("width").flatMap(Int.init).map { min(max($0, 20), 1000) } ?? 80 }

  /// How things are shown at its beginning.
  var look: Look {
    Look(
      layout: setting("layout").flatMap(Layout.init) ?? .normal,
      verbosity: setting("verbosity").flatMap(Verbosity.init) ?? .normal)
  }
}
