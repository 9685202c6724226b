import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Moves the centers of `k-means` to the means of the rows that are nearest to them, without an optimizer.
///
/// With all rows in a batch each epoch is a step of Lloyd's algorithm. With smaller batches each center moves by the rows
/// assigned to it so far (Sculley: Web-scale k-means clustering, 2010): c ← c + (mean − c) · rows/(all rows so far). The first
/// centers are rows of the first batch, drawn by k-means++: each with a probability proportional to its squared distance from the
/// nearest center before (Arthur and Vassilvitskii, 2007). A center without rows moves to the row farthest from its own.
///
/// The loss is the mean squared distance from the nearest center. State: `counts`, the rows of each center so far.
public struct Clustering: FittingObjective, Registrable {
  public static let name = "k-means"
  public static let card = Card(
    "Moves the centers of the model k-means to the means of their rows.",
    formula: "cₖ ← mean of the rows nearest to cₖ",
    references: [
      "Lloyd: Least squares quantization in PCM (1982)",
      "Arthur, Vassilvitskii: k-means++: the advantages of careful seeding (2007)",
      "Sculley: Web-scale k-means clustering (2010)",
    ])

  public init() {}

  public var targetKind: TargetKind? { nil }

  public func predictions(_ part: Model, of inputs: Tensor) throws -> Tensor? { nil }

  /// Throws `ModelError` if the first batch has fewer rows than there are clusters.
  public func check(_ stage: Stage, _ part: Model, _ data: PreparedData) throws {
    let (rows, clusters) = (data.rowCount(of: stage), part.outputShape.elementCount)
    let first = min(stage.settings.batchSize ?? rows, rows)
    guard first >= clusters else {
      throw ModelError("\(clusters) clusters need batches of at least as many rows, not \(first)")
    }
  }

  public func fit(
    _ model: Model, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveFit {
    guard (model.layer as? Sequential)?.layers.last is NearestCenter else {
      throw ModelError("'\(Self.name)' moves centers, which only the model 'k-means' has")
    }
    let index = model.index(in: 0, of: "weight")
    let x = batch.inputs.reshaped(to: [batch.count, -1]).cast(to: model.dtype)
    var fitted = model
    var centers = model.parameters.value(of: model.parameters.entries[index])
    let clusters = centers.shape[0]
    if context.progress.step == 0 {
      centers = Self.seeds(x, clusters, context.random["seeds"])
      fitted.parameters.apply([index: centers])
    }
    let nearest = fitted(batch.inputs)
    let members = nearest.argmax(axis: 1).oneHot(classes: clusters, dtype: model.dtype).transposed()
    let counts = members.sum(axes: [1], keepingDimensions: true)
    let isWhole = context.progress.stepsPerEpoch <= 1
    let means = members.matmul(x) / counts.maximum(Tensor.ones([], dtype: model.dtype))
    let before = state.tensors["counts"] ?? Tensor.zeros([clusters, 1], dtype: model.dtype)
    let all = isWhole ? counts : before + counts
    state.tensors["counts"] = all
    let share = counts / all.maximum(Tensor.ones([], dtype: model.dtype))
    centers = centers + (means - centers) * share
    if isWhole { centers = Self.filled(centers, x, nearest, counts) }
    fitted.parameters.apply([index: centers])
    return ObjectiveFit([index: centers], assessment: try assess(fitted, batch, context))
  }

  /// Rows drawn by k-means++.
  private static func seeds(_ x: Tensor, _ clusters: Int, _ random: RandomSource) -> Tensor {
    var places = [Int(random["first"].integers([1], in: 0..<x.shape[0]).item())]
    var distances = squares(x, from: x[places[0]])
    while places.count < clusters {
      var left = random[places.count].uniform([1], dtype: .float64).item() * distances.reduce(0, +)
      // The last row with any distance, where rounding leaves a rest; any row if all are centers already.
      var chosen = distances.lastIndex { $0 > 0 } ?? places.count
      for (row, distance) in distances.enumerated() where distance > 0 {
        left -= distance
        if left < 0 {
          chosen = row
          break
        }
      }
      places.append(chosen)
      distances = zip(distances, squares(x, from: x[chosen])).map { min($0, $1) }
    }
    return Tensor.stack(places.map { x[$0] })
  }

  private static func squares(_ x: Tensor, from center: Tensor) -> [Double] {
    (x - center).cast(to: .float64).square().sum(axes: [1]).scalars(as: Double.self)
  }

  /// The centers, those without rows moved to the rows that are farthest from theirs.
  private static func filled(_ centers: Tensor, _ x: Tensor, _ nearest: Tensor, _ counts: Tensor) -> Tensor {
    let empty = counts.flattened().scalars(as: Double.self).enumerated().filter { $1 == 0 }.map(\.offset)
    guard !empty.isEmpty else { return centers }
    let far = nearest.max(axes: [1]).scalars(as: Double.self).enumerated().sorted { $0.element < $1.element }.map(
      \.offset)
    var rows = (0..<centers.shape[0]).map { centers[$0] }
    for (place, center) in empty.enumerated() { rows[center] = x[far[place]] }
    return Tensor.stack(rows)
  }

  /// The mean squared distance from the nearest center.
  public func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    let distances = -(try model.checkedOutputs(of: batch.inputs).max(axes: [1]))
    return Assessment(loss: max(0, distances.mean().item()), count: batch.count)
  }
}
