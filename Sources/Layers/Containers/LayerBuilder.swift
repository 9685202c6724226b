/// Collects the layers of a ``Sequential`` that is written down; an activation among them becomes a layer.
@resultBuilder
public enum LayerBuilder {
  /// A layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// An activation, as a layer.
  public static func buildExpression(_ activation: any Activation) -> [any Layer] { [ActivationLayer(activation)] }
  /// A list of layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// One after another.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// `if`.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// `else`.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  /// `for`.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
