import AviaryCore
import AviaryRegistry

/// An operation's attributes as a stored case gives them.
public struct GoldenAttributes: Sendable {
  private let value: ConfigurationValue

  init(_ value: ConfigurationValue) { self.value = value }

  func integer(_ key: String) throws -> Int {
    guard let found = value[key]?.integerValue else { throw GoldenError("no attribute '\(key)'") }
    return found
  }

  func integers(_ key: String) throws -> [Int] {
    guard let found = value[key]?.arrayValue else { throw GoldenError("no attribute '\(key)'") }
    return found.compactMap(\.integerValue)
  }

  func pair(_ key: String) throws -> (Int, Int) {
    let found = try integers(key)
    guard found.count == 2 else { throw GoldenError("the attribute '\(key)' is no pair") }
    return (found[0], found[1])
  }

  func number(_ key: String) -> Double? { value[key]?.numberValue }
  func flag(_ key: String) -> Bool { value[key]?.booleanValue ?? false }
  func text(_ key: String) -> String { value[key]?.stringValue ?? "" }
}
