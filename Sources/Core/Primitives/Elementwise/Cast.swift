import AviaryKernels

/// Converts the elements to another type.
public struct Cast: Primitive {
  public let name = "cast"
  /// The type to convert to.
  public let dtype: DType

  public init(to dtype: DType) { self.dtype = dtype }

  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    [TensorSpec(inputs[0].shape, dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    if inputs[0].dtype == dtype { return inputs }
    let x = inputs[0].contiguous()
    let y = Tensor(uninitialized: specs[0])
    aviary_cast(x.dtype.code, dtype.code, x.elementCount, x.box.pointer, y.box.pointer)
    return [y]
  }
}
