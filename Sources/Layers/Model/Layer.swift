import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A piece of a network: a description with hyper-parameters only. Its weights live in a ``ParameterStore``.
///
/// ```swift
/// struct Scale: Layer {                                            // y = a·x with one trained number a
///   func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape {
///     try builder.parameter("factor", shape: [], initializer: Constant(1))
///     return input
///   }
///   func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
///     input * parameters["factor"]
///   }
/// }
/// ```
///
/// A layer is final and a value. Randomness, mode and progress come with the ``Context``; a layer keeps none of them.
public protocol Layer: Sendable {
  /// Declares the parameters for inputs of a shape, and infers the output's shape. Both without the batch axis.
  ///
  /// Throws ``LayerError`` where the input does not fit.
  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape

  /// Computes the outputs of a batch.
  ///
  /// - Parameters:
  ///   - input: [batch] + the shape that the layer was declared for.
  ///   - parameters: the layer's own parameters, by the names it declared.
  ///   - context: mode, randomness and progress; takes new values of state.
  /// - Returns: [batch] + the declared output shape.
  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable

  /// The same layer with an activation computed in its own pass, or nil (the default) where it cannot.
  func fused(with activation: FusedActivation) -> (any Layer)?

  /// The activation that this layer is, if it is one that others can fuse. Default: nil.
  var fusedActivation: FusedActivation? { get }

  /// How many rows a batch has at least while the layer is trained on inputs of a shape. Default: 1.
  func leastTrainingRows(for input: Shape) -> Int

  /// What the layer is called in parameters' names and in the summary: `"dense"`. Default: the registered name, or the
  /// type's name in lower case.
  var label: String { get }
}

extension Layer {
  /// Cannot.
  public func fused(with activation: FusedActivation) -> (any Layer)? { nil }
  /// None.
  public var fusedActivation: FusedActivation? { nil }
  /// Any batch will do.
  public func leastTrainingRows(for input: Shape) -> Int { 1 }
  /// The registered name, or the type's.
  public var label: String {
    (Self.self as? any Registrable.Type)?.name ?? String(describing: Self.self).lowercased()
  }
}

extension Kind where Product == any Layer {
  /// Layers, by name.
  public static var layer: Self { Kind("layer") }
}

extension Registrable where Self: Layer {
  /// A layer.
  public static var kind: Kind<any Layer> { .layer }
  /// The layer itself.
  public func product() -> any Layer { self }
}

/// A layer that does not fit where it stands: which, what it was given, and what it needs.
public struct LayerError: Error, Hashable, CustomStringConvertible {
  /// The layer's path in the model: `"2.dense"`.
  public var path: String
  /// What is wrong, and the remedy.
  public var problem: String

  /// An error of a layer.
  public init(path: String, _ problem: String) {
    self.path = path
    self.problem = problem
  }

  /// `layer 2.dense: …`.
  public var description: String { path.isEmpty ? problem : "layer \(path): \(problem)" }
}
