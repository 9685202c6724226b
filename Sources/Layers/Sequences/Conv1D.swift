import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A convolution over sequences.
///
///     y[t, o] = f(b[o] + Σ x[t·s + p, c] · W[p, c, o])
///
/// Shapes: input [steps, in], weight [window, in, filters], bias [filters], output [steps′, filters], where padding
/// 'same' and 'causal' give ⌈steps / stride⌉, 'valid' uses only windows inside the sequence, and a number pads that
/// many zeros at each end. With 'causal', an output depends on no later step. (Waibel and others, time-delay networks,
/// 1989; van den Oord and others, WaveNet, 2016.)
public struct Conv1D: Layer, Registrable {
  public static let name = "conv1d"
  public static let card = Card(
    "A convolution over a sequence: the same few weights apply to every step.",
    formula: "y[t, o] = f(b[o] + Σ x[t·s + p, c] · W[p, c, o])",
    references: [
      "Waibel, Hanazawa, Hinton, Shikano, Lang: Phoneme recognition using time-delay neural networks (1989)",
      "van den Oord et al.: WaveNet (2016), arXiv:1609.03499",
    ])

  @Field("Number of output channels", .positive, example: 8) var filters: Int
  @Field("Number of steps that a filter sees", .in(1...65_536), example: 3) var window: Int
  @Field("Stride of the window", .in(1...65_536)) var strides = 1
  @Field(
    "valid: only windows inside; same: zero padding for ⌈steps / stride⌉ windows; causal: like same, with zeros only at the beginning; cover: like valid, with a last window across the end if steps would be left over; a whole number: zeros at each end"
  )
  var padding = Padding1D.valid
  @Field("Spacing of the steps that a filter sees; 1 for adjacent steps", .in(1...65_536)) var dilation = 1
  @Field(.activation, "Activation f") var activation: any Activation = Identity()
  var weights = Weights()

  public init() {}

  /// The defaults are a stride of 1, no padding, Glorot-uniform weights and zero biases.
  public init(
    _ filters: Int, window: Int, strides: Int = 1, padding: Padding1D = .valid, dilation: Int = 1,
    activation: any Activation = Identity(), bias: Bool = true, weightInitializer: any Initializer = GlorotUniform(),
    biasInitializer: any Initializer = Zeros(), weightRegularizer: (any Regularizer)? = nil,
    weightConstraint: (any Constraint)? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.filters = filters
    self.window = window
    self.strides = strides
    self.padding = padding
    self.dilation = dilation
    self.activation = activation
    weights = Weights(bias: bias, weightInitializer, biasInitializer, weightRegularizer, weightConstraint)
    self = required(file: file, line: line)
  }

  public func validate() throws { try padding.check() }

  private var geometry: Window2D { Window2D(steps: window, stride: strides, dilation: dilation, padding: padding) }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
    let output = try geometry.outputSequence(for: input, padding: padding, channels: filters, at: builder.path)
    try weights.declare(in: &builder, shape: [window, input[1], filters])
    return output
  }

  /// True with a stride of 1 and 'same' or 'causal' padding: the padding of a row then acts as the zeros around a
  /// sequence.
  public var allowsPadding: Bool { strides == 1 && (padding == .same || padding == .causal) }

  /// One convolution, with bias and a fusable activation in the same pass.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    let (geometry, weight) = (geometry, parameters["weight"])
    let before = geometry.stepsBefore(padding)
    let input = context.steps(of: input)?.filling(input, with: 0) ?? input
    let sequences = before > 0 ? input.padded(before: [0, before, 0], after: [0, 0, 0]) : input
    let operands = [sequences.asRows, weight.expandingDimension(at: 0)] + (weights.bias ? [parameters["bias"]] : [])
    let convolution = Convolution2D(geometry, activation.fused ?? .identity)
    let output = Variable.apply(convolution, to: operands)[0].asSequences
    return activation.fused == nil ? activation(output) : output
  }

  /// The layer with the activation fused, unless it has one.
  public func fused(with activation: FusedActivation) -> (any Layer)? {
    guard self.activation.fused == .identity else { return nil }
    var result = self
    result.activation = FusedFunction(activation)
    return result
  }
}
