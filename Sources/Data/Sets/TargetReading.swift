import AviaryCore

/// How to read the targets of a file: as the set's configuration says, otherwise as model and loss need, otherwise like
/// the set used in training.
struct TargetReading {
  /// What the targets are.
  var kind: TargetKind
  /// The known classes, whose numbers the labels use.
  var classNames: [String]?
  /// Whether labels are numbers of classes without names.
  var areNumbered = false
  /// Whether the set's own configuration specifies the kind.
  let isConfigured: Bool
  /// As in the environment.
  private let placesAreClasses: Bool

  init(_ configured: TargetKind, _ environment: DataEnvironment) {
    kind = configured
    isConfigured = configured != .automatic
    placesAreClasses = environment.placesAreClasses
    if kind == .automatic { kind = environment.schema?.targetKind ?? environment.targetKind }
    guard let schema = environment.schema, schema.targetKind == .labels else { return }
    classNames = schema.classNames
    areNumbered = schema.classNames == nil
  }

  /// Labels and class names of numbered classes. `target` names the target in messages: `target 'kind'`.
  ///
  /// Throws ``DataError`` if nearly every row has its own class, or a class is unknown.
  func labels(
    _ classes: ClassNumbering, source: String, target: String, place: (Int) -> String
  ) throws -> FoundTargets {
    if let classNames {
      let known = try classes.matched(
        to: classNames, placesAreClasses: placesAreClasses, source: source, place: place)
      let isGuess =
        classes.areNumbers && !Set(classes.names).isSubset(of: classNames)
        && classNames.allSatisfy { Double($0) == nil }
      return FoundTargets(
        known.tensor, names: known.names, note: isGuess ? Self.placesNote("\(target): its numbers", classNames) : nil)
    }
    guard !classes.hasTooMany else {
      throw DataError(
        source,
        "\(target): expected classes, found \(classes.names.count) distinct \(classes.areNumbers ? "numbers" : "strings") in "
          + "\(classes.labels.count) rows (\(ClassNumbering.list(classes.names, upTo: 3))); "
          + (classes.areNumbers
            ? "numbers to predict need a regression loss, such as mean-squared-error, or targetKind \"values\"; or set "
              + "data.target to another column" : "set data.target to another column"))
    }
    return FoundTargets(classes.tensor, names: classes.names)
  }

  /// A note that numbers or columns were read as indices of named classes.
  static func placesNote(_ what: String, _ names: [String]) -> String {
    let list = ClassNumbering.list(names.prefix(4).enumerated().map { "\($0.offset) for '\($0.element)'" }, upTo: 3)
    return "\(what) are read as indices of the training classes, \(list)"
  }

  /// Whether integers are classes if nothing else decides: few distinct ones in many rows.
  static func looksLikeClasses(_ classes: ClassNumbering) -> Bool {
    let (count, rows) = (classes.names.count, classes.labels.count)
    return count <= 20 || count * (areCounted(classes.names) ? 2 : 5) <= rows
  }

  /// Whether class names are 0, 1, 2, …, as of labels that are already numbers.
  static func areCounted(_ names: [String]?) -> Bool { names.map { $0 == $0.indices.map(String.init) } ?? false }

  /// How the targets were interpreted, for the user: `target 'kind': 3 classes (ant, bee, cow)`.
  static func note(_ target: String, _ targets: Tensor, _ names: [String]?) -> String {
    guard targets.elementCount > 0 else { return "\(target): none" }
    if let names { return "\(target): \(names.count) classes (\(ClassNumbering.list(names)))" }
    if targets.dtype == .int64 { return "\(target): labels up to \(Int(targets.max().item()))" }
    let each = targets.elementCount / max(targets.shape[0], 1)
    let (least, greatest) = (brief(targets.min().item()), brief(targets.max().item()))
    return "\(target): \(targets.shape[0]) \(each == 1 ? "values" : "rows of \(each) values")"
      + (least == greatest ? ", all of them \(least)" : " from \(least) to \(greatest)")
  }

  /// A number with at most six digits.
  private static func brief(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    guard value.isFinite, 1e-4...1e9 ~= value.magnitude else { return "\(value)" }
    var scale = 1.0
    while value.magnitude * scale < 99_999.5 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
