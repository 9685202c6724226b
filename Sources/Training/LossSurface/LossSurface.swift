import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry

/// The loss of a trained network on a plane through its parameters θ*, with the path of the training.
///
/// ```
/// value(a, b) = loss(θ* + a·d₁ + b·d₂)
/// ```
///
/// The directions are random, scaled to the norms of the network's filters, or the two in which the parameters moved
/// most during the training. The latter repeats the training, which takes as long as before. State such as running
/// means is not varied. (Li, Xu, Taylor, Studer, Goldstein: Visualizing the loss landscape of neural nets, 2018.)
public struct LossSurface: Sendable {
  /// The plane.
  public enum Directions: Sendable {
    /// Random directions. The part of each unit or filter is scaled to the norm of its weights; biases and other
    /// vectors do not change. Surfaces of different networks are then comparable.
    case random(seed: UInt64)
    /// The first two principal components of the training's path, from the parameters after each epoch of the last
    /// stage.
    case path
  }

  /// The values of a.
  public let x: ClosedRange<Double>
  /// The values of b.
  public let y: ClosedRange<Double>
  /// The number of points along each axis.
  public let points: Int
  /// The losses, row by row, starting with the smallest b.
  public let values: [Double]
  /// The loss at (0, 0).
  public let center: Double
  /// The points (a, b) at the start of the last stage and after each of its epochs; empty for random directions.
  public let path: [(a: Double, b: Double)]
  /// The fractions of the path's variance along the two directions; nil for random ones.
  public let shares: (Double, Double)?
  /// The run's recipe.
  public let title: String
  /// Whether the repeated training ended at the run's parameters.
  public let isRepeated: Bool

  /// Measures the loss around a run's model.
  ///
  /// - Parameters:
  ///   - folder: the run's folder.
  ///   - registries: the registries to look up names in.
  ///   - directions: the directions that span the plane.
  ///   - points: points along each axis, at least 2.
  ///   - extent: the largest a and b for random directions; both start at −extent.
  ///   - rows: the number of training rows to measure, from the first on.
  ///   - dataFolder: the folder of file-based data sets; see ``FinishedRun``.
  /// - Throws: if the run cannot be read, its data is missing, or the last stage does not train by gradients.
  public init(
    of folder: String, in registries: Registries, directions: Directions = .path, points: Int = 25, extent: Double = 1,
    rows: Int = 1000, dataFolder: String? = nil
  ) throws {
    let run = try FinishedRun(folder, in: registries, dataFolder: dataFolder)
    guard let stage = run.recipe.stages.last, stage.settings.epochs > 0 else {
      throw ModelError("the last stage of '\(run.recipe.name)' trains nothing, so there is no surface to show")
    }
    let trained = try stage.trained(of: run.model)
    let end = trained.vector(of: run.model.parameters)
    let plane: Plane
    switch directions {
    case .random(let seed):
      plane = Plane(trained.randomDirections(run.model.parameters, RandomSource(seed: seed)["surface"]), extent: extent)
      isRepeated = true
    case .path:
      let path = try Self.path(of: run, stage, in: registries, dataFolder)
      isRepeated = path.last == end
      plane = try Plane(path: path, to: end)
    }
    (title, self.points, path, shares) = (run.recipe.name, points, plane.path, plane.shares)
    (x, y) = (plane.x, plane.y)

    let set = try stage.view(of: run.trainingData(), through: run.model).training
    let sample = rows < set.count ? set.subset(Array(0..<rows)) : set
    func loss(_ a: Double, _ b: Double) throws -> Double {
      var model = run.model
      trained.update(&model.parameters) { $0 = end + plane.first * a + plane.second * b }
      return try stage.measure(model, on: sample).values["loss"] ?? .nan
    }
    center = try loss(0, 0)
    values = try LevelLines(of: loss, x: plane.x, y: plane.y, columns: points, rows: points).values
  }

  /// The maximum number of a path's parameter vectors to keep.
  private static let mostKept = 100

