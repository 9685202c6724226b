import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Adds an encoding of its position to each step of a sequence, because attention does not see the order of steps.
///
/// ```
/// y[t, 2i] = x[t, 2i] + sin(t / 10000^(2i/features))
/// y[t, 2i + 1] = x[t, 2i + 1] + cos(t / 10000^(2i/features))
/// ```
///
/// Alternatively, adds a trained vector for each of `steps` positions.
///
/// Shapes: input [steps, features], weight [steps, features] if trained, output as the input. (Vaswani and others:
/// Attention is all you need, 2017.)
public struct PositionalEncoding: Layer, Registrable {
  /// The kind of encoding.
  public enum Form: String, CaseIterable, FieldValue, Sendable {
    /// Sine waves of different wavelengths.
    case sinusoidal
    /// Trained vectors.
    case learned
  }

  public static let name = "positional-encoding"
  public static let card = Card(
    "Adds an encoding of its position to each step of a sequence.",
    formula: "y[t, 2i] = x[t, 2i] + sin(t/10000^(2i/n)),  y[t, 2i + 1] = x[t, 2i + 1] + cos(t/10000^(2i/n))",
    references: ["Vaswani et al.: Attention is all you need (2017), arXiv:1706.03762"])

  @Field("sinusoidal: sine waves of different wavelengths; learned: trained vectors") var form = Form.sinusoidal
  @Field("Number of positions with trained vectors; null for the steps of the input", .positive) var steps: Int?
  @Field("Factor of the input before the encoding is added; null for none", .positive) var scale: Double?

  public init() {}

  /// Sinusoidal by default. Traps unless numbers are positive.
  public init(
    _ form: Form = .sinusoidal, steps: Int? = nil, scale: Double? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.form = form
    self.steps = steps
    self.scale = scale
    self = required(file: file, line: line)
  }

  /// Sinusoidal encodings have no maximum length; trained ones do.
  public var allowsPadding: Bool { form == .sinusoidal }

  /// Steps are independent.
  public var isCausal: Bool { true }

  /// Declares the trained vectors, if any.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    guard input.rank == 2 else {
      throw LayerError(path: builder.path, "it takes sequences [steps, features], not \(input)")
    }
    if form == .learned {
      guard steps ?? input[0] >= input[0] else {
        throw LayerError(
          path: builder.path, "it has vectors for \(steps ?? 0) steps, but the input has \(input[0]); increase 'steps'")
      }
      try builder.parameter(
        "weight", shape: [steps ?? input[0], input[1]], initializer: Normal(standardDeviation: 0.02))
    }
    return input
  }

  /// The sum. Refuses sequences longer than the trained positions.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let count = input.shape[1]
    let first = context.carried("steps", of: parameters, rows: 1).map { Int($0.flattened()[0].item()) } ?? 0
    context.carry("steps", of: parameters, Tensor([first + count], shape: [1]))
    let x = scale.map { input * $0 } ?? input
    guard form == .learned else { return x + Variable(waves(first..<(first + count), input.shape[2], input.dtype)) }
    let weight = parameters["weight"]
    guard first + count <= weight.shape[0] else {
      context.refuse(
        "it has trained positions for \(weight.shape[0]) steps, but the sequence has \(first + count); increase "
          + "'steps', or set 'form' to sinusoidal",
        in: parameters)
      return x
    }
    return x + weight.slice(axis: 0, first..<(first + count))
  }

  private func waves(_ steps: Range<Int>, _ features: Int, _ dtype: DType) -> Tensor {
    let times = Tensor(steps.map(Double.init), shape: [steps.count, 1])
    let rates = Tensor(
      (0..<features).map { -Double($0 / 2 * 2) / Double(features) }, shape: [1, features])
    let isSine = Tensor((0..<features).map { $0.isMultiple(of: 2) }, shape: [1, features])
    let angles = times * (rates * 9.210340371976184).exp()  // 10000 to the power of the rates
    return Tensor.where(isSine.broadcast(to: angles.shape), angles.sin(), angles.cos()).cast(to: dtype)
  }
}
