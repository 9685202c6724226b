import AviaryKernels

/// Elements of x where the condition is true, of y elsewhere; all three broadcast.
public struct Select: Primitive {
  public let name = "where"

  public init() {}

  /// The broadcast shape. The condition must be `bool`, x and y of one type.
  public func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0].dtype == .bool, inputs[1].dtype == inputs[2].dtype else {
      throw ShapeError(name, inputs, "the condition must be bool and the two choices of the same dtype")
    }
    guard let choices = inputs[1].shape.broadcast(with: inputs[2].shape),
      let shape = choices.broadcast(with: inputs[0].shape)
    else { throw ShapeError(name, inputs, "the shapes do not broadcast") }
    return [TensorSpec(shape, inputs[1].dtype)]
  }

  public func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    let shape = specs[0].shape
    let result = Tensor(uninitialized: specs[0])
    let (condition, x, y) = (inputs[0], inputs[1], inputs[2])
    shape.withDimensions { dimensions in
      condition.strides(broadcastTo: shape).withPointer { conditionStrides in
        x.strides(broadcastTo: shape).withPointer { xStrides in
          y.strides(broadcastTo: shape).withPointer { yStrides in
            aviary_select(
              x.dtype.code, shape.rank, dimensions, condition.box.pointer.assumingMemoryBound(to: Bool.self),
              conditionStrides, x.box.pointer, xStrides, y.box.pointer, yStrides, result.box.pointer)
          }
        }
      }
    }
    return [result]
  }
}
