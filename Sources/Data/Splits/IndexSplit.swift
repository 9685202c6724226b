import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Parts listed row by row, in the recipe or in files: to repeat a split that somebody else made.
///
/// A file is a text with whole numbers between blanks and line breaks (`#` begins a comment), or an npy array of
/// integers [rows]. Rows count from 0. Without a list of training rows, all rows that are in no other list train.
public struct IndexSplit: Split, Registrable {
  /// The split's configuration.
  public struct Configuration: ConfigurationFields {
    /// Rows to learn from.
    public var train: [Int]?
    /// Rows to decide by.
    public var validation: [Int]?
    /// Rows to judge by.
    public var test: [Int]?
    /// A file of rows to learn from.
    public var trainFile: String?
    /// A file of rows to decide by.
    public var validationFile: String?
    /// A file of rows to judge by.
    public var testFile: String?

    /// Nothing listed: all rows train.
    public init() {}
  }

  /// `"indices"`.
  public static let name = "indices"
  /// What is worth knowing.
  public static let card = Card(
    "Parts listed row by row, in the recipe or in files: repeats a split that somebody else made.",
    fields: [
      "train": "Rows to learn from, counted from 0; all that are in no other list unless given.",
      "validation": "Rows to decide on early stopping by; none unless given.",
      "test": "Rows to judge by; none unless given.",
      "trainFile": "A text of whole numbers or an npy file that lists the rows of train.",
      "validationFile": "A text of whole numbers or an npy file that lists the rows of validation.",
      "testFile": "A text of whole numbers or an npy file that lists the rows of test.",
    ])

  /// Rows in order, or the file that lists them.
  private enum List: Sendable {
    case none
    case rows([Int])
    case file(String)
  }

  private let train: List
  private let validation: List
  private let test: List

  /// Checks the configuration; files are read when the set is parted.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    func list(_ rows: [Int]?, _ file: String?, _ field: String) throws -> List {
      let fileField = ConfigurationPath([.key(field + "File")])
      guard let rows else { return try file.map { .file(try Check.nonEmpty($0, fileField)) } ?? .none }
      if file != nil { throw ConfigurationError(.invalid("give either \(field) or \(field)File"), at: fileField) }
      if let negative = rows.first(where: { $0 < 0 }) {
        try Check.that(false, ConfigurationPath([.key(field)]), "rows counted from 0", found: negative)
      }
      return .rows(rows)
    }
    train = try list(configuration.train, configuration.trainFile, "train")
    validation = try list(configuration.validation, configuration.validationFile, "validation")
    test = try list(configuration.test, configuration.testFile, "test")
  }

  /// Parts by rows; the training part is what the others leave unless given.
  public init(train: [Int]? = nil, validation: [Int] = [], test: [Int] = []) {
    self.train = train.map { .rows($0) } ?? .none
    self.validation = .rows(validation)
    self.test = .rows(test)
  }

  /// Files are looked for from the current folder.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    try partition(set, in: DataEnvironment(random: random))
  }

  /// Reads the lists and checks that no row is in two of them.
  public func partition(_ set: DataSet, in environment: DataEnvironment) throws -> Partition {
    var owner = [String?](repeating: nil, count: set.count)
    func rows(_ list: List, _ part: String) throws -> [Int]? {
      guard let (rows, source) = try read(list, set.name, environment) else { return nil }
      for (place, row) in rows.enumerated() {
        guard row >= 0, row < set.count else {
          throw DataError(
            source, "\(part), entry \(place): expected a row from 0 to \(set.count - 1) of '\(set.name)', found \(row)")
        }
        if let other = owner[row] {
          throw DataError(source, "\(part), entry \(place): the row \(row) is in \(other) already")
        }
        owner[row] = part
      }
      return rows
    }
    let testRows = try rows(test, "test") ?? []
    let validationRows = try rows(validation, "validation") ?? []
    let trainRows = try rows(train, "train") ?? owner.indices.filter { owner[$0] == nil }
    guard !trainRows.isEmpty else { throw DataError(set.name, "the lists leave no rows to train with") }
    return Partition(train: trainRows, validation: validationRows, test: testRows)
  }

  private func read(
    _ list: List, _ name: String, _ environment: DataEnvironment
  ) throws -> (rows: [Int], source: String)? {
    switch list {
    case .none: return nil
    case .rows(let rows): return (rows, name)
    case .file(let file):
      let (path, bytes) = try environment.read(file)
      return (try RowList.decode(bytes, source: path), path)
    }
  }
}
