import AviaryCore

/// The difference between a tensor and the expected one, in a sentence; nil if they agree.
///
/// ```swift
/// #expect(mismatch(found, expected, tolerance: 1e-12) == nil)
/// ```
///
/// Shapes and types agree exactly; integers, truth values, infinities and NaN too. Other elements may differ by
/// `tolerance` times the larger of their own magnitude and `scale`. By default, `scale` is the tensor's largest
/// element, but at least 1.
public func mismatch(
  _ found: Tensor, _ expected: Tensor, tolerance: Double = 1e-12, scale: Double? = nil
) -> String? {
  guard found.spec == expected.spec else { return "found \(found.spec), expected \(expected.spec)" }
  if !found.dtype.isFloatingPoint {
    let (left, right) = (found.scalars(as: Int64.self), expected.scalars(as: Int64.self))
    guard let place = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else { return nil }
    return "element \(place) of \(found.spec): found \(left[place]), expected \(right[place])"
  }
  let (left, right) = (found.scalars(as: Double.self), expected.scalars(as: Double.self))
  let size = scale ?? right.reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 }
  var (worst, place, count) = (0.0, -1, 0)
  for index in right.indices where left[index] != right[index] && !(left[index].isNaN && right[index].isNaN) {
    let error = abs(left[index] - right[index]) / max(abs(right[index]), size)
    if error <= tolerance { continue }
    count += 1
    if place < 0 || error > worst { (worst, place) = (error, index) }
  }
  guard count > 0 else { return nil }
  return "\(count) of \(right.count) elements of \(found.spec) differ, most at element \(place): "
    + "found \(left[place]), expected \(right[place]), relative error \(worst) above \(tolerance)"
}

/// The differences between two lists of tensors; empty if they agree. nil is not compared.
public func mismatches(
  _ found: [Tensor], _ expected: [Tensor?], _ what: String, tolerance: Double = 1e-12, scale: Double? = nil
) -> [String] {
  guard found.count == expected.count else { return ["\(what): found \(found.count), expected \(expected.count)"] }
  return zip(found, expected).enumerated().compactMap { index, pair in
    guard let wanted = pair.1 else { return nil }
    return mismatch(pair.0, wanted, tolerance: tolerance, scale: scale).map { "\(what) \(index): \($0)" }
  }
}

/// Whether two tensors have the same shape, type and bits.
public func sameBits(_ left: Tensor, _ right: Tensor) -> Bool {
  left.spec == right.spec && left.withBytes { a in right.withBytes { b in a.elementsEqual(b) } }
}
