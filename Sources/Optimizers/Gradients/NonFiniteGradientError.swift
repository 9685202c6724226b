import AviaryCore

/// A gradient with infinite or NaN elements. The parameters have not been changed.
public struct NonFiniteGradientError: Error, Hashable, CustomStringConvertible {
  /// The step of the gradient, counted from 0.
  public var step: Int
  /// The index of the first such element in the vector of trained parameters.
  public var element: Int
  /// The value of that element: NaN, ∞ or −∞.
  public var value: Double
  /// The number of such elements.
  public var count: Int
  /// The length of the gradient.
  public var elementCount: Int

  /// The error and possible remedies.
  public var description: String {
    "the gradient of step \(step) is not finite: \(count) of \(elementCount) elements, the first (\(value)) at \(element); "
      + "try a smaller learning rate or gradient clipping, and look for extreme values in the data"
  }

  /// Compares the descriptions, so that NaN equals NaN.
  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Tensor {
  /// Throws ``NonFiniteGradientError`` if an element is infinite or NaN.
  ///
  /// One pass over memory if all is well. The trainer calls it before every update. The message names the gradient's
  /// step.
  public func requireFinite(step: Int) throws(NonFiniteGradientError) {
    if euclideanNorm().isFinite { return }
    let scalars = scalars(as: Double.self)
    guard let element = scalars.firstIndex(where: { !$0.isFinite }) else { return }
    throw NonFiniteGradientError(
      step: step, element: element, value: scalars[element], count: scalars.count { !$0.isFinite },
      elementCount: scalars.count)
  }
}
