import AviaryCore
import AviaryData

extension ONNXGraphBuilder {
  /// Adds a run's transforms, in order.
  ///
  /// Throws ``ExportError`` for a transform of another package.
  mutating func add(_ preprocessing: Preprocessing, _ input: Operand) throws -> Operand {
    var x = input
    for (index, transform) in preprocessing.transforms.enumerated() {
      let learned = index < preprocessing.learned.count ? preprocessing.learned[index] : [:]
      let name = try add(transform, learned, x)
      let (first, second) = (try transform(x.first, learned), try transform(x.second, learned))
      x = Operand(name: name, first: first.cast(to: input.dtype), second: second.cast(to: input.dtype))
    }
    return x
  }

  private mutating func add(_ transform: any Transform, _ learned: NamedTensors, _ x: Operand) throws -> String {
    let dtype = x.dtype
    func numbers(_ key: String) throws -> Tensor { try learned.tensor(named: key).cast(to: dtype) }
    switch transform {
    case let scale as ScaleTransform:
      var name = x.name
      for (operation, value, isNeeded) in [
        ("Mul", scale.factor, scale.factor != 1), ("Div", scale.divisor, scale.divisor != 1),
        ("Add", scale.offset, scale.offset != 0),
      ] where isNeeded {
        name = node(operation, [name, number(value, dtype)])
      }
      return name
    case is StandardizeTransform:
      let centered = node("Sub", [x.name, constant(try numbers("mean"))])
      return node("Div", [centered, constant(try numbers("deviation"))])
    case let range as NormalizeRangeTransform:
      var name = node("Sub", [x.name, constant(try numbers("least"))])
      name = node("Div", [name, constant(try numbers("extent"))])
      name = node("Mul", [name, number(range.high - range.low, dtype)])
      name = node("Add", [name, number(range.low, dtype)])
      guard range.clips else { return name }
      return node("Clip", [name, number(range.low, dtype), number(range.high, dtype)])
    case let log as LogTransform:
      return node("Log", [log.offset == 0 ? x.name : node("Add", [x.name, number(log.offset, dtype)])])
    case let difference as DifferenceTransform:
      let (lag, steps) = (difference.lag, x.shape[1])
      func slice(_ range: Range<Int>) -> String {
        node("Slice", [x.name, integers([range.lowerBound]), integers([range.upperBound]), integers([1])])
      }
      return node("Sub", [slice(lag..<steps), slice(0..<(steps - lag))])
    case is FlattenTransform, is ReshapeTransform:
      let shape = try transform(x.first, learned).shape
      return node("Reshape", [x.name, integers([-1] + shape.dropFirst())])
    default:
      throw ExportError(
        "the transform \(type(of: transform)) has no ONNX operators; export the model without preprocessing")
    }
  }
}
