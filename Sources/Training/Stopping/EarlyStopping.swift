import AviaryRegistry

/// Stops when a value has not improved for some epochs, and restores the best epoch's parameters.
///
/// To use it in your own loop, keep a list of ``EpochRecord``, append one per epoch, and ask ``decide(_:)``. The
/// trainer restores the best parameters at the end of the stage, whether it stopped early or not.
public struct EarlyStopping: StoppingRule, Registrable {
  public static let name = "early-stopping"
  public static let card = Card(
    "Stops when a value has not improved for some epochs, and restores the best epoch's parameters.",
    references: ["Prechelt: Early stopping – but when? (1998)"])

  @Field("Value to watch, named as in metrics.csv, such as test.accuracy", .nonEmpty)
  var monitor = "validation.loss"
  @Field("Number of consecutive measured epochs without improvement that end the stage", .positive) var patience = 5
  @Field("Minimum change that counts as an improvement", .nonNegative) var minimumChange = 0.0
  @Field("Whether larger is better; by default true except for losses, errors, energies and residuals")
  var maximize: Bool?
  @Field("Whether to restore the best epoch's parameters at the end") public private(set) var restoresBest = true

  public init() {}

  /// Early stopping.
  ///
  /// - Parameters:
  ///   - monitor: the value to watch.
  ///   - patience: the number of consecutive measured epochs without improvement that end the training.
  ///   - minimumChange: the minimum change that counts as an improvement.
  ///   - maximize: whether larger is better; if nil, the name decides.
  ///   - restoresBest: whether to restore the best epoch's parameters.
  /// - Throws: `ConfigurationError` for values out of range.
  public init(
    _ monitor: String, patience: Int = 5, minimumChange: Double = 0, maximize: Bool? = nil, restoresBest: Bool = true
  ) throws {
    self.monitor = monitor
    self.patience = patience
    self.minimumChange = minimumChange
    self.maximize = maximize
    self.restoresBest = restoresBest
    self = try checked()
  }

  public var monitors: [String] { [monitor] }

  /// An epoch is the best if the value beats all earlier ones by the minimum change. Stops after `patience` consecutive
  /// measured epochs that did not. Epochs without the value change nothing, and NaN never improves.
  ///
  /// Throws ``TrainingError`` if the value has not been measured although rows other than the training rows have been,
  /// or it is a value of the training rows.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var watched = Monitor(monitor, maximize: maximize)
    var (best, hasBest, waited) = (Double.infinity, false, 0)
    return { record in
      guard let value = try watched.value(of: record) else { return StoppingDecision(isBest: false, stops: false) }
      let isBest = value < best - minimumChange || (!hasBest && !value.isNaN)
      if isBest { (best, hasBest, waited) = (value, true, 0) } else { waited += 1 }
      return StoppingDecision(isBest: isBest, stops: waited >= patience)
    }
  }
}
