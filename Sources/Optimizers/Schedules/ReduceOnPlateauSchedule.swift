import AviaryCore
import AviaryRegistry

/// A value that falls when a number of `metrics.csv` has stopped getting better.
///
/// v = max(floor, initial · factorᵏ), k the number of times that the number has not improved for more than `patience` epochs
/// in a row since it last improved, v last fell, or the cooldown after that was over. It improves where it is below the
/// best so far times 1 − threshold (above it times 1 + threshold where greater is better). PyTorch's `ReduceLROnPlateau`, whose
/// defaults these are.
///
/// It falls between epochs, and epochs in which the number was not measured do not count. Outside of a training that
/// measures, it stays at its start.
public struct ReduceOnPlateauSchedule: Schedule, Registrable {
  public static let name = "reduce-on-plateau"
  public static let card = Card(
    "Falls when a measured number has stopped getting better.", formula: "v = max(floor, initial · factorᵏ)")

  @Field("Value at the start", .positive, example: 0.1) var initial: Double
  @Field("Number to watch, named as in metrics.csv: validation.loss, test.accuracy", .nonEmpty)
  var monitor = "validation.loss"
  @Field("What each fall multiplies by", .between(0, 1)) var factor = 0.1
  @Field("Epochs in a row without improvement that do not yet let it fall", .nonNegative) var patience = 10
  @Field("Share of the best number that counts as an improvement", .nonNegative) var threshold = 1e-4
  @Field("Epochs after a fall that do not count", .nonNegative) var cooldown = 0
  @Field("Least value", .nonNegative) var floor = 0.0
  @Field("True where greater is better; by default true of all but losses, errors and energies") var maximize: Bool?

  public init() {}

  /// A value that falls on plateaus. Throws `ConfigurationError` for numbers out of range.
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

  /// The number to watch.
  public var monitors: [String] { [monitor] }

  /// The value after the epochs that are done.
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

  /// From the floor to the value at the start.
  public var range: ClosedRange<Double>? { floor...max(floor, initial) }
}
