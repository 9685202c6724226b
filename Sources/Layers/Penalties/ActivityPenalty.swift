import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// Returns its inputs unchanged and adds a penalty on them to the objective, for small or sparse codes.
///
///     y = x;  J ← J + (1/n)·penalty(x)
///
/// The penalty applies in training, over the n rows of a batch. With l1, most outputs of the preceding layer become
/// nearly 0. Equals Keras's `ActivityRegularization`. (Ng: Sparse autoencoder, 2011.)
public struct ActivityPenalty: Layer, Registrable {
  public static let name = "activity-penalty"
  public static let card = Card(
    "Returns its inputs unchanged and adds a penalty on them to the objective, for sparse codes.",
    formula: "y = x;  J ← J + (1/n)·penalty(x)")

  @Field(.regularizer, "Penalty on a batch's inputs, divided by its number of rows") var regularizer: any Regularizer =
    L1(0.001)

  public init() {}

  /// Traps on a proximal penalty, which is for weights only.
  public init(_ regularizer: any Regularizer, file: StaticString = #fileID, line: UInt = #line) {
    self.regularizer = regularizer
    self = required(file: file, line: line)
  }

  /// Requires a penalty with a derivative.
  public func validate() throws {
    guard regularizer.proximalRate > 0 else { return }
    throw ConfigurationError(
      .invalid("a proximal penalty is for weights, which an update can set to 0; set proximal to false"),
      at: "regularizer")
  }

  public func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }

  public func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
    if context.isTraining { context.penalize(regularizer(input) / Double(max(1, input.shape[0]))) }
    return input
  }
}
