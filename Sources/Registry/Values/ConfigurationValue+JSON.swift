extension ConfigurationValue {
  /// Reads JSON text.
  ///
  /// Stricter than RFC 8259: duplicate keys, numbers that fit neither `Int` nor `Double`, and nesting deeper than 200
  /// levels are errors. No comments, no trailing commas.
  ///
  /// - Throws: `ConfigurationSyntaxError` with line and column.
  public init(parsing text: String) throws(ConfigurationSyntaxError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// Reads JSON from the UTF-8 bytes of a file. `source` is the file's name for errors.
  public init(parsing bytes: [UInt8], source: String? = nil) throws(ConfigurationSyntaxError) {
    var parser = JSONParser(bytes)
    do {
      self = try parser.document()
    } catch {
      throw source.map(error.inSource) ?? error
    }
  }

  /// The value as JSON text.
  ///
  /// Equal values with keys in the same order give the same text, and reading it gives back exactly the same value:
  /// numbers are written in the shortest form that reads back as the same `Double`. Traps on an infinite or NaN
  /// `number`, which JSON cannot represent.
  ///
  /// - Parameter prettyPrinted: one key per line, indented by two spaces; arrays and objects of scalars that fit in 80
  ///   columns stay on one line. By default everything is on one line.
  /// - Returns: the text without a trailing line break.
  public func json(prettyPrinted: Bool = false) -> String {
    var output = ""
    write(to: &output, indent: prettyPrinted ? 0 : nil)
    return output
  }

  private func write(to output: inout String, indent: Int?) {
    switch self {
    case .null: output += "null"
    case .boolean(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value):
      require(value.isFinite, "JSON cannot represent \(value)")
      output += value.description
    case .string(let text): Self.write(text, to: &output)
    case .array(let elements):
      let items = elements.map { (prefix: "", value: $0) }
      Self.write(items, "[", "]", to: &output, indent: indent)
    case .object(let object):
      let items = object.map { key, value in
        var prefix = ""
        Self.write(key, to: &prefix)
        return (prefix: prefix + ": ", value: value)
      }
      Self.write(items, "{", "}", to: &output, indent: indent)
    }
  }

  private static func write(
    _ items: [(prefix: String, value: ConfigurationValue)], _ open: String, _ close: String, to output: inout String,
    indent: Int?
  ) {
    var line = open
    for (position, item) in items.enumerated() {
      line += position == 0 ? item.prefix : ", " + item.prefix
      item.value.write(to: &line, indent: nil)
    }
    line += close
    guard let indent, !items.allSatisfy({ $0.value.isScalar }) || indent + line.utf8.count > 80, !items.isEmpty else {
      output += line
      return
    }
    let margin = String(repeating: " ", count: indent + 2)
    output += open
    for (position, item) in items.enumerated() {
      output += (position == 0 ? "\n" : ",\n") + margin + item.prefix
      item.value.write(to: &output, indent: indent + 2)
    }
    output += "\n" + String(repeating: " ", count: indent) + close
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func write(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\0"..<" ", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
