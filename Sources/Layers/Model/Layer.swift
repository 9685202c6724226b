import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A part of a network: a description that holds only hyper-parameters. Its weights are in a ``ParameterStore``.
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
/// A layer is a value. Randomness, mode and progress come with the ``Context``; a layer stores none of them.
public protocol Layer: Sendable {
  /// Declares the parameters for an input shape and infers the output shape, both without the batch axis.
  ///
  /// Throws ``LayerError`` for a shape that the layer cannot use.
  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape

  /// Computes the outputs of a batch.
  ///
  /// - Parameters:
  ///   - input: [batch] + the shape that the layer was declared for.
  ///   - parameters: the layer's parameters, by the names it declared.
  ///   - context: mode, randomness and progress; receives new values of state.
  /// - Returns: [batch] + the declared output shape.
  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable

  /// The same layer with an activation computed in its own pass, or nil (the default) if it cannot.
  func fused(with activation: FusedActivation) -> (any Layer)?

  /// The activation that this layer is, if others can fuse it. Default: nil.
  var fusedActivation: FusedActivation? { get }

  /// The minimum number of rows of a training batch for inputs of a shape. Default: 1.
  func leastTrainingRows(for input: Shape) -> Int

  /// Whether the outputs for a sequence do not depend on the padding after its end, because the layer treats steps
  /// independently or reads ``Context/lengths``. Default: false; a model for sequences of different lengths then
  /// refuses the layer.
  var allowsPadding: Bool { get }

  /// Whether the output for a step depends only on that step and earlier ones, also if a sequence comes in pieces; see
  /// ``CarriedState``. Default: false.
  var isCausal: Bool { get }

  /// The layer's name in parameter names and in the summary: `"dense"`. Default: the registered name, or the type's
  /// name in lower case.
  var label: String { get }
}

extension Layer {
  public func fused(with activation: FusedActivation) -> (any Layer)? { nil }
  public var fusedActivation: FusedActivation? { nil }
  public func leastTrainingRows(for input: Shape) -> Int { 1 }
  public var allowsPadding: Bool { false }
  public var isCausal: Bool { false }
  public var label: String {
    (Self.self as? any Registrable.Type)?.name ?? String(describing: Self.self).lowercased()
  }
}

extension Kind where Product == any Layer {
  /// Layers, by name.
  public static var layer: Self { Kind("layer") }
}

extension Registrable where Self: Layer {
  public static var kind: Kind<any Layer> { .layer }
  public func product() -> any Layer { self }
}

/// A layer that cannot be used in its place: which, what it was given, and what it needs.
public struct LayerError: Error, Hashable, CustomStringConvertible {
  /// The layer's path in the model: `"2.dense"`.
  public var path: String
  /// The problem and its remedy.
  public var problem: String

  public init(path: String, _ problem: String) {
    self.path = path
    self.problem = problem
  }

  /// The message `layer 2.dense: …`.
  public var description: String { path.isEmpty ? problem : "layer \(path): \(problem)" }
}
