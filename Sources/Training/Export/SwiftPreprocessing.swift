import AviaryCore
import AviaryData

/// A run's transforms as Swift code.
struct SwiftPreprocessing {
  /// The declarations of the fitted values.
  private(set) var properties = ""
  /// The statements that initialize them.
  private(set) var initialization = ""
  /// The statements that transform `x`.
  private(set) var statements = ""
  /// The declarations of their encoded numbers.
  private(set) var constants = ""

  /// Throws ``ExportError`` for a transform of another package.
  init(_ preprocessing: Preprocessing) throws {
    for (index, transform) in preprocessing.transforms.enumerated() {
      let learned = index < preprocessing.learned.count ? preprocessing.learned[index] : [:]
      try add(transform, learned, index)
    }
  }

  private mutating func add(_ transform: any Transform, _ learned: NamedTensors, _ index: Int) throws {
    func numbers(_ key: String) throws -> String {
      let (name, tensor) = ("\(key)\(index)", try learned.tensor(named: key).cast(to: .float64))
      properties += "  private let \(name): Tensor\n"
      initialization +=
        "    \(name) = Self.numbers(Self.\(name)Numbers, .float64).reshaped(to: \(SwiftExport.literal(tensor.shape)))\n"
      constants +=
        "\n  private static let \(name)Numbers = \"\"\"\n\(SwiftExport.base64(tensor))\n    \"\"\"\n"
      return "\(name).cast(to: x.dtype)"
    }
    switch transform {
    case let scale as ScaleTransform:
      if scale.factor != 1 { statements += "    x = x * \(scale.factor)\n" }
      if scale.divisor != 1 { statements += "    x = x / \(scale.divisor)\n" }
      if scale.offset != 0 { statements += "    x = x + \(scale.offset)\n" }
    case is StandardizeTransform:
      statements += "    x = (x - \(try numbers("mean"))) / \(try numbers("deviation"))\n"
    case let range as NormalizeRangeTransform:
      statements += "    x = (x - \(try numbers("least"))) / \(try numbers("extent"))\n"
      if range.low != 0 || range.high != 1 {
        statements += "    x = x * \(range.high - range.low) + \(range.low)\n"
      }
      if range.clips { statements += "    x = x.clamped(to: \(range.low)...\(range.high))\n" }
    case let log as LogTransform:
      statements += log.offset == 0 ? "    x = x.log()\n" : "    x = (x + \(log.offset)).log()\n"
    case let difference as DifferenceTransform:
      let lag = difference.lag
      statements +=
        "    x = x.slice(axis: 1, \(lag)..<x.shape[1]) - x.slice(axis: 1, 0..<(x.shape[1] - \(lag)))\n"
    case is FlattenTransform:
      statements += "    x = x.reshaped(to: [x.shape[0], x.shape.removing(axis: 0).elementCount])\n"
    case let reshape as ReshapeTransform:
      statements += "    x = x.reshaped(to: [x.shape[0]] + \(SwiftExport.literal(reshape.shape)))\n"
    default:
      throw ExportError(
        "the transform \(type(of: transform)) belongs to another package, so it cannot be exported to Swift")
    }
  }
}
