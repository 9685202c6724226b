/// The values that a field allows: bounds of its numbers, and the minimum number of elements.
///
/// A rule is data. Reading a configuration, the Swift initializers, JSON Schema, `describe` and the tests all follow
/// it:
///
/// ```swift
/// @Field("Decay of the running mean", .in(0..<1)) var momentum = 0.9
/// @Field("Width of each hidden layer", .positive.nonEmpty) var units = [128]
/// ```
///
/// Bounds apply to a number, to each number in a list, and to all values of a schedule.
public struct Rule: Sendable, Equatable {
  /// A bound of the allowed range.
  public struct Bound: Sendable, Equatable {
    public var value: Double
    /// Whether the bound itself is allowed.
    public var isIncluded: Bool
  }

  /// The lower bound; nil without a limit.
  public var lower: Bound?
  /// The upper bound; nil without a limit.
  public var upper: Bound?
  /// The minimum number of elements in a list, or of characters in a string.
  public var minimumCount = 0

  /// Above 0; for integers, at least 1.
  public static var positive: Rule { .above(0) }
  /// At least 0.
  public static var nonNegative: Rule { .atLeast(0) }
  /// Any number; a non-empty list or string.
  public static var nonEmpty: Rule { Rule(minimumCount: 1) }

  /// The same rule for a non-empty list.
  public var nonEmpty: Rule {
    var rule = self
    rule.minimumCount = 1
    return rule
  }

  /// At least a number.
  public static func atLeast(_ least: Double) -> Rule { Rule(lower: Bound(value: least, isIncluded: true)) }

  /// Above a number.
  public static func above(_ limit: Double) -> Rule { Rule(lower: Bound(value: limit, isIncluded: false)) }

  /// A closed range.
  public static func `in`(_ range: ClosedRange<Double>) -> Rule {
    Rule(
      lower: Bound(value: range.lowerBound, isIncluded: true), upper: Bound(value: range.upperBound, isIncluded: true))
  }

  /// A half-open range.
  public static func `in`(_ range: Range<Double>) -> Rule {
    Rule(
      lower: Bound(value: range.lowerBound, isIncluded: true), upper: Bound(value: range.upperBound, isIncluded: false))
  }

  /// An open range.
  public static func between(_ lower: Double, _ upper: Double) -> Rule {
    Rule(lower: Bound(value: lower, isIncluded: false), upper: Bound(value: upper, isIncluded: false))
  }
}

extension Rule: CustomStringConvertible {
  /// The rule as text: `above 0`, `in [0, 1)`, `at least 1 element`; empty if everything is allowed.
  public var description: String {
    func text(_ bound: Bound) -> String { ConfigurationValue(number: bound.value).json() }
    var parts: [String] = []
    switch (lower, upper) {
    case (let lower?, let upper?):
      parts.append("in \(lower.isIncluded ? "[" : "(")\(text(lower)), \(text(upper))\(upper.isIncluded ? "]" : ")")")
    case (let lower?, nil): parts.append("\(lower.isIncluded ? "at least" : "above") \(text(lower))")
    case (nil, let upper?): parts.append("\(upper.isIncluded ? "at most" : "below") \(text(upper))")
    case (nil, nil): break
    }
    if minimumCount == 1 { parts.append("not empty") }
    if minimumCount > 1 { parts.append("at least \(minimumCount) elements") }
    return parts.joined(separator: ", ")
  }
}

extension Rule {
  /// Throws `ConfigurationError` if a value, or a number or string inside a list, is not allowed. Only the outer list's
  /// elements are counted.
  func check(_ value: ConfigurationValue, isElement: Bool = false) throws(ConfigurationError) {
    switch value {
    case .integer, .number:
      guard let number = value.numberValue, !allows(number...number) else { return }
      let kind = if case .integer = value { "whole number" } else { "number" }
      throw ConfigurationError(.unexpected(expected: "a \(kind) \(boundsInWords)", found: value.summary))
    case .array(let elements):
      guard isElement || elements.count >= minimumCount else { throw tooFew(value) }
      for (index, element) in elements.enumerated() {
        do throws(ConfigurationError) { try check(element, isElement: true) } catch {
          throw error.inside([.index(index)])
        }
      }
    case .string(let text): if text.count < minimumCount { throw tooFew(value) }
    default: break
    }
  }

  /// Throws `ConfigurationError` if a changing number leaves the allowed range. It may approach an excluded lower
  /// bound, and begin or end there if it is above elsewhere: ramps begin and decays end at 0.
  func check(_ range: ClosedRange<Double>) throws(ConfigurationError) {
    let rule = lower.map { range.upperBound > $0.value } == true ? atAnyMoment : self
    if rule.allows(range), range.lowerBound.isFinite, range.upperBound.isFinite { return }
    if range.lowerBound == range.upperBound { return try check(.number(range.lowerBound)) }
    throw ConfigurationError(
      .unexpected(
        expected: "values \(boundsInWords)", found: "values from \(range.lowerBound) to \(range.upperBound)"))
  }

  /// The rule for a changing number at one moment: its range includes the lower bound.
  public var atAnyMoment: Rule {
    var rule = self
    rule.lower?.isIncluded = true
    return rule
  }

  /// Whether a number is allowed; it must be finite.
  public func allows(_ number: Double) -> Bool { number.isFinite && allows(number...number) }

  private func allows(_ range: ClosedRange<Double>) -> Bool {
    let isAbove = lower.map { $0.isIncluded ? range.lowerBound >= $0.value : range.lowerBound > $0.value } ?? true
    let isBelow = upper.map { $0.isIncluded ? range.upperBound <= $0.value : range.upperBound < $0.value } ?? true
    return isAbove && isBelow
  }

  /// The bounds, to follow "a number".
  private var boundsInWords: String {
    var bounds = self
    bounds.minimumCount = 0
    let words = bounds.description
    return words.hasPrefix("at ") ? "of " + words : words
  }

  private func tooFew(_ found: ConfigurationValue) -> ConfigurationError {
    let expected =
      found.stringValue != nil
      ? "a non-empty string" : minimumCount == 1 ? "at least one element" : "at least \(minimumCount) elements"
    return ConfigurationError(.unexpected(expected: expected, found: found.summary))
  }
}

extension ConfigurationValue {
  /// A number, written without a fraction if it has none.
  init(number: Double) {
    let value = ConfigurationValue.number(number)
    self = value.integerValue.map { .integer($0) } ?? value
  }
}
