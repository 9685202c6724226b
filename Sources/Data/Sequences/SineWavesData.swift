import AviaryCore
import AviaryRegistry

/// Noisy segments of sine waves with random frequencies and phases, and their next values to forecast:
///
/// ```
/// xₜ = sin(ω·t + φ) + σ·ε,  ω ~ U(0.1, 0.5),  φ ~ U(0, 2π),  ε ~ N(0, 1)
/// ```
///
/// The target is sin(ω·t + φ) one step after the last.
///
/// Shapes: inputs float32 [count, steps, 1], targets float32 [count, 1].
public struct SineWavesData: DataSource, Registrable {
  public static let name = "sine-waves"
  public static let card = Card(
    "Noisy segments of sine waves, and their next values to forecast.",
    formula: "xₜ = sin(ω·t + φ) + σ·ε;  ω ~ U(0.1, 0.5);  φ ~ U(0, 2π);  ε ~ N(0, 1)",
    tags: ["sequence", "regression", "toy"])

  @Field("Steps per segment", .in(1...100_000)) var steps = 40
  @Field("Number of segments", .in(1...10_000_000)) var count = 2000
  @Field("Standard deviation σ of the noise", .nonNegative) var noise = 0.1
  var own = OwnSeed()

  public init() {}

  /// Segments of sine waves. Traps on values out of range.
  public init(
    steps: Int = 40, count: Int = 2000, noise: Double = 0.1, seed: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.steps = steps
    self.count = count
    self.noise = noise
    own.seed = seed
    self = required(file: file, line: line)
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    try environment.checkMemory(of: Self.name, [count, steps + 1])
    let random = own.source(else: environment.random)
    let frequencies = random["frequencies"].uniform([count, 1], in: 0.1..<0.5, dtype: .float64)
    let phases = random["phases"].uniform([count, 1], in: 0..<(2 * Double.pi), dtype: .float64)
    let times = Tensor((0...steps).map(Double.init), shape: [1, steps + 1])
    let waves = (frequencies * times + phases).sin()
    let errors = random["noise"].normal([count, steps], dtype: .float64) * noise
    let pieces = waves.slice(axis: 1, 0..<steps) + errors
    return try DataSet(
      name: Self.name, inputs: pieces.cast(to: .float32).reshaped(to: [count, steps, 1]),
      targets: waves.slice(axis: 1, steps..<(steps + 1)).cast(to: .float32)
    ).validated()
  }
}
