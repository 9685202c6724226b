import AviaryCore
import AviaryRegistry

/// The same number always. Where a schedule may stand so may the bare number, which means the same.
public struct ConstantSchedule: Schedule, Registrable {
  public static let name = "constant"
  public static let card = Card(
    "The same number always; writing the bare number means the same.", formula: "v(t) = value")

  @Field("The number", example: 0.01) var value: Double

  public init() {}

  /// A schedule of one number.
  public init(_ value: Double) { self.value = value }

  public func value(at progress: TrainingProgress) -> Double { value }
  public var range: ClosedRange<Double>? { value.range }
}
