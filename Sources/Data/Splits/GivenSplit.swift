import AviaryCore
import AviaryRegistry

/// The parts that the set's makers gave it, as benchmarks do; validation rows may be taken from the training part.
public struct GivenSplit: Split, Registrable {
  /// The split's configuration.
  public struct Configuration: ConfigurationFields {
    /// The validation part's share of the training part.
    public var validation = 0.0
    /// The validation part's rows, in place of a share.
    public var validationCount: Int?
    /// Draws the validation rows.
    public var shuffled = false

    /// The set's own parts.
    public init() {}
  }

  /// `"given"`.
  public static let name = "given"
  /// What is worth knowing.
  public static let card = Card(
    "The parts that the set's makers gave it, with validation rows taken from the training part on request.",
    fields: [
      "validation": "Share of the training part to decide on early stopping by, at least 0 and below 1.",
      "validationCount": "The same as a number of rows; not together with validation.",
      "shuffled": "Draws the validation rows at random instead of taking the last rows of the training part.",
    ])

  let validation: Double
  let validationCount: Int?
  let isShuffled: Bool

  /// Checks the configuration.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    validation = try Check.value(configuration.validation, in: 0..<1, "validation")
    validationCount = try configuration.validationCount.map { try Check.nonNegative($0, "validationCount") }
    isShuffled = configuration.shuffled
    if validation != 0, validationCount != nil {
      throw ConfigurationError(.invalid("give either validation or validationCount"), at: "validationCount")
    }
  }

  /// The set's own parts; the last `validationCount` rows of the training part are for validation.
  public init(validationCount: Int? = nil, file: StaticString = #fileID, line: UInt = #line) {
    require(validationCount ?? 0 >= 0, "a validation part of \(validationCount ?? 0) rows", file, line)
    validation = 0
    self.validationCount = validationCount
    isShuffled = false
  }

  /// Looks up the parts.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    guard let train = set.parts["train"], !train.isEmpty else {
      let known = set.parts.filter { !$0.value.isEmpty }.keys.sorted().map { "'\($0)'" }.listed()
      throw DataError(
        set.name,
        "expected a part 'train' that has rows, found \(known.isEmpty ? "no parts" : known); use the split 'stratified' or 'fractions'"
      )
    }
    let test = set.parts["test"].map(Array.init) ?? []
    let count = try validationRows(of: train.count, set.name)
    if count == 0 {
      return Partition(train: Array(train), validation: set.parts["validation"].map(Array.init) ?? [], test: test)
    }
    var rows = Array(train)
    if isShuffled {
      rows = random["split"].permutation(rows.count).scalars(as: Int.self).map { train[train.startIndex + $0] }
    }
    return Partition(train: Array(rows.dropLast(count)), validation: Array(rows.suffix(count)), test: test)
  }

  private func validationRows(of count: Int, _ name: String) throws -> Int {
    if let validationCount {
      guard validationCount < count else {
        throw DataError(
          name, "\(validationCount) validation rows leave nothing of the \(count) rows of the training part")
      }
      return validationCount
    }
    return try PartFractions(test: 0, validation: validation).counts(of: count, in: name).validation
  }
}
