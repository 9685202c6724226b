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
    (
      "gelu", { $0.gelu() },
      { x in erfc(-x * 0.5.squareRoot()) / 2 + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
    ),
    (
      "silu", { $0.silu() },
      { x in
        let e = exp(-abs(x)), s = x < 0 ? e / (1 + e) : 1 / (1 + e)
        return s + x * e / ((1 + e) * (1 + e))
      }
    ),
    ("softplus", { $0.softplus() }, { x in x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }),
  ]

  @Test(arguments: [DType.float32, .float64])
  func derivativesKeepTheirDigits(dtype: DType) throws {
    let points = [-40.0, -25, -18, -12, -9.5, -3, -0.01, 0.01, 3, 9.5, 18, 25, 40]
    for (name, function, derivative) in Self.functions {
      let x = Variable(tracking: Tensor(points).cast(to: dtype))
      let slopes = try function(x).sum().gradients(withRespectTo: [x])[0].value.cast(to: .float64)
      for (point, slope) in zip(points, slopes.scalars(as: Double.self)) {
        let rounded = dtype == .float32 ? Double(Float(point)) : point
        let wanted = derivative(rounded)
        // Values too small for the type are 0.
        let least = dtype == .float32 ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
        if abs(wanted) < least { continue }
        // The reference's own square of x is rounded.
        let bound = dtype == .float32 ? 2e-6 : name == "gelu" ? 1e-15 * max(10, point * point) : 1e-14
        #expect(abs(slope / wanted - 1) < bound, "\(name) at \(point)")
      }
    }
  }

  /// By mpmath with 40 digits.
  @Test func geluKeepsItsDigits() {
    let points = [-30.0, -13, -8.5, -5, -1, 2],
      wanted = [
        -1.4720141781444561e-196, -7.9523137194148436e-38, -8.0576045988728206e-17, -1.4332578593959696e-6,
        -0.15865525393145705, 1.9544997361036416,
      ]
    for (value, wanted) in zip(Tensor(points).gelu().scalars(as: Double.self), wanted) {
      #expect(abs(value / wanted - 1) < 1e-15)
    }
    for (value, wanted) in zip(Tensor(points).cast(to: .float32).gelu().scalars(as: Float.self), wanted).dropFirst() {
      #expect(abs(Double(value) / wanted - 1) < 2e-7)
    }
  }
}
