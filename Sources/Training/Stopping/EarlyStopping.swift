import AviaryRegistry

/// Stops when a number has not improved for some epochs, and puts the best epoch's parameters back.
///
/// Usable by hand: keep a list of ``EpochRecord``, append one an epoch, and ask ``decide(_:)``. The best parameters are restored at the
/// stage's end whether it stopped early or ran to its last epoch.
public struct EarlyStopping: StoppingRule, Registrable {
  public static let name = "early-stopping"
  public static let card = Card(
    "Stops when a number has not improved for some epochs, and puts the best epoch's parameters back.",
    references: ["Prechelt: Early stopping – but when? (1998)"])

  @Field("Number to watch, named as in metrics.csv: validation.loss, test.accuracy", .nonEmpty)
  var monitor = "validation.loss"
  @Field("Number of measured epochs in a row without improvement that end the stage", .positive) var patience = 5
  @Field("Least change that counts as an improvement", .nonNegative) var minimumChange = 0.0
  @Field("True where greater is better; by default true of all but losses, errors and energies") var maximize: Bool?
  @Field("Puts the best epoch's parameters back at the stage's end") public private(set) var restoresBest = true

  public init() {}

  /// A rule for a loop of one's own.
  ///
  /// - Parameters:
  ///   - monitor: the number to watch.
  ///   - patience: so many measured epochs in a row without improvement end the training.
  ///   - minimumChange: by how much a number has to improve to count.
  ///   - maximize: true where greater is better; nil tells by the name.
  ///   - restoresBest: whether the best epoch's parameters are to be put back.
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

  /// The number to watch.
  public var monitors: [String] { [monitor] }

  /// Best where the number beats all before by the minimum change; stops after `patience` measured epochs in a row that
  /// did not. An epoch without the number changes nothing, and NaN never improves.
  ///
  /// Throws ``TrainingError`` where other rows than those trained on have been measured, or training rows are to be
  /// watched, and the number is not among what was found.
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
