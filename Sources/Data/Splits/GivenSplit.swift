import AviaryCore
import AviaryRegistry

/// The set's predefined parts, as used by benchmarks; validation rows may be taken from the training part.
public struct GivenSplit: Split, Registrable {
  public static let name = "given"
  public static let card = Card(
    "The set's predefined parts, optionally with validation rows taken from the training part.")

  @Field("Fraction of the training part to use for validation", .in(0..<1)) var validation = 0.0
  @Field("Number of validation rows, instead of validation", .nonNegative) var validationCount: Int?
  @Field("Whether to draw the validation rows at random instead of taking the last ones") var shuffled =
    false

  public init() {}

  /// The set's own parts; the last `validationCount` rows of the training part become validation rows.
  public init(validationCount: Int? = nil, file: StaticString = #fileID, line: UInt = #line) {
    self.validationCount = validationCount
    self = required(file: file, line: line)
  }

  public func validate() throws {
    if validation != 0, validationCount != nil {
      throw ConfigurationError(.invalid("set either validation or validationCount"), at: "validationCount")
    }
  }

  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    guard let train = set.parts["train"], !train.isEmpty else {
      let known = set.parts.filter { !$0.value.isEmpty }.keys.sorted().map { "'\($0)'" }.listed()
      throw DataError(
        set.name,
        "expected a non-empty part 'train', found \(known.isEmpty ? "no parts" : known); use the split 'stratified' or 'fractions'"
      )
    }
    let test = set.parts["test"].map(Array.init) ?? []
    let count = try validationRows(of: train.count, set.name)
    if count == 0 {
      return Partition(train: Array(train), validation: set.parts["validation"].map(Array.init) ?? [], test: test)
    }
    var rows = Array(train)
    if shuffled {
      rows = random["split"].permutation(rows.count).scalars(as: Int.self).map { train[train.startIndex + $0] }
    }
    return Partition(train: Array(rows.dropLast(count)), validation: Array(rows.suffix(count)), test: test)
  }

  private func validationRows(of count: Int, _ name: String) throws -> Int {
    if let validationCount {
      guard validationCount < count else {
        throw DataError(
          name, "\(validationCount) validation rows use up the \(count) rows of the training part")
      }
      return validationCount
    }
    return try PartFractions(test: 0, validation: validation).counts(of: count, in: name).validation
  }
}
