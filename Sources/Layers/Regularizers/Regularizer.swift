import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A penalty on a parameter, added to the loss to keep it small or sparse.
public protocol Regularizer: Sendable {
  /// The penalty, a scalar.
  func callAsFunction(_ parameter: Variable) -> Variable

  /// The factor λ of a term λ·Σ|w| that the penalty's derivative omits. Each update is followed by its proximal step
  /// with the learning rate η, which makes exact zeros. Default: 0, no such term.
  ///
  ///     w ← sign(w)·max(|w| − η·λ, 0)
  var proximalRate: Double { get }
}

extension Regularizer {
  public var proximalRate: Double { 0 }
}

extension Kind where Product == any Regularizer {
  /// Regularizers, by name.
  public static var regularizer: Self { Kind("regularizer") }
}

extension Registrable where Self: Regularizer {
  public static var kind: Kind<any Regularizer> { .regularizer }
  public func product() -> any Regularizer { self }
}
