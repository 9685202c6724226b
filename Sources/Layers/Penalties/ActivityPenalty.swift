import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Gives back its inputs, and makes a training pay for them: codes that are small, or sparse.
///
/// y = x;  J ← J + (1/n)·penalty(x) over the n rows of a batch, while training; l1 makes most outputs of the layer before it
/// nearly 0. Keras's `ActivityRegularization`. (Ng: Sparse autoencoder, 2011.)
public struct ActivityPenalty: Layer, Registrable {
  public static let name = "activity-penalty"
  public static let card = Card(
    "Gives back its inputs, and makes a training pay for them: sparse codes.",
    formula: "y = x;  J ← J + (1/n)·penalty(x)")

  @Field(.regularizer, "Penalty of a batch's inputs, divided by its rows") var regularizer: any Regularizer = L1(0.001)

  public init() {}

  /// A penalty. Traps on a proximal one, which is for weights.
  public init(_ regularizer: any Regularizer, file: StaticString = #fileID, line: UInt = #line) {
    self.regularizer = regularizer
    self = required(file: file, line: line)
  }

  /// The penalty has a derivative.
  public func validate() throws {
    guard regularizer.proximalRate > 0 else { return }
    throw ConfigurationError(
      .invalid("a proximal penalty is for weights, which an update can set to 0; set proximal to false"),
      at: "regularizer")
  }

  /// The input's shape.
  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  /// The input.
  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    if context.isTraining { context.penalize(regularizer(input) / Double(max(1, input.shape[0]))) }
    return input
  }
}
