import AviaryKernels

/// The Swift types that are elements of tensors: `Bool`, the sized integers, `Int`, `UInt`, `Float` and `Double`.
public protocol TensorScalar: TensorConvertible, Hashable {
  /// The tensor type of the same layout.
  static var dtype: DType { get }
}

/// A scalar, or a nested array of scalars: what a ``Tensor`` is made from.
public protocol TensorConvertible: Sendable {
  /// The scalar type at the bottom of the nesting.
  associatedtype Scalar: TensorScalar
  /// The lengths along the nesting, taken from the first element of each level.
  var nestedShape: [Int] { get }
  /// Appends the scalars in row-major order, or returns false where a level's lengths differ from `shape`.
  func appendScalars(to scalars: inout [Scalar], shape: ArraySlice<Int>) -> Bool
}

extension TensorScalar {
  /// A scalar has no axes.
  public var nestedShape: [Int] { [] }
  /// Appends the scalar itself.
  public func appendScalars(to scalars: inout [Self], shape: ArraySlice<Int>) -> Bool {
    scalars.append(self)
    return shape.isEmpty
  }
}

extension Array: TensorConvertible where Element: TensorConvertible {
  /// This level's length and those of the first element.
  public var nestedShape: [Int] { [count] + (first?.nestedShape ?? []) }
  /// Appends every element's scalars.
  public func appendScalars(to scalars: inout [Element.Scalar], shape: ArraySlice<Int>) -> Bool {
    guard shape.first == count else { return false }
    return allSatisfy { $0.appendScalars(to: &scalars, shape: shape.dropFirst()) }
  }
}

extension Bool: TensorScalar {
  /// `bool`.
  public static var dtype: DType { .bool }
}
extension Int8: TensorScalar {
  /// `int8`.
  public static var dtype: DType { .int8 }
}
extension Int16: TensorScalar {
  /// `int16`.
  public static var dtype: DType { .int16 }
}
extension Int32: TensorScalar {
  /// `int32`.
  public static var dtype: DType { .int32 }
}
extension Int64: TensorScalar {
  /// `int64`.
  public static var dtype: DType { .int64 }
}
extension Int: TensorScalar {
  /// `int64`.
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorScalar {
  /// `uint8`.
  public static var dtype: DType { .uint8 }
}
extension UInt16: TensorScalar {
  /// `uint16`.
  public static var dtype: DType { .uint16 }
}
extension UInt32: TensorScalar {
  /// `uint32`.
  public static var dtype: DType { .uint32 }
}
extension UInt64: TensorScalar {
  /// `uint64`.
  public static var dtype: DType { .uint64 }
}
extension UInt: TensorScalar {
  /// `uint64`.
  public static var dtype: DType { .uint64 }
}
extension Float: TensorScalar {
  /// `float32`.
  public static var dtype: DType { .float32 }
}
extension Double: TensorScalar {
  /// `float64`.
  public static var dtype: DType { .float64 }
}
