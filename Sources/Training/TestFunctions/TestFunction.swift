import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A function of two variables for comparing optimizers, with level curves to draw.
public protocol TestFunction: Sendable {
  /// The value at a point [2], a scalar, composed of twice differentiable operations.
  func callAsFunction(_ x: Variable) throws -> Variable

  /// The residuals r(x) [m], if the function is the sum of their squares, for the Gauss–Newton method. Default: nil.
  func residuals(_ x: Variable) throws -> Variable?

  /// The default starting point.
  var start: [Double] { get }
  /// The region to draw: x to the right, y upward.
  var domain: (x: ClosedRange<Double>, y: ClosedRange<Double>) { get }
  /// The points of the minimum value.
  var minima: [[Double]] { get }
  /// A suitable learning rate for gradient descent.
  var learningRate: Double { get }
  /// The standard deviation of the noise in each element of a gradient, drawn anew in each step. Default: 0.
  var noise: Double { get }
}

extension TestFunction {
  public func residuals(_ x: Variable) throws -> Variable? { nil }
  public var noise: Double { 0 }

  /// The value at a point.
  public func value(at point: [Double]) throws -> Double { try self(Variable(Tensor(point))).value.item() }

  /// The minimum value.
  public var leastValue: Double { get throws { try minima.map { try value(at: $0) }.min() ?? 0 } }

  /// The eigenvalues of the Hessian at a point, smaller one first.
  public func curvatures(at point: [Double]) throws -> [Double] {
    let h = try hessian(at: Tensor(point)) { try self($0) }.scalars(as: Double.self)
    let (mean, half) = ((h[0] + h[3]) / 2, (h[0] - h[3]) / 2)
    let root = (half * half + h[1] * h[2]).squareRoot()
    return [mean - root, mean + root]
  }
}

extension Kind where Product == any TestFunction {
  /// The kind of test functions.
  public static var testFunction: Self { Kind("test-function") }
}

extension Registrable where Self: TestFunction {
  public static var kind: Kind<any TestFunction> { .testFunction }
  public func product() -> any TestFunction { self }
}
