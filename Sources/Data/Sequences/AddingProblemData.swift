import AviaryCore
import AviaryRegistry

/// The adding problem: sequences of random numbers, two of which are marked; the target is their sum.
///
/// A step has a number from 0 to 1 and a mark, which is 1 at one step in the first half and at one in the second, else
/// 0. The best prediction that ignores the inputs is 1, with a mean squared error of 1/6; lower errors show that a
/// network has remembered the first number to the end. (Hochreiter and Schmidhuber: Long short-term memory, 1997.)
///
/// Shapes: inputs float32 [count, steps, 2], targets float32 [count, 1].
public struct AddingProblemData: DataSource, Registrable {
  public static let name = "adding-problem"
  public static let card = Card(
    "The adding problem: add the two marked numbers of a random sequence, a test of long memory.",
    formula: "y = xᵢ + xⱼ,  x ~ U(0, 1)",
    references: [
      "Hochreiter, Schmidhuber: Long short-term memory (1997)",
      "Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units (2015), arXiv:1504.00941",
    ], tags: ["sequence", "regression", "toy"])

  @Field("Steps per sequence", .in(2...100_000)) var steps = 100
  @Field("Number of sequences", .in(1...10_000_000)) var count = 10_000
  var own = OwnSeed()

  public init() {}

  /// Sequences of the adding problem. Traps unless `steps` is from 2 to 100000 and `count` from 1 to 10000000.
  public init(
    steps: Int = 100, count: Int = 10_000, seed: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.steps = steps
    self.count = count
    own.seed = seed
    self = required(file: file, line: line)
  }

  public func load(_ environment: DataEnvironment) throws -> DataSet {
    try environment.refuseFile(for: Self.name)
    try environment.checkMemory(of: Self.name, [count, steps, 2])
    let random = own.source(else: environment.random)
    let numbers = random["numbers"].uniform([count, steps], dtype: .float32)
    let half = steps / 2
    let first = (random["first"].uniform([count, 1], dtype: .float64) * Double(half)).floor()
    let second = (random["second"].uniform([count, 1], dtype: .float64) * Double(steps - half)).floor() + Double(half)
    let places = Tensor((0..<steps).map(Double.init), shape: [1, steps])
    let marks = (places .== first).logicalOr(places .== second).cast(to: .float32)
    return try DataSet(
      name: Self.name, inputs: Tensor.stack([numbers, marks], axis: 2),
      targets: (numbers * marks).sum(axes: [1]).reshaped(to: [count, 1])
    ).validated()
  }
}
