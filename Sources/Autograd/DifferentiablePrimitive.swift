import AviaryCore

/// A primitive with a derivative rule.
///
/// ```swift
/// extension Cube: DifferentiablePrimitive {                       // y = x³,  dx = 3·x²·dy
///   func pullback(_ pullback: Pullback) throws -> [Variable?] {
///     [pullback.inputs[0].square() * 3 * pullback.cotangent()]
///   }
/// }
/// ```
///
/// Rules are written with operations of `Variable`, so that derivatives of derivatives follow. A primitive without a
/// rule but with a composition is differentiated through the composition; with neither, differentiating throws
/// ``DifferentiationError`` and never silently gives zero.
public protocol DifferentiablePrimitive: Primitive {
  /// The cotangents of the inputs from those of the outputs, where nil means zero or not needed.
  ///
  ///     cotangent(input) = Σ cotangent(output) · ∂output/∂input
  func pullback(_ pullback: Pullback) throws -> [Variable?]
}
