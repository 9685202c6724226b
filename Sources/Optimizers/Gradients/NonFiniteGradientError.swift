import AviaryCore

/// A gradient with elements that are infinite or not a number. The parameters have not been touched yet.
public struct NonFiniteGradientError: Error, Hashable, CustomStringConvertible {
  /// The step that the gradient was for, counted from 0.
  public var step: Int
  /// The place of the first such element in the vector of trained parameters.
  public var element: Int
  /// What stands there: NaN, ∞ or −∞.
  public var value: Double
  /// How many such elements there are.
  public var count: Int
  /// How many elements there are in all.
  public var elementCount: Int

  /// What happened where, and what to do about it.
  public var description: String {
    "the gradient of step \(step) is not finite: \(count) of \(elementCount) elements, the first (\(value)) at \(element); "
      + "try a smaller learning rate or gradient clipping, and look for extreme values in the data"
  }

  /// Two errors are the same where they say the same: NaN equals NaN here.
  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }

  /// Hashes what the error says.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Tensor {
  /// Throws ``NonFiniteGradientError`` where an element is infinite or not a number.
  ///
  /// One pass over memory where all is well. The trainer calls it before every update. The message names the step that
  /// this is the gradient of.
  public func requireFinite(step: Int) throws(NonFiniteGradientError) {
    if euclideanNorm().isFinite { return }
    let scalars = scalars(as: Double.self)
    guard let element = scalars.firstIndex(where: { !$0.isFinite }) else { return }
    throw NonFiniteGradientError(
      step: step, element: element, value: scalars[element], count: scalars.count { !$0.isFinite },
      elementCount: scalars.count)
  }
}
