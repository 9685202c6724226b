import AviaryCore

/// The error of derivatives against finite differences.
public struct GradientCheck: Sendable {
  /// For each point, the maximum of |derivative − difference| / max(1, |difference|).
  public let errors: [Double]
  /// The maximum over all points.
  public var worst: Double { errors.max() ?? 0 }
}

/// Compares the derivatives of a function with central differences (f(x + h) − f(x − h)) / 2h, element by element.
///
/// The function's result may have any shape: its elements are summed with fixed, distinct weights, so that errors
/// cannot cancel. Use float64 points: with the default h = 1e-6·max(1, |x|), correct derivatives agree to about 1e-8.
public func checkGradients(
  at points: [Tensor], step: Double = 1e-6, of function: ([Variable]) throws -> Variable
) throws -> GradientCheck {
  func weighted(_ result: Variable) -> Variable {
    let count = result.shape.elementCount
    let weights = (0..<count).map { (element: Int) -> Double in
      let spread = (element * 7919 + 13) % 101
      return 0.5 + Double(spread) / 101
    }
    return (result * Variable(Tensor(weights, shape: result.shape).cast(to: result.dtype))).sum()
  }
  let (_, gradients) = try valueAndGradients(at: points) { weighted(try function($0)) }
  var errors: [Double] = []
  for (index, point) in points.enumerated() {
    let exact = gradients[index].scalars(as: Double.self)
    let scalars = point.scalars(as: Double.self)
    var worst = 0.0
    for element in scalars.indices {
      let h = step * max(1, abs(scalars[element]))
      let values = try [h, -h].map { shift in
        var moved = scalars
        moved[element] += shift
        var inputs = points.map { Variable($0) }
        inputs[index] = Variable(Tensor(moved, shape: point.shape).cast(to: point.dtype))
        return weighted(try function(inputs)).value.item()
      }
      let difference = (values[0] - values[1]) / (2 * h)
      let error = abs(exact[element] - difference) / max(1, abs(difference))
      worst = error.isNaN ? .infinity : max(worst, error)
    }
    errors.append(worst)
  }
  return GradientCheck(errors: errors)
}
