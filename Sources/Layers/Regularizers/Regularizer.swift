import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// What is added to the loss for a parameter, to keep it small or sparse.
public protocol Regularizer: Sendable {
  /// The penalty, a scalar.
  func callAsFunction(_ parameter: Variable) -> Variable

  /// λ of a part λ·Σ|w| that has no derivative in the penalty: each update is followed by its proximal step with the
  /// learning rate η, w ← sign(w)·max(|w| − η·λ, 0), which makes exact zeros. Default: 0, there is none.
  var proximalRate: Double { get }
}

extension Regularizer {
  /// There is none.
  public var proximalRate: Double { 0 }
}

extension Kind where Product == any Regularizer {
  /// Regularizers, by name.
  public static var regularizer: Self { Kind("regularizer") }
}

extension Registrable where Self: Regularizer {
  /// A regularizer.
  public static var kind: Kind<any Regularizer> { .regularizer }
  /// The regularizer itself.
  public func product() -> any Regularizer { self }
}
