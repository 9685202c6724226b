import AviaryCore

/// Hugging Face's format for a model's weights: named tensors and metadata, no executable code.
///
/// ```swift
/// try Safetensors(["0.dense.weight": weight, "0.dense.bias": bias], metadata: ["epoch": "12"]).write(to: path)
/// let file = try Safetensors(contentsOf: path)
/// let weight = try file.tensors.tensor(named: "0.dense.weight")
/// ```
///
/// Layout: the header's length (64 bits), a JSON object with each tensor's dtype, shape and offsets, then the tensors'
/// bytes, little-endian, without gaps. Writes all tensor types; refuses to read the types of fewer than 8 bits and the
/// float8 types.
public struct Safetensors: Sendable {
  /// The tensors, in the order of their bytes.
  public var tensors: NamedTensors
  /// A string for each key.
  public var metadata: [String: String]

  public init(_ tensors: NamedTensors, metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads the bytes of a safetensors file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - source: the name for error messages.
  /// - Throws: ``FormatError`` if the file violates the format. Everything is checked against the file's length before
  ///   anything is allocated.
  public init(_ bytes: [UInt8], source: String = "safetensors data") throws {
    let name = source
    let source = FormatSource(name)
    var reader = ByteReader(bytes, source: source)
    let length = try reader.integer(UInt64.self, "the header's length")
    guard length <= SafetensorsHeader.maximumByteCount else {
      throw source.error(
        at: 0, expected: "a header of at most \(SafetensorsHeader.maximumByteCount) bytes", found: "\(length)",
        remedy: "this may not be a safetensors file")
    }
    let range = try reader.take(Int(length), "the header")
    let header = try SafetensorsHeader(bytes, in: range, dataCount: reader.remaining, source: source)
    tensors = NamedTensors(source: name)
    metadata = header.metadata
    let start = range.upperBound
    for entry in header.entries {
      let place = entry.range.lowerBound + start..<entry.range.upperBound + start
      tensors[entry.name] = Tensor(stored: bytes, in: place, shape: entry.shape, dtype: entry.dtype)
    }
  }

  public init(contentsOf path: String) throws {
    try self.init(FileBytes.read(path), source: path)
  }

  /// The bytes of a safetensors file: tensors by decreasing element size, then by name, so that each is aligned. Equal
  /// tensors and metadata give equal bytes.
  ///
  /// - Throws: ``FormatError`` for a tensor named `__metadata__` or a header of more than 100 MB.
  public func encoded() throws -> [UInt8] {
    let source = FormatSource("safetensors")
    guard tensors["__metadata__"] == nil else {
      throw source.error(.unsupported, expected: "another name", found: "a tensor named '__metadata__'")
    }
    let ordered = tensors.map { (rank: Self.rank(of: $0.tensor.dtype), name: $0.name, tensor: $0.tensor) }
      .sorted { $0.rank != $1.rank ? $0.rank > $1.rank : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var header: [UInt8] = Array("{".utf8)
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(JSONText.string($0.key)):\(JSONText.string($0.value))" }
      header += "\"__metadata__\":{\(pairs.joined(separator: ","))}".utf8
    }
    var offset = 0
    for (_, name, tensor) in ordered {
      if header.count > 1 { header.append(UInt8(ascii: ",")) }
      let end = offset + tensor.spec.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let code = SafetensorsHeader.codes[Self.rank(of: tensor.dtype)].code
      header += JSONText.string(name).utf8
      header += ":{\"dtype\":\"\(code)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}".utf8
      offset = end
    }
    header.append(UInt8(ascii: "}"))
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= SafetensorsHeader.maximumByteCount else {
      throw source.error(
        .unsupported, expected: "a header of at most \(SafetensorsHeader.maximumByteCount) bytes",
        found: "\(header.count)")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    bytes.append(integer: UInt64(header.count))
    bytes += header
    for (_, _, tensor) in ordered { tensor.appendStored(to: &bytes) }
    return bytes
  }

  /// Writes a safetensors file atomically.
  public func write(to path: String) throws {
    try AtomicFile.write(encoded(), to: path)
  }

  /// A type's position in the format's own declaration.
  private static func rank(of dtype: DType) -> Int {
    SafetensorsHeader.codes.firstIndex { $0.dtype == dtype }!
  }
}
