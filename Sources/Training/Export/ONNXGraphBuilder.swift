import AviaryAutograd
import AviaryCore
import AviaryFormats

/// Adds nodes to a graph for ONNX, one for each primitive or a few.
///
/// The graph is written for any number of rows, and the primitives were recorded for numbers of rows: twice, for different
/// ones, so that the lengths that differ are seen to be those of the rows.
struct ONNXGraphBuilder {
  private(set) var model: ONNXModel
  private var names = 0

  /// A value with its name in the graph and what it is in both recordings.
  struct Operand {
    let name: String
    /// The two recordings' values.
    let first: Tensor
    let second: Tensor
    /// The numbers, where they do not depend on the inputs.
    var constant: Tensor?

    var shape: Shape { first.shape }
    var dtype: DType { first.dtype }

    /// The lengths; nil where that is the number of rows or follows from it.
    var lengths: [Int?] { zip(first.shape, second.shape).map { $0 == $1 ? $0 : nil } }
  }

  init(_ model: ONNXModel) { self.model = model }

  /// A new name.
  mutating func name(_ stem: String) -> String {
    names += 1
    return "\(stem)_\(names)"
  }

  /// Adds a node of one output.
  mutating func node(
    _ operation: String, _ inputs: [String], _ attributes: [(name: String, value: ONNXModel.Attribute)] = [],
    named given: String? = nil
  ) -> String {
    let output = given ?? name(operation.lowercased())
    model.nodes.append(ONNXModel.Node(operation, inputs, [output], attributes))
    return output
  }

  /// Adds numbers that the graph holds.
  mutating func constant(_ tensor: Tensor, named given: String? = nil) -> String {
    let output = given ?? name("constant")
    model.constants.append((output, tensor.contiguous()))
    return output
  }

  /// Adds whole numbers [n].
  mutating func integers(_ numbers: [Int]) -> String {
    constant(Tensor(numbers.map { Int64($0) }, shape: [numbers.count]))
  }

  /// Adds a single number of a type.
  mutating func number(_ value: Double, _ dtype: DType) -> String {
    constant(Tensor(repeating: value, shape: [], dtype: dtype))
  }

  /// Declares what goes in or comes out.
  mutating func declare(input: ONNXModel.Value? = nil, output: ONNXModel.Value? = nil) {
    if let input { model.inputs.append(input) }
    if let output { model.outputs.append(output) }
  }

  /// Adds recorded steps.
  ///
  /// - Parameters:
  ///   - first: the steps for some rows.
  ///   - second: the same steps for another number of rows.
  ///   - inputs: what the recordings begin with.
  ///   - constantName: what numbers are called that have a name: parameters.
  /// - Returns: the results.
  /// - Throws: ``ExportError`` if the two are not the same steps, or one of them has no operator.
  mutating func add(
    _ first: Recording, _ second: Recording, _ inputs: [Operand], constantName: (Tensor) -> String? = { _ in nil }
  ) throws -> [Operand] {
    guard first.steps.count == second.steps.count else {
      throw ExportError("the model does other things for other numbers of rows, and ONNX has one graph for all")
    }
    var results: [[Operand]] = []
    for (a, b) in zip(first.steps, second.steps) {
      let operands = try zip(a.operands, b.operands).map {
        try operand($0, $1, inputs, results, a.primitive.name, constantName)
      }
      guard a.primitive.name == b.primitive.name else {
        throw ExportError("the model does other things for other numbers of rows, and ONNX has one graph for all")
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
    default: throw ExportError("the model does other things for other numbers of rows, and ONNX has one graph for all")
    }
  }

  /// Numbers that are the same in both recordings; where they have a row each, all rows are the same, and one is enough.
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
      "the model derives numbers for '\(user)' from its inputs by way of conditions or whole numbers, which are not recorded; "
        + "this layer cannot be exported yet")
  }
}
