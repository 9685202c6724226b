import AviaryAutograd
import AviaryCore
import AviaryFormats

/// Builds an ONNX graph, with one or a few nodes per primitive.
///
/// The graph must work for any number of rows, but a recording has a fixed number. So there are two recordings with
/// different numbers: lengths that differ between them depend on the number of rows.
struct ONNXGraphBuilder {
  private(set) var model: ONNXModel
  private var names = 0

  /// A value of the graph: its name, and the tensors that stand for it in the two recordings.
  struct Operand {
    let name: String
    /// The tensors of the two recordings.
    let first: Tensor
    let second: Tensor
    /// The value, if it does not depend on the inputs.
    var constant: Tensor?

    var shape: Shape { first.shape }
    var dtype: DType { first.dtype }

    /// The length of each axis; nil if it depends on the number of rows.
    var lengths: [Int?] { zip(first.shape, second.shape).map { $0 == $1 ? $0 : nil } }
  }

  init(_ model: ONNXModel) { self.model = model }

  /// A unique name.
  mutating func name(_ stem: String) -> String {
    names += 1
    return "\(stem)_\(names)"
  }

  /// Adds a node with one output and returns the output's name.
  mutating func node(
    _ operation: String, _ inputs: [String], _ attributes: [(name: String, value: ONNXModel.Attribute)] = [],
    named given: String? = nil
  ) -> String {
    let output = given ?? name(operation.lowercased())
    model.nodes.append(ONNXModel.Node(operation, inputs, [output], attributes))
    return output
  }

  /// Adds a constant and returns its name.
  mutating func constant(_ tensor: Tensor, named given: String? = nil) -> String {
    let output = given ?? name("constant")
    model.constants.append((output, tensor.contiguous()))
    return output
  }

  /// Adds a constant vector of integers.
  mutating func integers(_ numbers: [Int]) -> String {
    constant(Tensor(numbers.map { Int64($0) }, shape: [numbers.count]))
  }

  /// Adds a constant scalar.
  mutating func number(_ value: Double, _ dtype: DType) -> String {
    constant(Tensor(repeating: value, shape: [], dtype: dtype))
  }

  /// Declares an input or an output of the graph.
  mutating func declare(input: ONNXModel.Value? = nil, output: ONNXModel.Value? = nil) {
    if let input { model.inputs.append(input) }
    if let output { model.outputs.append(output) }
  }

  /// Adds the nodes of a recording.
  ///
  /// - Parameters:
  ///   - first: the recording for one number of rows.
  ///   - second: the recording for another number of rows.
  ///   - inputs: the inputs of the recordings.
  ///   - constantName: the name of a constant, if it has one, as parameters do.
  /// - Returns: the results.
  /// - Throws: ``ExportError`` if the recordings have different steps, or a step has no operator.
  mutating func add(
    _ first: Recording, _ second: Recording, _ inputs: [Operand], constantName: (Tensor) -> String? = { _ in nil }
  ) throws -> [Operand] {
    guard first.steps.count == second.steps.count else {
      throw ExportError("the model's operations depend on the number of rows, which one ONNX graph cannot express")
    }
    var results: [[Operand]] = []
    for (a, b) in zip(first.steps, second.steps) {
      let operands = try zip(a.operands, b.operands).map {
        try operand($0, $1, inputs, results, a.primitive.name, constantName)
      }
      guard a.primitive.name == b.primitive.name else {
        throw ExportError("the model's operations depend on the number of rows, which one ONNX graph cannot express")
      }
      let names = try ONNXStep(a.primitive, b.primitive, operands, a.outputs, b.outputs).add(to: &self)
      results.append(
        zip(names, zip(a.outputs, b.outputs)).map { Operand(name: $0, first: $1.0, second: $1.1) })
    }
    return try zip(first.results, second.results).map {
      try operand($0, $1, inputs, results, "the result", constantName)
    }
  }

  private mutating func operand(
    _ a: Recording.Operand, _ b: Recording.Operand, _ inputs: [Operand], _ results: [[Operand]], _ user: String,
    _ constantName: (Tensor) -> String?
  ) throws -> Operand {
    switch (a, b) {
    case (.input(let index), .input): return inputs[index]
    case (.result(let step, let output), .result): return results[step][output]
    case (.constant(let x), .constant(let y)): return try constant(x, y, user, constantName(x))
    default:
      throw ExportError("the model's operations depend on the number of rows, which one ONNX graph cannot express")
    }
  }

  /// Adds a constant that is equal in both recordings. If it has as many rows as the batch, all of them must be equal,
  /// and one is stored.
  private mutating func constant(_ x: Tensor, _ y: Tensor, _ user: String, _ known: String?) throws -> Operand {
    var kept = x
    if x.shape != y.shape {
      let axes = x.shape.indices.filter { x.shape[$0] != y.shape[$0] }
      guard x.rank == y.rank, axes.count == 1 else { throw Self.dependent(user) }
      let one = x.slice(axis: axes[0], 0..<1)
      guard Self.areEqual(one.broadcast(to: x.shape), x), Self.areEqual(one.broadcast(to: y.shape), y) else {
        throw Self.dependent(user)
      }
      kept = one
    } else if !Self.areEqual(x, y) {
      throw Self.dependent(user)
    }
    if let known, !model.constants.contains(where: { $0.name == known }) { _ = constant(kept, named: known) }
    let name = known ?? constant(kept)
    return Operand(name: name, first: kept, second: kept, constant: kept)
  }

  private static func areEqual(_ x: Tensor, _ y: Tensor) -> Bool {
    let (x, y) = (x.contiguous(), y.contiguous())
    return x.spec == y.spec && x.withBytes { a in y.withBytes { b in a.elementsEqual(b) } }
  }

  private static func dependent(_ user: String) -> ExportError {
    ExportError(
      "the model computes values for '\(user)' from its inputs through conditions or integers, which are not recorded; "
        + "this layer cannot be exported yet")
  }
}
