import AviaryCore
import AviaryRegistry

/// A constant. Wherever a schedule is allowed, a bare number means the same.
public struct ConstantSchedule: Schedule, Registrable {
  public static let name = "constant"
  public static let card = Card(
    "A constant; a bare number means the same.", formula: "v(t) = value")

  @Field("Constant value", example: 0.01) var value: Double

  public init() {}

  public init(_ value: Double) { self.value = value }

  public func value(at progress: TrainingProgress) -> Double { value }
  public var range: ClosedRange<Double>? { value.range }
}
