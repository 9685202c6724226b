import AviaryAutograd
import AviaryCore
import AviaryOptimizers
import AviaryRegistry

/// The path of an optimizer on a test function.
public struct Descent: Sendable {
  /// The points, starting point first.
  public private(set) var points: [[Double]]
  /// The values at the points, without noise.
  public private(set) var values: [Double]
  /// Whether it reached non-finite numbers and was stopped.
  public private(set) var hasDiverged = false

  /// Runs an optimizer in float64.
  ///
  /// - Parameters:
  ///   - function: the function to minimize.
  ///   - optimizer: the optimizer.
  ///   - start: the starting point; default: the function's.
  ///   - steps: the number of steps.
  ///   - seed: seed of the noise.
  /// - Throws: `ConfigurationError` if the optimizer needs what the function does not offer; what the optimizer throws.
  public init(
    down function: any TestFunction, by optimizer: any Optimizer, from start: [Double]? = nil, steps: Int,
    seed: UInt64 = 1
  ) throws {
    let begin = start ?? function.start
    var (x, state) = (Tensor(begin), OptimizerState())
    points = [begin]
    values = [try function.value(at: begin)]
    let hasResiduals = try function.residuals(Variable(x)) != nil
    guard hasResiduals || !optimizer.needs.contains(.gaussNewtonProducts) else {
      throw ConfigurationError(
        .invalid("it needs Gauss–Newton products, which only sums of squares have; choose 'newton'"))
    }
    let random = RandomSource(seed: seed)["noise"]
    for step in 0..<steps {
      let slope = random.at(step: step).normal([2], dtype: .float64) * function.noise
      let progress = TrainingProgress(step: step, stepsPerEpoch: 1, epochs: steps)
      try optimizer.update(
        &x, state: &state, from: Self.evaluation(of: function, plus: slope, at: x, hasResiduals, progress))
      let point = (optimizer.solution(state) ?? x).scalars(as: Double.self)
      let value = try function.value(at: point)
      guard value.isFinite, x.scalars(as: Double.self).allSatisfy(\.isFinite) else {
        hasDiverged = true
        return
      }
      points.append(point)
      values.append(value)
    }
  }

  /// The first step after which the value stays within the tolerance of the minimum; nil if there is none.
  public func steps(to least: Double, within tolerance: Double) -> Int? {
    guard !hasDiverged, let last = values.last, last <= least + tolerance else { return nil }
    return (values.lastIndex { $0 > least + tolerance } ?? -1) + 1
  }

  private static func evaluation(
    of function: any TestFunction, plus slope: Tensor, at x: Tensor, _ hasResiduals: Bool, _ progress: TrainingProgress
  ) throws -> Evaluation {
    func f(_ x: Variable) throws -> Variable { try function(x) + (x * Variable(slope)).sum() }
    func all(_ x: Tensor) throws -> (loss: Double, gradient: Tensor) {
      let (value, gradient) = try valueAndGradient(at: x, of: f)
      return (value.item(), gradient)
    }
    let (loss, gradient) = try all(x)
    return Evaluation(
      gradient: gradient, loss: loss, progress: progress, layout: [ParameterBlock("x", offset: 0, shape: [2])], at: all,
      hessianVectorProduct: { try AviaryAutograd.hessianVectorProduct(at: x, vector: $0, of: f) },
      gaussNewtonProduct: hasResiduals
        ? { vector in
          let slopes = try jacobian(at: x) { try function.residuals($0) ?? $0 }
          let products = slopes.transposed().matmul(slopes.matmul(vector.reshaped(to: [2, 1])))
          return products.flattened() * 2
        } : nil,
      diagonalCurvature: {
        let matrix = try hessian(at: x, of: f)
        return Tensor.stack([matrix[0, 0], matrix[1, 1]]).abs()
      })
  }
}
