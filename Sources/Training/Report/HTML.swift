#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Building blocks of a page.
enum HTML {
  static let style = """
    body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
    h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid #ddd}
    h1,.note{overflow-wrap:anywhere}.wide{overflow-x:auto}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.25rem .7rem;text-align:right}
    dl{overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .4rem 1rem}
    th{font-weight:600;border-bottom:1px solid #bbb}td:first-child,th:first-child{text-align:left;white-space:nowrap}
    svg{max-width:100%;height:auto}pre{background:#f6f6f6;padding:1rem;overflow:auto;font-size:.85rem}
    figure{display:inline-block;margin:0 .4rem .4rem 0;text-align:center;font-size:.75rem}
    .note{color:#777;font-size:.9rem}
    img{image-rendering:pixelated;display:block;border:1px solid #ccc;box-sizing:border-box;max-width:100%;height:auto}
    @media(max-width:40rem){body{margin:1rem auto}td,th{padding:.2rem .4rem}pre{padding:.6rem}}
    @media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}pre{background:#262626}h2{border-color:#444}
    th{border-color:#666}text{fill:#ddd}}
    """

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  static func section(_ title: String, _ body: String) -> String { "<h2>\(escaped(title))</h2>\n\(body)" }

  /// A remark in small print; empty for an empty text.
  static func note(_ text: String) -> String { text.isEmpty ? "" : "<p class=\"note\">\(escaped(text))</p>" }

  /// Lets content wider than the page scroll.
  static func scrolling(_ body: String) -> String { "<div class=\"wide\">\(body)</div>" }

  /// `2026-01-31 at 23:59 UTC`.
  static func day(_ date: Date) -> String {
    let text = date.formatted(.iso8601)
    return "\(text.prefix(10)) at \(text.dropFirst(11).prefix(5)) UTC"
  }

  static func table(_ head: [String], _ rows: [[String]]) -> String {
    let header = head.map { "<th>\(escaped($0))</th>" }.joined()
    let body = rows.map { row in "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>" }
    return scrolling("<table><tr>\(header)</tr>\n\(body.joined(separator: "\n"))</table>")
  }

  /// A number with four significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var scale = 1.0
    var magnitude = abs(value)
    while magnitude < 1000 && scale < 1e12 {
      magnitude *= 10
      scale *= 10
    }
    let rounded = (value * scale).rounded() / scale
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