  /// The parameters before the last stage and after each of its epochs.
  private static func path(
    of run: FinishedRun, _ stage: Stage, in registries: Registries, _ dataFolder: String?
  ) throws -> [Tensor] {
    var options = Trainer.Options()
    (options.dataFolder, options.dataFile) = (dataFolder, run.saved.fields.dataFile)
    options.measuresWhenStopped = false
    let recipe = Recipe(run.recipe.document(naming: run.saved.fields.files), source: run.recipe.name)
    let trainer = try Trainer(recipe, in: registries, options: options)
    let stride = max(1, (run.history.count { $0.stage == stage.name } + mostKept - 1) / mostKept)
    var path: [Tensor] = []
    try trainer.run { event in
      switch event {
      case .stageBegan(stage.name, _):
        path.append(try stage.trained(of: trainer.model).vector(of: trainer.model.parameters))
      case .epochEnded(let record, _) where record.stage == stage.name && record.epoch % stride == 0:
        path.append(try stage.trained(of: trainer.model).vector(of: trainer.model.parameters))
      default: break
      }
    }
    let last = try stage.trained(of: trainer.model).vector(of: trainer.model.parameters)
    return path.last == last ? path : path + [last]
  }
}

/// Two directions, and the part of the plane to measure.
private struct Plane {
  let first: Tensor
  let second: Tensor
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>
  var path: [(a: Double, b: Double)] = []
  var shares: (Double, Double)?

  init(_ directions: (Tensor, Tensor), extent: Double) {
    (first, second) = directions
    x = -extent...extent
    y = x
  }

  /// The plane of the two principal components of θᵢ − θ*, with a margin around the path.
  init(path: [Tensor], to end: Tensor) throws {
    let moves = Tensor.stack(path.map { ($0 - end).cast(to: .float64) })
    let gram = moves.matmul(moves.transposed())
    let total = (0..<path.count).reduce(0) { $0 + gram[$1, $1].item() }
    guard total > 0, total.isFinite else {
      throw ModelError("the training did not move the parameters; choose random directions")
    }
    // For a straight path, any second direction will do.
    let (one, left) = Plane.component(of: gram, from: 0)
    let (two, _) = Plane.component(of: left, from: 1)
    func direction(_ component: (vector: Tensor, value: Double)) -> Tensor {
      guard component.value > total * 1e-12 else {
        return RandomSource(seed: 0)["line"].normal(end.shape, dtype: .float64) / Double(end.elementCount).squareRoot()
      }
      return component.vector.reshaped(to: [1, path.count]).matmul(moves).flattened() / component.value.squareRoot()
    }
    let (d1, d2) = (direction(one), direction(two))
    let (a, b) = [d1, d2].map { moves.matmul($0.reshaped(to: [-1, 1])).scalars(as: Double.self) }.pair
    self.path = Array(zip(a, b))
    func range(_ values: [Double]) -> ClosedRange<Double> {
      let (least, greatest) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
      let margin = max((greatest - least) * 0.25, total.squareRoot() * 0.05)
      return least - margin...greatest + margin
    }
    (x, y) = (range(a), range(b))
    shares = (one.value / total, max(0, two.value / total))
    (first, second) = (d1.cast(to: end.dtype), d2.cast(to: end.dtype))
  }

  /// The largest eigenvalue of a symmetric matrix and its eigenvector by power iteration, and the deflated matrix.
  private static func component(
    of matrix: Tensor, from start: Int
  ) -> (component: (vector: Tensor, value: Double), rest: Tensor) {
    let count = matrix.shape[0]
    var vector = RandomSource(seed: UInt64(start))["component"].normal([count, 1], dtype: .float64)
    var value = 0.0
    for _ in 0..<10_000 {
      let next = matrix.matmul(vector)
      let norm = next.square().sum().item().squareRoot()
      guard norm > 0 else { break }
      vector = next / norm
      let isSettled = abs(norm - value) <= 1e-14 * norm
      value = norm
      if isSettled { break }
    }
    let rest = matrix - vector.matmul(vector.transposed()) * value
    return ((vector.flattened(), value), rest)
  }
}

extension Array {
  /// The two elements.
  fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}

extension TrainedParameters {
  /// Two random directions. The part of each unit has the norm of the unit's weights; vectors get zeros.
  fileprivate func randomDirections(_ store: ParameterStore, _ random: RandomSource) -> (Tensor, Tensor) {
    func direction(_ name: String) -> Tensor {
      joined(
        indices.map { index in
          let entry = store.entries[index]
          let value = store.value(of: entry)
          guard entry.shape.rank > 1 else { return Tensor.zeros(entry.shape, dtype: store.dtype) }
          let drawn = random[name][entry.name].normal(entry.shape, dtype: store.dtype)
          func norms(_ x: Tensor) -> Tensor { x.square().sum(axes: Array(0..<x.rank - 1)).sqrt() }
          return drawn * (norms(value) / norms(drawn))
        }, store.dtype)
    }
    return (direction("first"), direction("second"))
  }
}
