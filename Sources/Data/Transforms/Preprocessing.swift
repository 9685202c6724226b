import AviaryCore

/// Transforms in order, with what they learned: everything between a set's stored inputs and a model.
///
/// ```swift
/// let scaling = try Preprocessing([ScaleTransform(divisor: 255)], dtype: .float32, fittedTo: training.inputs)
/// training = try scaling(training)
/// test = try scaling(test)
/// let pixels = try scaling.inverse(test.inputs)          // as they were stored, in float32
/// ```
public struct Preprocessing: Sendable {
  /// The transforms, the first one applied first.
  public let transforms: [any Transform]
  /// The type of numbers that the model calculates with: float32 or float64.
  public let dtype: DType
  /// What each transform learned, for saving.
  public let learned: [NamedTensors]

  /// Learns from training inputs; each transform sees what the ones before it make of them.
  ///
  /// Throws what the transforms throw. Traps on another `dtype` than float32 and float64.
  public init(_ transforms: [any Transform], dtype: DType, fittedTo inputs: Tensor) throws {
    precondition(dtype.isDifferentiable, "inputs of \(dtype.name): float32 or float64 were expected")
    var learned: [NamedTensors] = []
    var x = inputs.cast(to: dtype)
    for (index, transform) in transforms.enumerated() {
      let found = try transform.fitted(to: x)
      learned.append(found)
      if index < transforms.count - 1 { x = try transform(x, found).cast(to: dtype) }
    }
    self.init(transforms, dtype: dtype, learned: learned)
  }

  /// With what was learned before; nothing for transforms beyond the end of `learned`.
  public init(_ transforms: [any Transform], dtype: DType, learned: [NamedTensors]) {
    precondition(dtype.isDifferentiable, "inputs of \(dtype.name): float32 or float64 were expected")
    self.transforms = transforms
    self.dtype = dtype
    self.learned = learned
  }

  /// Inputs for the model, of ``dtype``. Throws ``DataError`` where they do not fit or become infinite.
  public func callAsFunction(_ inputs: Tensor) throws -> Tensor {
    var result = inputs.cast(to: dtype)
    for (index, transform) in transforms.enumerated() {
      result = try transform(result, index < learned.count ? learned[index] : [:]).cast(to: dtype)
    }
    guard result.isFinite().all().item() != 0 else {
      throw DataError(
        "transforms", "the inputs are NaN or infinite after the transforms; check their factors and ranges")
    }
    return result
  }

  /// What the model's inputs [n, …] are in the units and the shape of stored ones, of ``dtype`` and not rounded to the
  /// stored type: each transform's inverse, the last one's first. nil where a transform has none.
  ///
  /// Throws ``DataError`` where the inputs do not fit what was learned.
  public func inverse(_ inputs: Tensor) throws -> Tensor? {
    var result = inputs.cast(to: dtype)
    for (index, transform) in transforms.enumerated().reversed() {
      guard let before = try transform.inverse(result, index < learned.count ? learned[index] : [:]) else { return nil }
      result = before.cast(to: dtype)
    }
    return result
  }

  /// The set with inputs for the model; targets that are values take ``dtype``, too.
  public func callAsFunction(_ set: DataSet) throws -> DataSet {
    var result = set
    result.inputs = try self(set.inputs)
    if let targets = set.targets, targets.dtype.isFloatingPoint { result.targets = targets.cast(to: dtype) }
    return result
  }
}
