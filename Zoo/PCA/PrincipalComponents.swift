import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// The coordinates of an input along the principal components: z = (x − μ)·Wᵀ, divided by their standard deviations if whitened.
///
/// Shapes: input flattened to [features], `mean` [features], `weight` [components, features], `variance` [components], output
/// [components].
struct PrincipalCoordinates: Layer {
  let components: Int
  let whitens: Bool

  let label = "components"

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard components <= input.elementCount else {
      throw LayerError(path: builder.path, "\(input.elementCount) features have no \(components) components")
    }
    try builder.parameter("mean", shape: [input.elementCount], initializer: Zeros())
    try builder.parameter("weight", shape: [components, input.elementCount], initializer: Zeros())
    try builder.parameter("variance", shape: [components], initializer: Constant(1))
    return [components]
  }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let z = (input.flattenedRows() - parameters["mean"]).matmul(parameters["weight"], transposingRight: true)
    return whitens ? z / deviations(parameters["variance"]) : z
  }

  /// The standard deviations; 1 along directions in which nothing varies.
  func deviations<Value: TensorProtocol>(_ variance: Value) -> Value {
    let isFlat = (variance .> 0).logicalNot().cast(to: variance.dtype)
    return (variance + isFlat).sqrt()
  }
}

/// Finds the principal components of all training rows for the model `pca`, without an optimizer.
///
/// The loss is a row's squared distance from its reconstruction, summed over the features; the measure `explained` is the share of
/// the variance that the components keep.
public struct PrincipalComponents: FittingObjective, Registrable {
  public static let name = "principal-components"
  public static let card = Card(
    "The principal components of all training rows, for the model pca.",
    formula: "W = the eigenvectors of the covariance with the largest eigenvalues", references: PCA.card.references)

  public init() {}

  public var targetKind: TargetKind? { nil }
  public var measures: [String] { ["explained"] }

  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? { nil }

  /// Throws `ConfigurationError` unless a batch has all rows.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    try stage.requireWholeBatches(of: data)
  }

  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    guard let layer = (model.layer as? Sequential)?.layers.last as? PrincipalCoordinates else {
      throw ModelError("'\(Self.name)' fits only 'pca'")
    }
    let x = batch.inputs.reshaped(to: [batch.count, -1]).cast(to: .float64)
    guard x.isFinite().all().item() != 0 else { throw ModelError("the inputs are not all finite") }
    let mean = x.mean(axes: [0])
    let found = PrincipalDirections(of: x - mean, count: layer.components, random: context.random["pca"])
    let variances = Tensor(found.variances, shape: [layer.components])
    var values: [Int: Tensor] = [:]
    for (name, value) in [("mean", mean), ("weight", found.directions), ("variance", variances)] {
      values[model.index(in: 0, of: name)] = value.cast(to: model.dtype)
    }
    var fitted = model
    fitted.parameters.apply(values)
    return ObjectiveFit(values, assessment: try assess(fitted, batch, context))
  }

  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    let x = batch.inputs.reshaped(to: [batch.count, -1])
    let made = try PCA.reconstructions(model, from: model.checkedOutputs(of: batch.inputs)).reshaped(to: x.shape)
    let mean = model.parameters.value(of: model.parameters.entries[model.index(in: 0, of: "mean")])
    let (error, all) = ((x - made).square().sum().item(), (x - mean).square().sum().item())
    return Assessment(
      loss: error / Double(max(batch.count, 1)), count: batch.count,
      measures: ["explained": all > 0 ? 1 - error / all : 1])
  }
}
