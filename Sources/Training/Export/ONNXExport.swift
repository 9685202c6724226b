import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry

/// Exports models as ONNX graphs (operator set 17).
///
/// The model runs on two batches of different sizes, and the recorded primitives become operators. So every layer can
/// be exported whose primitives, or their compositions, have operators, including layers of other packages. Images keep
/// their layout [n, height, width, channels]; weights keep their names.
///
/// ```swift
/// try ONNXExport(of: FinishedRun("runs/fonts-cnn", in: .standard), withPreprocessing: true).write(to: "fonts.onnx")
/// ```
///
/// The graph has an input `input` [rows, …] and an output `output` [rows, …]; if the outputs are logits of classes, it
/// also has an output `probabilities`.
public struct ONNXExport: Sendable {
  /// The contents of the file.
  public let bytes: [UInt8]

  /// Exports a model. Throws ``ExportError`` if an operation has no operator.
  public init(of model: Model, name: String = "model") throws {
    var builder = ONNXGraphBuilder(ONNXModel(name: name, producer: AviaryVersion.description))
    let input = ONNXExport.begin(&builder, model.inputShape, model.dtype)
    let output = try ONNXExport.add(model, input, &builder)
    bytes = ONNXExport.end(builder, output, []).encoded()
  }

  /// Exports a run's model.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - withPreprocessing: whether the graph includes the run's transforms and takes stored inputs, in the model's
  ///     dtype; otherwise it takes transformed inputs.
  /// - Throws: ``ExportError`` if an operation has no operator.
  public init(of run: FinishedRun, withPreprocessing: Bool = false) throws {
    try run.requirePlainInputs()
    var model = ONNXModel(name: run.recipe.name, producer: AviaryVersion.description)
    if let names = run.classNames { model.metadata.append(("classes", names.joined(separator: "\n"))) }
    model.metadata.append(("preprocessing", withPreprocessing ? "included" : "not included"))
    var builder = ONNXGraphBuilder(model)
    let shape = withPreprocessing ? run.inputForm.shape : run.model.inputShape
    var input = ONNXExport.begin(&builder, shape, run.model.dtype)
    if withPreprocessing { input = try builder.add(run.preprocessing, input) }
    let output = try ONNXExport.add(run.model, input, &builder)
    let loss = (run.recipe.stages.last?.objective.underlying as? Supervised)?.loss
    let function = [SoftmaxCrossEntropy.name: "Softmax", SigmoidCrossEntropy.name: "Sigmoid"]
    var results: [ONNXGraphBuilder.Operand] = []
    if let loss = loss.flatMap({ type(of: $0) as? any Registrable.Type }), let operation = function[loss.name],
      run.classCount != nil, output.shape.rank == 2
    {
      let name = builder.node(operation, [output.name], named: "probabilities")
      results.append(ONNXGraphBuilder.Operand(name: name, first: output.first, second: output.second))
    }
    bytes = ONNXExport.end(builder, output, results).encoded()
  }

  /// Writes the file atomically.
  public func write(to path: String) throws { try AtomicFile.write(bytes, to: path) }

  /// The batch sizes of the two recordings.
  private static let rows = (2, 3)

  /// Declares the input, and draws values for it.
  private static func begin(
    _ builder: inout ONNXGraphBuilder, _ shape: Shape, _ dtype: DType
  ) -> ONNXGraphBuilder.Operand {
    builder.declare(input: ONNXModel.Value("input", dtype, [nil] + shape.map { $0 }))
    let random = RandomSource(seed: 0)
    let (first, second) = (
      random["first"].uniform(shape.inserting(rows.0, at: 0), dtype: dtype),
      random["second"].uniform(shape.inserting(rows.1, at: 0), dtype: dtype)
    )
    return ONNXGraphBuilder.Operand(name: "input", first: first, second: second)
  }

  /// Adds the model's steps.
  private static func add(
    _ model: Model, _ input: ONNXGraphBuilder.Operand, _ builder: inout ONNXGraphBuilder
  ) throws -> ONNXGraphBuilder.Operand {
    func recording(_ values: Tensor) throws -> Recording {
      let x = Variable(tracking: values)
      var context = Context(.inference)
      let y = try model.checkedForward(x, model.parameters.variables { _ in false }, &context)
      return Recording(of: [y], from: [x])
    }
    // A parameter is recognized by its address.
    var names: [UnsafeRawPointer: (name: String, shape: Shape)] = [:]
    for entry in model.parameters.entries where entry.elementCount > 0 {
      names[UnsafeRawPointer(model.parameters.value(of: entry).pointer)] = (entry.name, entry.shape)
    }
    let results = try builder.add(recording(input.first), recording(input.second), [input]) { tensor in
      guard tensor.isContiguous, let known = names[UnsafeRawPointer(tensor.pointer)], known.shape == tensor.shape else {
        return nil
      }
      return known.name
    }
    return results[0]
  }

  /// Declares the outputs.
  private static func end(
    _ builder: ONNXGraphBuilder, _ output: ONNXGraphBuilder.Operand, _ further: [ONNXGraphBuilder.Operand]
  ) -> ONNXModel {
    var builder = builder
    let name = builder.node("Identity", [output.name], named: "output")
    builder.declare(output: ONNXModel.Value(name, output.dtype, output.lengths))
    for result in further { builder.declare(output: ONNXModel.Value(result.name, result.dtype, result.lengths)) }
    // Filters are stored only in ONNX's axis order.
    var model = builder.model
    let used = Set(model.nodes.flatMap(\.inputs))
    model.constants.removeAll { !used.contains($0.name) }
    return model
  }
}
