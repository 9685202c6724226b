import AviaryCore
import AviaryRegistry

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of stored reference values: `Tests/<Module>Tests/Golden/<name>.json`, as `Tests/Reference/README.md`
/// describes it.
///
/// ```swift
/// @Test(arguments: try GoldenDocument("primitives").cases)
/// func agrees(_ stored: GoldenCase) throws { … }
/// ```
public struct GoldenDocument: Sendable {
  /// The whole document.
  public let root: ConfigurationValue
  /// Its cases, in the order of the file.
  public let cases: [GoldenCase]

  /// Reads a document from the folder `Golden` of the test target of a source file, by default the caller's, or of
  /// another target, such as `"CoreTests"`.
  public init(_ name: String, of target: String? = nil, beside file: StaticString = #filePath) throws {
    var folder = URL(filePath: "\(file)").deletingLastPathComponent()
    while folder.deletingLastPathComponent().lastPathComponent != "Tests", folder.pathComponents.count > 2 {
      folder.deleteLastPathComponent()
    }
    if let target { folder = folder.deletingLastPathComponent().appending(path: target) }
    let url = folder.appending(path: "Golden/\(name).json")
    root = try ConfigurationValue(parsing: [UInt8](Data(contentsOf: url)), source: url.lastPathComponent)
    guard let stored = root["cases"]?.arrayValue else { throw GoldenError("\(name).json: there are no cases") }
    cases = stored.enumerated().map { GoldenCase(value: $1, position: $0) }
  }

  /// The case with this name.
  public func named(_ name: String) throws -> GoldenCase {
    guard let found = cases.first(where: { $0.name == name }) else { throw GoldenError("there is no case '\(name)'") }
    return found
  }
}

/// One stored case: an object whose fields depend on the document.
public struct GoldenCase: Sendable, CustomStringConvertible {
  /// The case's object.
  public let value: ConfigurationValue
  /// Its place in the document, from 0.
  public let position: Int

  /// The case's name; its place where it has none.
  public var name: String { value["name"]?.stringValue ?? "case \(position)" }
  /// The operation's name; empty where there is none.
  public var op: String { value["op"]?.stringValue ?? "" }
  /// The operation's attributes.
  public var attributes: GoldenAttributes { GoldenAttributes(value["attributes"] ?? .null) }
  /// The name.
  public var description: String { name }
  /// True for cases at the edge of the number range, where only relative errors are meaningful.
  public var isExtreme: Bool { name.hasSuffix("extreme") }

  /// A field.
  public func field(_ key: String) throws -> ConfigurationValue {
    guard let found = value[key] else { throw GoldenError("\(name): there is no '\(key)'") }
    return found
  }

  /// A field that is a number.
  public func number(_ key: String) throws -> Double { try GoldenCase.number(field(key)) }

  /// A field that is an array of numbers.
  public func numbers(_ key: String) throws -> [Double] {
    try (field(key).arrayValue ?? []).map(GoldenCase.number)
  }

  /// A field that is a tensor.
  public func tensor(_ key: String) throws -> Tensor { try GoldenCase.tensor(field(key)) }

  /// A field that is an array of tensors, nil where `null` is stored; empty where the field is missing.
  public func tensors(_ key: String) throws -> [Tensor?] {
    try (value[key]?.arrayValue ?? []).map { $0 == .null ? nil : try GoldenCase.tensor($0) }
  }

  /// A number, which may be written as a string: `"NaN"`, `"-Infinity"`.
  public static func number(_ value: ConfigurationValue) throws -> Double {
    if let number = value.numberValue { return number }
    guard let text = value.stringValue, let number = Double(text) else {
      throw GoldenError("expected a number, found \(value.summary)")
    }
    return number
  }

  /// A tensor `{"dtype", "shape", "values"}`.
  public static func tensor(_ value: ConfigurationValue) throws -> Tensor {
    guard let name = value["dtype"]?.stringValue, let dtype = DType(name: name),
      let shape = value["shape"]?.arrayValue?.compactMap(\.integerValue), let values = value["values"]?.arrayValue
    else { throw GoldenError("expected a tensor, found \(value.summary)") }
    if dtype.isInteger {
      let integers = try values.map { element in
        guard let integer = element.integerValue ?? element.stringValue.flatMap(Int.init) else {
          throw GoldenError("expected a whole number, found \(element.summary)")
        }
        return integer
      }
      return Tensor(integers, shape: Shape(shape)).cast(to: dtype)
    }
    return Tensor(try values.map(number), shape: Shape(shape)).cast(to: dtype)
  }
}

/// A stored document that lacks something a test expects.
public struct GoldenError: Error, CustomStringConvertible {
  /// The problem.
  public let description: String

  /// An error.
  public init(_ description: String) { self.description = description }
}
