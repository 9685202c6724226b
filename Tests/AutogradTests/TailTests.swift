import AviaryAutograd
import AviaryCore
import Foundation
import Testing

@Suite("Derivatives far from zero") struct TailTests {
  /// Functions that approach a constant, with their derivatives in a form that keeps its digits there.
  private static let functions: [(name: String, @Sendable (Variable) -> Variable, @Sendable (Double) -> Double)] = [
    (
      "tanh", { $0.tanh() },
      { x in
        let e = exp(-2 * abs(x))
        return 4 * e / ((1 + e) * (1 + e))
      }
    ),
    (
      "sigmoid", { $0.sigmoid() },
      { x in
        let e = exp(-abs(x))
        return e / ((1 + e) * (1 + e))
      }
    ),
    ("expm1", { $0.expm1() }, { exp($0) }),
    ("elu", { $0.elu(alpha: 2) }, { $0 > 0 ? 1 : 2 * exp($0) }),
  ]

  @Test(arguments: [DType.float32, .float64])
  func derivativesKeepTheirDigits(dtype: DType) throws {
    let points = [-40.0, -25, -18, -9.5, -3, -0.01, 0.01, 3, 9.5, 18, 25, 40]
    for (name, function, derivative) in Self.functions {
      let x = Variable(tracking: Tensor(points).cast(to: dtype))
      let slopes = try function(x).sum().gradients(withRespectTo: [x])[0].value.cast(to: .float64)
      for (point, slope) in zip(points, slopes.scalars(as: Double.self)) {
        let rounded = dtype == .float32 ? Double(Float(point)) : point
        let wanted = derivative(rounded)
        #expect(abs(slope / wanted - 1) < (dtype == .float32 ? 2e-6 : 1e-14), "\(name) at \(point)")
      }
    }
  }
}
