import AviaryCore
import AviaryRegistry

/// A value of a recipe that a search varies, and the values it may take.
///
///     optimizer.learningRate=log:1e-4..1e-1     evenly by logarithm
///     model.dropout=linear:0..0.5               evenly
///     batchSize=integer:8..256                  whole numbers, evenly
///     model.units=choice:[32],[64,32]           one of some JSON values
///
/// A grid takes 5 values of a range, or as many as a number behind it says: `log:1e-4..1e-1:4`.
public struct Variation: Sendable, Equatable {
  /// The values it may take.
  public enum Values: Sendable, Equatable {
    /// One of a list.
    case choice([ConfigurationValue])
    /// Evenly distributed.
    case linear(ClosedRange<Double>)
    /// With an evenly distributed logarithm.
    case log(ClosedRange<Double>)
    /// Whole numbers, evenly distributed.
    case integer(ClosedRange<Int>)
  }

  /// The value's path in the recipe: `optimizer.learningRate`.
  public let path: String
  /// The values it may take.
  public let values: Values
  /// The number of a range's values in a grid.
  public let gridCount: Int
  /// The text it was made of.
  public let text: String

  /// Reads a variation. Throws ``SearchError`` if the text is none.
  public init(parsing text: String) throws {
    func fail(_ problem: String) -> SearchError {
      SearchError("'\(text)': \(problem); write PATH=log:LOW..HIGH, linear:LOW..HIGH, integer:LOW..HIGH or choice:A,B")
    }
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { throw fail("expected a path and '='") }
    self.text = text
    path = String(text[..<equals])
    let rest = text[text.index(after: equals)...]
    guard let colon = rest.firstIndex(of: ":") else { throw fail("expected log:, linear:, integer: or choice:") }
    let (form, body) = (rest[..<colon], rest[rest.index(after: colon)...])
    if form == "choice" {
      guard let list = try? ConfigurationValue(parsing: "[\(Self.quoted(String(body)))]").arrayValue, !list.isEmpty
      else {
        throw fail("expected JSON values with commas between them, found '\(body)'")
      }
      (values, gridCount) = (.choice(list), list.count)
      return
    }
    let parts = body.split(separator: ":", omittingEmptySubsequences: false)
    guard let dots = parts[0].firstRange(of: ".."), parts.count <= 2,
      let low = Double(parts[0][..<dots.lowerBound]), let high = Double(parts[0][dots.upperBound...]),
      low.isFinite, high.isFinite, low < high
    else { throw fail("expected LOW..HIGH with LOW below HIGH, found '\(body)'") }
    let count = parts.count == 2 ? Int(parts[1]) : 5
    guard let count, count > 1 else { throw fail("a grid needs at least 2 values, found '\(parts[1])'") }
    switch form {
    case "linear": values = .linear(low...high)
    case "log":
      guard low > 0 else { throw fail("a logarithm needs numbers above 0, found \(low)") }
      values = .log(low...high)
    case "integer":
      guard let low = Int(exactly: low), let high = Int(exactly: high) else { throw fail("expected whole numbers") }
      values = .integer(low...high)
    default: throw fail("expected log:, linear:, integer: or choice:, found '\(form):'")
    }
    gridCount = count
  }

  /// The values between the commas that are not inside brackets or quotes; words without quotes become strings.
  private static func quoted(_ text: String) -> String {
    var (parts, depth, isQuoted) = ([""], 0, false)
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, "[{".contains(character) { depth += 1 }
      if !isQuoted, "]}".contains(character) { depth -= 1 }
      if character == ",", depth == 0, !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts.map { part in
      let isWord =
        !part.isEmpty && !part.contains { "[]{}\"".contains($0) } && (try? ConfigurationValue(parsing: part)) == nil
      return isWord ? ConfigurationValue.string(part).json() : part
    }.joined(separator: ",")
  }

  /// The value at a place from 0 to 1, numbers with four digits.
  public func value(at place: Double) -> ConfigurationValue {
    switch values {
    case .choice(let list): list[min(Int(place * Double(list.count)), list.count - 1)]
    case .linear(let range):
      .number((range.lowerBound + (range.upperBound - range.lowerBound) * place).roundedToFourDigits)
    case .log(let range):
      .number((range.lowerBound * (range.upperBound / range.lowerBound).power(place)).roundedToFourDigits)
    case .integer(let range):
      .integer(min(range.lowerBound + Int(place * Double(range.count)), range.upperBound))
    }
  }

  /// The place of a value from 0 to 1: that of the middle of a choice or whole number.
  public func place(of value: ConfigurationValue) -> Double {
    switch values {
    case .choice(let list):
      (Double(list.firstIndex(of: value) ?? 0) + 0.5) / Double(list.count)
    case .linear(let range):
      ((value.numberValue ?? 0) - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .log(let range):
      ((value.numberValue ?? 1) / range.lowerBound).logarithm / (range.upperBound / range.lowerBound).logarithm
    case .integer(let range): (Double((value.integerValue ?? 0) - range.lowerBound) + 0.5) / Double(range.count)
    }
  }

  /// The values of a grid: the ends of a range and what lies evenly between.
  public var grid: [ConfigurationValue] {
    switch values {
    case .choice(let list): return list
    case .integer(let range):
      let steps = (0..<gridCount).map { Double($0) / Double(gridCount - 1) * Double(range.count - 1) }
      var seen: [ConfigurationValue] = []
      for step in steps {
        let value = ConfigurationValue.integer(range.lowerBound + Int(step.rounded()))
        if seen.last != value { seen.append(value) }
      }
      return seen
    case .linear, .log: return (0..<gridCount).map { value(at: Double($0) / Double(gridCount - 1)) }
    }
  }
}

extension ConfigurationValue {
  /// A string without quotes, or JSON.
  package var plain: String { stringValue ?? json() }
}

extension Double {
  /// Four digits, or all of a large number's integer part.
  fileprivate var roundedToFourDigits: Double {
    guard self != 0, magnitude > 1e-200 else { return self }
    var scale = 1.0
    while magnitude * scale < 1000 { scale *= 10 }
    return (self * scale).rounded() / scale
  }

  fileprivate var logarithm: Double { Tensor(self).log().item() }
  fileprivate func power(_ exponent: Double) -> Double { (Tensor(logarithm * exponent).exp()).item() }
}

/// A search that cannot be made.
public struct SearchError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
