import AviaryCore
import AviaryRegistry

/// A value that is reduced when a measured value has stopped improving.
///
///     v = max(floor, initial · factorᵏ)
///
/// The number k of reductions increases after more than `patience` consecutive epochs without improvement, counted from
/// the last improvement, the last reduction, or the end of its cooldown. An improvement is a value below the best so
/// far times 1 − threshold (if larger is better, above the best times 1 + threshold). The rule and its defaults are
/// those of PyTorch's `ReduceLROnPlateau`.
///
/// Reductions take place between epochs; epochs in which the value was not measured do not count. Without measurements,
/// the schedule keeps its initial value.
public struct ReduceOnPlateauSchedule: Schedule, Registrable {
  public static let name = "reduce-on-plateau"
  public static let card = Card(
    "Reduces a value when a measured value has stopped improving.", formula: "v = max(floor, initial · factorᵏ)")

  @Field("Initial value", .positive, example: 0.1) var initial: Double
  @Field("Value to watch, named as in metrics.csv, such as validation.loss or test.accuracy", .nonEmpty)
  var monitor = "validation.loss"
  @Field("Factor of each reduction", .between(0, 1)) var factor = 0.1
  @Field("Number of consecutive epochs without improvement before a reduction", .nonNegative) var patience = 10
  @Field("Minimum relative change that counts as an improvement", .nonNegative) var threshold = 1e-4
  @Field("Number of epochs after a reduction that do not count", .nonNegative) var cooldown = 0
  @Field("Least value", .nonNegative) var floor = 0.0
  @Field("Whether larger is better; by default true except for losses, errors, energies and residuals")
  var maximize: Bool?

  public init() {}

  /// Throws `ConfigurationError` for numbers out of range.
  public init(
    initial: Double, monitor: String = "validation.loss", factor: Double = 0.1, patience: Int = 10,
    threshold: Double = 1e-4, cooldown: Int = 0, floor: Double = 0, maximize: Bool? = nil
  ) throws {
    self.initial = initial
    self.monitor = monitor
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.floor = floor
    self.maximize = maximize
    self = try checked()
  }

  public var monitors: [String] { [monitor] }

  /// The value after the completed epochs.
  public func value(at progress: TrainingProgress) -> Double {
    let isGreaterBetter = maximize ?? !["loss", "error", "energy"].contains(where: monitor.hasSuffix)
    var (best, waited, resting) = (Double?.none, 0, 0)
    var value = initial
    for values in progress.measured {
      guard let number = values[monitor] else { continue }
      let isBetter = best.map { best in
        isGreaterBetter ? number > best * (1 + threshold) : number < best * (1 - threshold)
      }
      if isBetter ?? !number.isNaN { (best, waited) = (number, 0) } else { waited += 1 }
      if resting > 0 { (resting, waited) = (resting - 1, 0) }
      guard waited > patience else { continue }
      (value, resting, waited) = (value * factor, cooldown, 0)
    }
    return max(floor, value)
  }

  /// From the floor to the initial value.
  public var range: ClosedRange<Double>? { floor...max(floor, initial) }
}
