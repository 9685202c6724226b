import AviaryKernels

/// The same numbers in another element type.
public struct Cast: Primitive {
  /// `"cast"`.
  public let name = "cast"
  /// The type to convert to.
  public let dtype: DType

  /// A conversion.
  public init(to dtype: DType) { self.dtype = dtype }

  /// The same shape.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(inputs[0].shape, dtype)]
  }

  /// One pass; the tensor itself where the type is its own.
  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    if inputs[0].dtype == dtype { return inputs }
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    aviary_cast(x.dtype.code, dtype.code, x.elementCount, x.box.pointer, y.box.pointer)
    return [y]
  }
}
