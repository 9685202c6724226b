import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Parts listed row by row, in the recipe or in files, to reproduce another split.
///
/// A file is a text of integers separated by whitespace (`#` begins a comment), or an npy array of integers [rows].
/// Rows count from 0. Without a list of training rows, all rows in no other list are training rows.
public struct IndexSplit: Split, Registrable {
  public static let name = "indices"
  public static let card = Card(
    "Parts listed row by row, in the recipe or in files, to reproduce another split.")

  @Field("Training rows, counted from 0; by default all that are in no other list", .nonNegative) var train: [Int]?
  @Field("Validation rows", .nonNegative) var validation: [Int]?
  @Field("Test rows", .nonNegative) var test: [Int]?
  @Field("Text file of integers or npy file with the training rows", .nonEmpty) var trainFile: String?
  @Field("Text file of integers or npy file with the validation rows", .nonEmpty) var validationFile: String?
  @Field("Text file of integers or npy file with the test rows", .nonEmpty) var testFile: String?

  public init() {}

  /// Parts by rows; by default the training part is what the others leave.
  public init(train: [Int]? = nil, validation: [Int] = [], test: [Int] = []) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// Checks that each part is listed only once.
  public func validate() throws {
    for (part, rows, file) in [
      ("train", train, trainFile), ("validation", validation, validationFile), ("test", test, testFile),
    ] where rows != nil && file != nil {
      throw ConfigurationError(.invalid("set either \(part) or \(part)File"), at: [.key(part + "File")])
    }
  }

  /// Looks for files in the current folder.
  public func partition(_ set: DataSet, random: RandomSource) throws -> Partition {
    try partition(set, in: DataEnvironment(random: random))
  }

  /// Reads the lists and checks that no row is in two of them.
  public func partition(_ set: DataSet, in environment: DataEnvironment) throws -> Partition {
    var owner = [String?](repeating: nil, count: set.count)
    func rows(_ listed: [Int]?, _ file: String?, _ part: String) throws -> [Int]? {
      guard let (rows, source) = try listed.map({ ($0, set.name) }) ?? file.map({ try read($0, environment) }) else {
        return nil
      }
      for (place, row) in rows.enumerated() {
        guard row >= 0, row < set.count else {
          throw DataError(
            source, "\(part), entry \(place): expected a row from 0 to \(set.count - 1) of '\(set.name)', found \(row)")
        }
        if let other = owner[row] {
          throw DataError(source, "\(part), entry \(place): row \(row) is already in \(other)")
        }
        owner[row] = part
      }
      return rows
    }
    let testRows = try rows(test, testFile, "test") ?? []
    let validationRows = try rows(validation, validationFile, "validation") ?? []
    let trainRows = try rows(train, trainFile, "train") ?? owner.indices.filter { owner[$0] == nil }
    guard !trainRows.isEmpty else { throw DataError(set.name, "the lists leave no training rows") }
    return Partition(train: trainRows, validation: validationRows, test: testRows)
  }

  private func read(_ file: String, _ environment: DataEnvironment) throws -> (rows: [Int], source: String) {
    let (path, bytes) = try environment.read(file)
    return (try RowList.decode(bytes, source: path), path)
  }
}
