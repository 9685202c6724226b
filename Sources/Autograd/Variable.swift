import AviaryCore

/// A tensor that records how it was computed, so that it can be differentiated.
///
/// ```swift
/// let x = Variable(tracking: Tensor([1, 2, 3], dtype: .float32))
/// let y = (x * x).sum()
/// let gradient = try y.gradients(withRespectTo: [x])[0].value        // [2, 4, 6]
/// ```
///
/// A variable has all operations of ``/AviaryCore/TensorProtocol``. Results of tracked variables are tracked. A
/// constant is a plain value, and operations on constants alone record nothing, so a model evaluated on constants runs
/// without recording. Boolean and integer results end the graph. Variables belong to the thread that made them.
public struct Variable: TensorProtocol {
  /// The tensor.
  public let value: Tensor
  /// The node that made it; nil for a constant.
  let node: Node?
  /// The index of the node's output.
  let output: Int

  init(_ value: Tensor, _ node: Node?, _ output: Int) {
    self.value = value
    self.node = node
    self.output = output
  }

  /// A constant: no derivative flows into it.
  public init(_ constant: Tensor) { self.init(constant, nil, 0) }

  /// A variable to differentiate with respect to. Traps unless it is float32 or float64.
  public init(tracking value: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard value.dtype.isDifferentiable else {
      trap("a variable of \(value.spec) cannot be tracked: derivatives need float32 or float64", file, line)
    }
    self.init(value, Node(), 0)
  }

  /// The lengths of the axes.
  public var shape: Shape { value.shape }
  /// The type of the elements.
  public var dtype: DType { value.dtype }
  /// Whether derivatives flow through this.
  public var isTracked: Bool { node != nil }
  /// The same tensor as a constant, through which no derivative flows.
  public func detached() -> Variable { Variable(value) }

  /// Computes a primitive's outputs, recording them if an input is tracked.
  public static func apply(
    _ primitive: any Primitive, to inputs: [Variable], file: StaticString, line: UInt
  ) -> [Variable] {
    let outputs = Tensor.apply(primitive, to: inputs.map(\.value), file: file, line: line)
    guard inputs.contains(where: \.isTracked) else { return outputs.map(Variable.init) }
    let node = Node(primitive, inputs: inputs, outputs: outputs)
    var results: [Variable] = []
    results.reserveCapacity(outputs.count)
    for (index, value) in outputs.enumerated() {
      results.append(Variable(value, value.dtype.isDifferentiable ? node : nil, index))
    }
    return results
  }

  /// Applies a function of one operand, recording it if the operand is tracked.
  public static func elementwise(_ function: Unary, _ x: Variable, file: StaticString, line: UInt) -> Variable {
    recorded(.unary(function), Tensor.elementwise(function, x.value, file: file, line: line), x)
  }

  /// Applies a function of a number and an operand, recording it if the operand is tracked.
  public static func elementwise(_ function: BinaryScalar, _ x: Variable, file: StaticString, line: UInt) -> Variable {
    recorded(.scalar(function), Tensor.elementwise(function, x.value, file: file, line: line), x)
  }

  /// Applies a function of two operands, recording it if one is tracked.
  public static func elementwise(
    _ function: Binary, _ x: Variable, _ y: Variable, file: StaticString, line: UInt
  ) -> Variable {
    recorded(.binary(function), Tensor.elementwise(function, x.value, y.value, file: file, line: line), x, y)
  }

  private static func recorded(
    _ step: @autoclosure () -> Node.Step, _ value: Tensor, _ x: Variable, _ y: Variable? = nil
  ) -> Variable {
    guard x.isTracked || y?.isTracked == true, value.dtype.isDifferentiable else { return Variable(value) }
    return Variable(value, Node(step(), x, y, output: value), 0)
  }
}

extension Variable: CustomStringConvertible {
  public var description: String { value.description }
}
