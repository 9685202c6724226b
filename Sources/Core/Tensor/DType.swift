import AviaryKernels

/// The type of a tensor's elements, known at run time.
///
/// `bool`, the integers, `float32` and `float64` support computation; `float16` and `bfloat16` are storage formats:
/// ``TensorProtocol/cast(to:)`` converts them, arithmetic on them traps. The raw values match `aviary_dtype` in the
/// kernels.
public enum DType: UInt8, Sendable, Hashable, CaseIterable {
  /// One byte, 0 or 1.
  case bool
  /// Signed integer of 8 bits.
  case int8
  /// Signed integer of 16 bits.
  case int16
  /// Signed integer of 32 bits.
  case int32
  /// Signed integer of 64 bits: labels and indices.
  case int64
  /// Unsigned integer of 8 bits: image bytes.
  case uint8
  /// Unsigned integer of 16 bits.
  case uint16
  /// Unsigned integer of 32 bits.
  case uint32
  /// Unsigned integer of 64 bits.
  case uint64
  /// IEEE 754 half precision, storage only.
  case float16
  /// The upper half of a `float32`, storage only.
  case bfloat16
  /// IEEE 754 single precision: the default of models.
  case float32
  /// IEEE 754 double precision.
  case float64

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Whether gradients flow through the type: `float32` and `float64`.
  public var isDifferentiable: Bool { self == .float32 || self == .float64 }

  /// Whether it is one of the four floating-point types.
  public var isFloatingPoint: Bool { rawValue >= DType.float16.rawValue }

  /// Whether it is a signed or unsigned integer; false for `bool`.
  public var isInteger: Bool { self != .bool && !isFloatingPoint }

  /// The type's name, as in NumPy: `"float32"`.
  public var name: String { String(describing: self) }

  /// The type with this name, or nil.
  public init?(name: String) {
    guard let found = DType.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The kernels' code for the type.
  package var code: aviary_dtype { aviary_dtype(rawValue: rawValue) }
}

extension DType: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let found = DType(name: name) else {
      let known = DType.allCases.map(\.name).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "there is no dtype '\(name)'; the dtypes are \(known)")
    }
    self = found
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
