import AviaryCore
import AviaryRegistry

/// Fields common to the computed sets of points in the plane.
struct PlaneFields: FieldGroup {
  @Field("Points per class", .in(1...10_000_000)) var count = 200
  @Field("Standard deviation of the normal noise added to each coordinate", .nonNegative) var noise = 0.1
  var own = OwnSeed()

  init() {}

  init(count: Int, noise: Double, seed: Int?) {
    self.count = count
    self.noise = noise
    own.seed = seed
  }

  /// The points, class by class, from their positions without noise.
  func set(
    _ name: String, classes: Int, _ environment: DataEnvironment,
    _ point: (_ label: Int, _ share: Double) -> (Double, Double)
  ) throws -> DataSet {
    try environment.refuseFile(for: name)
    try environment.checkMemory(of: name, [classes, count, 2])
    let random = own.source(else: environment.random)
    var values: [Double] = []
    values.reserveCapacity(2 * classes * count)
    for label in 0..<classes {
      for index in 0..<count {
        let (x, y) = point(label, count > 1 ? Double(index) / Double(count - 1) : 0.5)
        values += [x, y]
      }
    }
    let noise = random["noise"].normal([classes * count, 2], standardDeviation: noise, dtype: .float64)
    let labels = (0..<classes).flatMap { [Int](repeating: $0, count: count) }
    return try DataSet(
      name: name, inputs: (Tensor(values, shape: [classes * count, 2]) + noise).cast(to: .float32),
      targets: Tensor(labels, shape: [labels.count])
    ).validated()
  }
}
