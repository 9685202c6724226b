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
/// Rules are written with operations of `Variable`, so that derivatives of derivatives follow. A primitive without a rule but with a
/// composition is differentiated through the composition; one with neither throws ``DifferentiationError`` when a derivative is asked
/// through it, never a silent zero.
public protocol DifferentiablePrimitive: Primitive {
  /// The cotangents of the inputs from those of the outputs: cotangent(input) = Σ cotangent(output) · ∂output/∂input. nil
  /// stands for zero, or for an input that needs none.
  func pullback(_ pullback: Pullback) throws -> [Variable?]
}
