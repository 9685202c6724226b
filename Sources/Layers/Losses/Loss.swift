import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// How wrong a batch of outputs is: a number to make small.
public protocol Loss: Sendable {
  /// The loss of each row: [batch].
  ///
  /// - Parameters:
  ///   - output: the model's outputs, [batch, …].
  ///   - target: int64 labels [batch], or values of the output's shape and dtype.
  /// - Returns: a number for each row.
  /// - Throws: ``LossError`` where outputs and targets do not fit.
  func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable

  /// What the outputs mean as predictions: probabilities from logits, or the outputs themselves (the default).
  func predictions(_ output: Tensor) -> Tensor

  /// What the loss takes the outputs for. Default: values.
  var outputForm: OutputForm { get }

  /// What whole numbers of a file are meant as, where both would do: true labels, false values. Default: nil, which leaves
  /// it to the file.
  var prefersLabels: Bool? { get }
}

extension Loss {
  /// The outputs themselves.
  public func predictions(_ output: Tensor) -> Tensor { output }

  /// Values.
  public var outputForm: OutputForm { .values }

  /// The file says.
  public var prefersLabels: Bool? { nil }
}

extension Kind where Product == any Loss {
  /// Losses, by name.
  public static var loss: Self { Kind("loss", plural: "losses") }
}

extension Registrable where Self: Loss {
  /// A loss.
  public static var kind: Kind<any Loss> { .loss }
  /// The loss itself.
  public func product() -> any Loss { self }
}
