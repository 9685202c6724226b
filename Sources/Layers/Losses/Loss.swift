import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A loss function, which training minimizes.
public protocol Loss: Sendable {
  /// The loss of each row: [batch].
  ///
  /// - Parameters:
  ///   - output: the model's outputs, [batch, …].
  ///   - target: int64 labels [batch], or values of the output's shape and dtype.
  /// - Returns: the loss of each row.
  /// - Throws: ``LossError`` if outputs and targets do not match.
  func callAsFunction(_ output: Variable, _ target: Variable) throws -> Variable

  /// Converts outputs to predictions, such as logits to probabilities. Default: the outputs themselves.
  func predictions(_ output: Tensor) -> Tensor

  /// How the loss interprets the outputs. Default: values.
  var outputForm: OutputForm { get }

  /// How to read whole numbers in a file that could be either: true for labels, false for values. Default: nil, decided
  /// from the file.
  var prefersLabels: Bool? { get }

  /// S·z for each row, where S·Sᵀ is the Hessian of the row's loss with respect to its outputs, and z is a vector. With
  /// it, one backward pass gives the curvature of a network's parameters (Gauss–Newton). Default: nil, not known.
  ///
  /// - Parameters:
  ///   - output: the model's outputs, [batch, …].
  ///   - target: as for the loss itself.
  ///   - z: values of the outputs' shape.
  /// - Returns: values of the outputs' shape.
  /// - Throws: ``LossError`` if outputs and targets do not match.
  func curvatureRoot(_ output: Tensor, _ target: Tensor, times z: Tensor) throws -> Tensor?
}

extension Loss {
  public func predictions(_ output: Tensor) -> Tensor { output }

  /// Not known.
  public func curvatureRoot(_ output: Tensor, _ target: Tensor, times z: Tensor) throws -> Tensor? { nil }

  public var outputForm: OutputForm { .values }

  public var prefersLabels: Bool? { nil }
}

extension Kind where Product == any Loss {
  /// Losses, by name.
  public static var loss: Self { Kind("loss", plural: "losses") }
}

extension Registrable where Self: Loss {
  public static var kind: Kind<any Loss> { .loss }
  public func product() -> any Loss { self }
}
