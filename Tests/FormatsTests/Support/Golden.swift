import AviaryCore
import AviaryFormats
import AviaryRegistry
import AviaryTestSupport
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file written by another program, and its contents.
struct StoredFile: Sendable, CustomStringConvertible {
  let folder: String
  let contents: ConfigurationValue

  var name: String { contents["file"]?.stringValue ?? "" }
  var path: String { Self.root.appending(path: "\(folder)/\(name)").path }
  var description: String { name }

  func bytes() throws -> [UInt8] { try FileBytes.read(path) }

  /// The tensor, where the file holds one.
  func tensor() throws -> Tensor { try Self.tensor(contents) }

  /// The tensors of an object of the manifest, in its order.
  func tensors(_ key: String) throws -> [(name: String, tensor: Tensor)] {
    try #require(contents[key]?.objectValue).map { ($0.key, try Self.tensor($0.value)) }
  }

  /// All files that a manifest lists.
  static func all(_ folder: String) throws -> [StoredFile] {
    let path = root.appending(path: "\(folder)/manifest.json").path
    let manifest = try ConfigurationValue(parsing: FileBytes.read(path), source: path)
    return try #require(manifest["cases"]?.arrayValue).map { StoredFile(folder: folder, contents: $0) }
  }

  /// The bytes of one of them.
  static func bytes(_ path: String) throws -> [UInt8] { try FileBytes.read(root.appending(path: path).path) }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden")

  /// As `GoldenCase.tensor`, and with all 64 bits of uint64.
  private static func tensor(_ value: ConfigurationValue) throws -> Tensor {
    guard value["dtype"]?.stringValue == "uint64" else { return try GoldenCase.tensor(value) }
    let shape = try #require(value["shape"]?.arrayValue).compactMap(\.integerValue)
    let numbers = try #require(value["values"]?.arrayValue).map { element in
      try #require(element.integerValue.map(UInt64.init) ?? element.stringValue.flatMap(UInt64.init))
    }
    return Tensor(numbers, shape: Shape(shape))
  }
}

/// True where type, shape and every value agree, NaN with NaN, and zeros in their sign.
func isIdentical(_ left: Tensor, _ right: Tensor) -> Bool {
  guard left.spec == right.spec else { return false }
  guard left.dtype.isFloatingPoint else { return left.withBytes { a in right.withBytes { b in a.elementsEqual(b) } } }
  return zip(left.scalars(as: Double.self), right.scalars(as: Double.self)).allSatisfy {
    $0.isNaN && $1.isNaN || $0.bitPattern == $1.bitPattern
  }
}

/// True where names, order and tensors agree.
func isIdentical(_ left: NamedTensors, _ right: [(name: String, tensor: Tensor)]) -> Bool {
  left.names == right.map(\.name) && zip(left, right).allSatisfy { isIdentical($0.tensor, $1.tensor) }
}
