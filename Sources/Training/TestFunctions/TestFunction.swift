import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// A function of two numbers that optimizers are tried on, whose level lines can be drawn.
public protocol TestFunction: Sendable {
  /// The value at a point [2], a scalar, written with operations that have derivatives of two orders.
  func callAsFunction(_ x: Variable) throws -> Variable

  /// Numbers r(x) [m] whose squares' sum the function is: for the Gauss–Newton method. Default: nil, it is no such sum.
  func residuals(_ x: Variable) throws -> Variable?

  /// Where paths begin.
  var start: [Double] { get }
  /// What a picture shows: the first number to the right, the second upwards.
  var domain: (x: ClosedRange<Double>, y: ClosedRange<Double>) { get }
  /// Where the least value is.
  var minima: [[Double]] { get }
  /// A learning rate that plain gradient descent gets along with.
  var learningRate: Double { get }
  /// The standard deviation of the noise in each element of a gradient, drawn anew for each step. Default: 0.
  var noise: Double { get }
}

extension TestFunction {
  /// No sum of squares.
  public func residuals(_ x: Variable) throws -> Variable? { nil }
  /// None.
  public var noise: Double { 0 }

  /// The value at a point.
  public func value(at point: [Double]) throws -> Double { try self(Variable(Tensor(point))).value.item() }

  /// The least value.
  public var leastValue: Double { get throws { try minima.map { try value(at: $0) }.min() ?? 0 } }

  /// The eigenvalues of the Hessian at a point, the smaller one first.
  public func curvatures(at point: [Double]) throws -> [Double] {
    let h = try hessian(at: Tensor(point)) { try self($0) }.scalars(as: Double.self)
    let (mean, half) = ((h[0] + h[3]) / 2, (h[0] - h[3]) / 2)
    let root = (half * half + h[1] * h[2]).squareRoot()
    return [mean - root, mean + root]
  }
}

extension Kind where Product == any TestFunction {
  /// Functions that optimizers are tried on, by name.
  public static var testFunction: Self { Kind("test-function") }
}

extension Registrable where Self: TestFunction {
  /// A test function.
  public static var kind: Kind<any TestFunction> { .testFunction }
  /// The function itself.
  public func product() -> any TestFunction { self }
}
