import Shell
import SourceText

/// A picture of the prompt for the manual: what real commands said, drawn as a terminal shows it.
public struct Screenshot: Sendable {
  /// The image's name in the catalogue, without its ending.
  public let name: String
  /// What a voice says of it.
  public let title: String
  /// Commands that are not seen.
  public let way: [String]
  /// Commands that are seen, with their answers.
  public let shown: [String]
  public var columns = 80
  public var look = Look()

  /// Every picture of the manual.
  public static let all: [Screenshot] = [
    Screenshot(
      name: "card",
      title: "The card of a trap: what was wanted, why it was refused, what the VMM did",
      way: atCritical, shown: ["trap"]),
    Screenshot(
      name: "rings",
      title: "The rings as an onion, with the CPU in ring 1 and the guest's belief in ring 0",
      way: atCritical, shown: ["rings"]),
    Screenshot(
      name: "walk", title: "A page walk through the guest's tables, the shadow, and both together",
      way: atCritical, shown: ["walk 0x3000"]),
    Screenshot(
      name: "vcpu", title: "What the guest believes beside what is true", way: atCritical,
      shown: ["vcpu"]),
    Screenshot(
      name: "timeline", title: "Who had the CPU, ring by ring, and where the cycles went",
      way: ["load --guest kernel.s", "run 60000"], shown: ["timeline", "cost"]),
    Screenshot(
      name: "why",
      title: "The chain of checks behind a refusal, and the change that would have allowed it",
      way: ["load two-modes.s", "break ask", "continue", "set mem[pc] = 0x91000000", "step"],
      shown: ["why"]),
    Screenshot(
      name: "phases", title: "One step in slow motion", way: atCritical, shown: ["step phase all"]),
    Screenshot(
      name: "narrow", title: "The same card on 40 columns, in the colour-blind theme",
      way: atCritical, shown: ["trap"], columns: 40, look: Look(theme: .colorBlind)),
  ]

  private static let atCritical = ["load --guest kernel.s", "break critical", "continue"]

  /// The picture as an SVG document.
  ///
  /// - Parameter programs: the folder of the shipped programs.
  public func svg(programs: String) -> String? {
    let files = FileFinder(folders: [programs])
    let columns = columns
    guard let shell = CommandInterpreter(files: files, look: look, width: { columns }) else {
      return nil
    }
    for line in way { _ = shell.run(line: line) }
    _ = shell.takeStyledOutputs()
    var lines: [StyledText] = []
    for line in shown {
      lines.append(StyledText("(ringside)", .prompt) + " " + StyledText(line))
      _ = shell.run(line: line)
      lines += shell.takeStyledOutputs().flatMap(\.lines)
    }
    return TerminalPicture(lines: lines, columns: columns, title: title, theme: look.theme).svg
  }
}

/// Text in the cells of a terminal, as SVG. Every run stands where its column is, whatever font draws it.
struct TerminalPicture {
  let lines: [StyledText]
  let columns: Int
  let title: String
  let theme: Theme

  private static let cell = (width: 8.4, height: 18.0)
  private static let margin = 12.0

  var svg: String {
    let width = Double(columns) * Self.cell.width + 2 * Self.margin
    let height = Double(lines.count) * Self.cell.height + 2 * Self.margin
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 \(number(width)) \(number(height))" \
      width="\(number(width))" height="\(number(height))">
      <title>\(escaped(title))</title>
      <rect width="100%" height="100%" rx="6" fill="#1c1f24"/>
      <g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" \
      xml:space="preserve">

      """
    for (row, line) in lines.enumerated() {
      var column = 0
      for run in line.runs {
        defer { column += SourceText.columns(of: run.text) }
        let size = SourceText.columns(of: run.text)
        guard run.text.contains(where: { $0 != " " }) else { continue }
        let x = Self.margin + Double(column) * Self.cell.width
        let y = Self.margin + Double(row) * Self.cell.height + 14
        let colour = Self.colour(run.style, theme)
        text +=
          "<text x=\"\(number(x))\" y=\"\(number(y))\" textLength=\"\(number(Double(size) * Self.cell.width))\""
          + " fill=\"\(colour.fill)\"\(colour.isBold ? " font-weight=\"bold\"" : "")>"
          + "\(escaped(run.text))</text>\n"
      }
    }
    return text + "</g>\n</svg>\n"
  }

  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// Colours with a contrast of 4.5 or more on the ground.
  private static func colour(_ style: Style, _ theme: Theme) -> (fill: String, isBold: Bool) {
    let isColourBlind = theme == .colorBlind
    return switch style {
    case .plain, .code: ("#e6e6e6", false)
    case .heading, .strong: ("#ffffff", true)
    case .dim, .comment: ("#9aa0a6", false)
    case .address: (isColourBlind ? "#5fafd7" : "#56c8d8", false)
    case .good: (isColourBlind ? "#00af87" : "#7ec77e", false)
    case .bad: (isColourBlind ? "#e8803c" : "#ff7b72", isColourBlind)
    case .changed: (isColourBlind ? "#ffffff" : "#f2cc60", true)
    case .ring0: (isColourBlind ? "#e8803c" : "#ff7b72", false)
    case .ring1: (isColourBlind ? "#ffd700" : "#f2cc60", false)
    case .ring2: (isColourBlind ? "#d787af" : "#d2a8ff", false)
    case .ring3: (isColourBlind ? "#5fafd7" : "#7ec77e", false)
    case .prompt: ("#79b8ff", true)
    }
  }
}
