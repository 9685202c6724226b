import AviaryCore

extension TargetReading {
  /// Targets from a numeric array: int64 labels [n] with their names, or floating-point values [n, …], at least [n, 1].
  ///
  /// An array with one axis or of shape [n, 1] has labels if it has few distinct integers or `kind` says so. One-hot
  /// rows are also labels. Throws ``DataError`` naming the first row that is not a label.
  func targets(
    from stored: Tensor, source: String, target: String, place: (Int) -> String
  ) throws -> FoundTargets {
    let isColumn = stored.rank == 1 || (stored.rank == 2 && stored.shape[1] == 1)
    guard kind != .values else { return FoundTargets(Self.values(stored)) }
    if !isColumn {
      if let classes = try oneHot(stored, source) {
        var found = try labels(classes, source: source, target: target, place: place)
        if let classNames, !Self.areCounted(classNames) {
          found.note = Self.placesNote("\(target): its columns", classNames)
        }
        return found
      }
      // For a cross-entropy, rows may also be distributions over the classes, which the loss checks.
      guard kind == .labels, isConfigured || !Self.areShares(stored) else {
        return FoundTargets(Self.values(stored))
      }
      throw DataError(
        source,
        "expected labels [n] or one-hot rows, found targets of shape \(stored.shape); "
          + "numbers to predict need a regression loss or targetKind \"values\"")
    }
    let column = stored.rank == 1 ? stored : stored.reshaped(to: [stored.shape[0]] as Shape)
    if column.dtype == .bool {
      let classes = ClassNumbering(names: ["False", "True"], labels: column.scalars(as: Int.self))
      return try labels(classes, source: source, target: target, place: place)
    }
    if kind == .automatic, column.dtype.isFloatingPoint { return FoundTargets(Self.values(stored)) }
    if areNumbered { return FoundTargets(try Self.wholeNumbers(column, source, place)) }
    let classes = try Self.classes(column, source, place)
    if kind == .automatic, !Self.looksLikeClasses(classes) { return FoundTargets(Self.values(stored)) }
    return try labels(classes, source: source, target: target, place: place)
  }

  private static func values(_ stored: Tensor) -> Tensor {
    let values = stored.rank == 1 ? stored.expandingDimension(at: 1) : stored
    if values.dtype.isDifferentiable { return values }
    return values.cast(to: values.dtype.isFloatingPoint ? .float32 : .float64)
  }

  /// Whether all numbers are of floating point and from 0 to 1, as those of distributions are.
  private static func areShares(_ stored: Tensor) -> Bool {
    stored.dtype.isFloatingPoint && (stored.elementCount == 0 || (stored.min().item() >= 0 && stored.max().item() <= 1))
  }

  private static func classes(_ column: Tensor, _ source: String, _ place: (Int) -> String) throws -> ClassNumbering {
    if column.dtype == .uint64, let row = column.scalars(as: UInt64.self).firstIndex(where: { $0 > Int.max }) {
      throw DataError(source, "\(place(row)): expected a class, found a number beyond \(Int.max)")
    }
    guard column.dtype.isFloatingPoint else { return ClassNumbering(column.scalars(as: Int.self)) }
    let numbers = column.scalars(as: Double.self)
    if let row = numbers.firstIndex(where: { !$0.isFinite }) {
      throw DataError(source, "\(place(row)): expected a class, found \(numbers[row]); remove the row or replace it")
    }
    return ClassNumbering(numbers)
  }

  /// The positions of the ones, as numbers of the known classes if there are any; nil if a row is not one-hot. Throws
  /// if the number of positions differs from the number of known classes with names of their own.
  private func oneHot(_ stored: Tensor, _ source: String) throws -> ClassNumbering? {
    guard stored.rank == 2, stored.shape[1] > 1, stored.shape[0] > 0 else { return nil }
    let (rows, width) = (stored.shape[0], stored.shape[1])
    let numbers = stored.scalars(as: Float.self)
    guard numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else { return nil }
    var labels: [Int] = []
    labels.reserveCapacity(rows)
    for row in 0..<rows {
      let places = (0..<width).filter { numbers[row * width + $0] != 0 }
      guard places.count == 1 else { return nil }
      labels.append(places[0])
    }
    // A position is an index: of classes named 1, 2, 3 the first has index 0.
    guard let classNames, !Self.areCounted(classNames) else {
      return ClassNumbering(names: (0..<width).map(String.init), labels: labels)
    }
    guard classNames.count == width else {
      throw DataError(
        source,
        "expected rows of \(classNames.count) numbers, one per class of the training "
          + "(\(ClassNumbering.list(classNames))), found rows of \(width)")
    }
    return ClassNumbering(names: classNames, labels: labels)
  }

  /// Numeric labels of classes without names.
  static func wholeNumbers(_ column: Tensor, _ source: String, _ place: (Int) -> String) throws -> Tensor {
    let numbers = column.scalars(as: Double.self)
    // Beyond 2⁵³ not every integer is a Double; nobody has that many classes.
    if let row = numbers.firstIndex(where: { !($0 >= 0 && $0 == $0.rounded() && $0 <= 0x1p53) }) {
      throw DataError(source, "\(place(row)): expected a label (a whole number, at least 0), found \(numbers[row])")
    }
    return column.cast(to: .int64)
  }
}
