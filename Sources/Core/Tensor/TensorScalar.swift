import AviaryKernels

/// The Swift types of tensor elements: `Bool`, the sized integers, `Int`, `UInt`, `Float` and `Double`.
public protocol TensorScalar: TensorConvertible, Hashable {
  /// The tensor type with the same layout.
  static var dtype: DType { get }
}

/// A scalar or a nested array of scalars, from which a ``Tensor`` can be made.
public protocol TensorConvertible: Sendable {
  /// The scalar type inside the nesting.
  associatedtype Scalar: TensorScalar
  /// The lengths of the nesting levels, from the first element of each.
  var nestedShape: [Int] { get }
  /// Appends the scalars in row-major order, or returns false if lengths differ from `shape`.
  func appendScalars(to scalars: inout [Scalar], shape: ArraySlice<Int>) -> Bool
}

extension TensorScalar {
  public var nestedShape: [Int] { [] }
  public func appendScalars(to scalars: inout [Self], shape: ArraySlice<Int>) -> Bool {
    scalars.append(self)
    return shape.isEmpty
  }
}

extension Array: TensorConvertible where Element: TensorConvertible {
  public var nestedShape: [Int] { [count] + (first?.nestedShape ?? []) }
  public func appendScalars(to scalars: inout [Element.Scalar], shape: ArraySlice<Int>) -> Bool {
    guard shape.first == count else { return false }
    return allSatisfy { $0.appendScalars(to: &scalars, shape: shape.dropFirst()) }
  }
}

extension Bool: TensorScalar {
  public static var dtype: DType { .bool }
}
extension Int8: TensorScalar {
  public static var dtype: DType { .int8 }
}
extension Int16: TensorScalar {
  public static var dtype: DType { .int16 }
}
extension Int32: TensorScalar {
  public static var dtype: DType { .int32 }
}
extension Int64: TensorScalar {
  public static var dtype: DType { .int64 }
}
extension Int: TensorScalar {
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorScalar {
  public static var dtype: DType { .uint8 }
}
extension UInt16: TensorScalar {
  public static var dtype: DType { .uint16 }
}
extension UInt32: TensorScalar {
  public static var dtype: DType { .uint32 }
}
extension UInt64: TensorScalar {
  public static var dtype: DType { .uint64 }
}
extension UInt: TensorScalar {
  public static var dtype: DType { .uint64 }
}
extension Float: TensorScalar {
  public static var dtype: DType { .float32 }
}
extension Double: TensorScalar {
  public static var dtype: DType { .float64 }
}
