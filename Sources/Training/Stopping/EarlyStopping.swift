import AviaryRegistry

/// Stops when a number has not improved for some epochs, and puts the best epoch's parameters back.
///
/// Usable by hand: keep a list of ``EpochRecord``, append one an epoch, and ask ``decide(_:)``. The best parameters are restored at the
/// stage's end whether it stopped early or ran to its last epoch.
public struct EarlyStopping: StoppingRule, Registrable {
  /// The rule's configuration.
  public struct Configuration: ConfigurationFields {
    /// The number to watch, as in `metrics.csv`.
    public var monitor = "validation.loss"
    /// So many measured epochs in a row without improvement end the stage.
    public var patience = 5
    /// By how much a number has to improve to count.
    public var minimumChange = 0.0
    /// True where greater is better; null tells by the name: loss and error are better small.
    public var maximize: Bool?
    /// Puts the best epoch's parameters back at the end.
    public var restoresBest = true

    /// Five epochs of the validation loss.
    public init() {}
  }

  /// `"early-stopping"`.
  public static let name = "early-stopping"
  /// What is worth knowing.
  public static let card = Card(
    "Stops when a number has not improved for some epochs, and puts the best epoch's parameters back.",
    fields: [
      "monitor": "The number to watch, named as in metrics.csv: validation.loss, test.accuracy.",
      "patience": "So many measured epochs in a row without improvement end the stage, at least 1.",
      "minimumChange": "By how much a number has to improve to count, at least 0.",
      "maximize": "True where greater is better; by default true of all but losses, errors and energies.",
      "restoresBest": "Puts the best epoch's parameters back at the stage's end.",
    ],
    references: ["Prechelt: Early stopping – but when? (1998)"])

  let configuration: Configuration

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws { try self.init(configuration) }

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
    var configuration = Configuration()
    configuration.monitor = monitor
    configuration.patience = patience
    configuration.minimumChange = minimumChange
    configuration.maximize = maximize
    configuration.restoresBest = restoresBest
    try self.init(configuration)
  }

  private init(_ configuration: Configuration) throws {
    try Check.nonEmpty(configuration.monitor, "monitor")
    try Check.positive(configuration.patience, "patience")
    try Check.nonNegative(configuration.minimumChange, "minimumChange")
    self.configuration = configuration
  }

  /// Whether the parameters of the best epoch are put back.
  public var restoresBest: Bool { configuration.restoresBest }

  /// The number to watch.
  public var monitors: [String] { [configuration.monitor] }

  /// Best where the number beats all before by the minimum change; stops after `patience` measured epochs in a row that
  /// did not. An epoch without the number changes nothing, and NaN never improves.
  ///
  /// Throws ``TrainingError`` where other rows than those trained on have been measured, or training rows are to be
  /// watched, and the number is not among what was found.
  public func decisions(earlier: [EpochRecord]) -> (EpochRecord) throws -> StoppingDecision {
    var monitor = Monitor(configuration.monitor, maximize: configuration.maximize)
    var (best, hasBest, waited) = (Double.infinity, false, 0)
    return { record in
      guard let value = try monitor.value(of: record) else { return StoppingDecision(isBest: false, stops: false) }
      let isBest = value < best - configuration.minimumChange || (!hasBest && !value.isNaN)
      if isBest { (best, hasBest, waited) = (value, true, 0) } else { waited += 1 }
      return StoppingDecision(isBest: isBest, stops: waited >= configuration.patience)
    }
  }
}
