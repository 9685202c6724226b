import AviaryCore

/// Fitted transforms in order: everything between a set's stored inputs and a model.
///
/// ```swift
/// let scaling = try Preprocessing([ScaleTransform(divisor: 255)], dtype: .float32, fittedTo: training.inputs)
/// training = try scaling(training)
/// test = try scaling(test)
/// let pixels = try scaling.inverse(test.inputs)          // as they were stored, in float32
/// ```
public struct Preprocessing: Sendable {
  /// The transforms, first one applied first.
  public let transforms: [any Transform]
  /// The model's floating-point type: float32 or float64.
  public let dtype: DType
  /// The fitted values of each transform, for saving.
  public let learned: [NamedTensors]

  /// Fits the transforms to training inputs; each one sees the output of those before it.
  ///
  /// Throws what the transforms throw. Traps unless `dtype` is float32 or float64.
  public init(
    _ transforms: [any Transform], dtype: DType, fittedTo inputs: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    require(dtype.isDifferentiable, "dtype must be float32 or float64, not \(dtype.name)", file, line)
    var learned: [NamedTensors] = []
    let precise = Self.precise(inputs.dtype, dtype)
    var x = inputs.cast(to: precise)
    for (index, transform) in transforms.enumerated() {
      let found = try transform.fitted(to: x)
      learned.append(found)
      if index < transforms.count - 1 { x = try transform(x, found).cast(to: precise) }
    }
    self.init(transforms, dtype: dtype, learned: learned)
  }

  /// Uses earlier fitted values; none for transforms beyond the end of `learned`.
  public init(
    _ transforms: [any Transform], dtype: DType, learned: [NamedTensors], file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(dtype.isDifferentiable, "dtype must be float32 or float64, not \(dtype.name)", file, line)
    self.transforms = transforms
    self.dtype = dtype
    self.learned = learned
  }

  /// Inputs for the model, of ``dtype``. Throws ``DataError`` if they do not fit or become infinite.
  ///
  /// The transforms compute in a type that represents all stored values, so that close time stamps stay distinct; the
  /// conversion to ``dtype`` comes last.
  public func callAsFunction(_ inputs: Tensor) throws -> Tensor {
    let precise = Self.precise(inputs.dtype, dtype)
    let result = try inPieces(inputs, precise) { piece in
      var result = piece.cast(to: precise)
      for (index, transform) in transforms.enumerated() {
        result = try transform(result, index < learned.count ? learned[index] : [:]).cast(to: precise)
      }
      return result
    }
    if result?.isFinite().all().item() == 0 { throw infinite(result, inputs) }
    return result ?? inputs
  }

  /// Converts the model's inputs [n, …] back to the units and shape of stored ones, of ``dtype`` and without rounding
  /// to the stored type: applies the transforms' inverses, last one first. nil if a transform has none.
  ///
  /// Throws ``DataError`` if the inputs do not fit the fitted values.
  public func inverse(_ inputs: Tensor) throws -> Tensor? {
    try inPieces(inputs, .float64) { piece in
      var result = piece.cast(to: .float64)
      for (index, transform) in transforms.enumerated().reversed() {
        guard let before = try transform.inverse(result, index < learned.count ? learned[index] : [:]) else {
          return nil
        }
        result = before.cast(to: .float64)
      }
      return result
    }
  }

  /// Converts values [n, steps, channels] that continue sequences of stored inputs, `history` [n, steps, channels], back to
  /// stored units, float64. nil if a transform has no inverse.
  ///
  /// Throws ``DataError`` if the values do not fit the fitted ones.
  func inverse(_ values: Tensor, after history: Tensor) throws -> Tensor? {
    func fitted(_ index: Int) -> NamedTensors { index < learned.count ? learned[index] : [:] }
    var past = [history.cast(to: .float64)]
    for (index, transform) in transforms.enumerated().dropLast() {
      past.append(try transform(past[index], fitted(index)).cast(to: .float64))
    }
    var result = values.cast(to: .float64)
    for (index, transform) in transforms.enumerated().reversed() {
      guard let before = try transform.inverse(result, after: past[index], fitted(index)) else { return nil }
      result = before.cast(to: .float64)
    }
    return result
  }

  /// The type for transforming stored values: the model's if it represents all of them, otherwise float64.
  private static func precise(_ stored: DType, _ dtype: DType) -> DType {
    switch stored {
    case .bool, .int8, .uint8, .int16, .uint16, .float16, .bfloat16, .float32: dtype
    case .int32, .uint32, .int64, .uint64, .float64: .float64
    }
  }

  /// The results of `body` for chunks of rows, in ``dtype``, to keep its temporary memory small. nil if it returns nil.
  private func inPieces(
    _ inputs: Tensor, _ precise: DType, _ body: (Tensor) throws -> Tensor?
  ) throws -> Tensor? {
    let count = inputs.rank > 0 ? inputs.shape[0] : 0
    let rows = Swift.max(1, (1 << 20) / Swift.max(1, inputs.elementCount / Swift.max(count, 1)))
    guard precise != dtype || !transforms.isEmpty, count > rows else { return try body(inputs)?.cast(to: dtype) }
    var result: Tensor?
    for start in stride(from: 0, to: count, by: rows) {
      guard let piece = try body(inputs[start..<Swift.min(start + rows, count)])?.cast(to: dtype) else { return nil }
      let shape = piece.shape.removing(axis: 0)
      var whole = result ?? Tensor(uninitialized: Shape([count] + shape.map { $0 }), dtype)
      result = nil
      whole.replace(from: start * shape.elementCount, with: piece)
      result = whole
    }
    return result
  }

  private func infinite(_ result: Tensor?, _ inputs: Tensor) -> DataError {
    let numbers = result?.scalars(as: Float.self) ?? []
    let place = numbers.firstIndex { !$0.isFinite } ?? 0
    let width = Swift.max(numbers.count / Swift.max(inputs.shape[0], 1), 1)
    let element = width == 1 ? "" : ", element \(place % width) of \(width)"
    let stored = numbers.count == inputs.elementCount ? inputs.contiguous().scalars(as: Double.self)[place] : nil
    return DataError(
      "transforms",
      "the inputs are NaN or infinite after the transforms, first in row \(place / width)\(element)"
        + (stored.map { ": \($0) becomes \(numbers[place]) in \(dtype.name)" } ?? "")
        + "; check the transforms' factors and ranges")
  }

  /// The set with inputs for the model; further inputs, and targets that are values, also become ``dtype``.
  ///
  /// In sequences of different lengths each valid step is transformed like a row. In windows over a time series, the
  /// values to forecast are transformed like the steps before them.
  public func callAsFunction(_ set: DataSet) throws -> DataSet {
    var result = set
    if let windows = set.forecast {
      (result.inputs, result.targets) = try windows.transformed(by: self)
      result.forecast?.preprocessing = self
    } else if let lengths = set.lengths {
      // Transforms see only the valid steps, concatenated; padding becomes zeros.
      let steps = StepRows(lengths: lengths, steps: set.inputs.shape[1])
      result.inputs = steps.sequences(of: try self(steps.rows(of: set.inputs)))
    } else {
      result.inputs = try self(set.inputs)
    }
    result.furtherInputs = set.furtherInputs.mapValues {
      FurtherInput($0.values.cast(to: dtype), lengths: $0.lengths, symbols: $0.symbols)
    }
    if let targets = result.targets, targets.dtype.isFloatingPoint { result.targets = targets.cast(to: dtype) }
    return result
  }
}
