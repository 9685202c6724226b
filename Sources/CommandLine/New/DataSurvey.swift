import Aviary

/// What a data file holds and what can be learned from it, found by reading it once or twice.
struct DataSurvey {
  enum Goal {
    /// Classification, with the number of classes.
    case classes(Int)
    /// Regression, with the targets' mean and standard deviation and the number of targets per row.
    case values(mean: Double, deviation: Double, count: Int)
    /// No targets.
    case nothing
  }

  /// The recipe's `data`.
  private(set) var specification: ConfigurationObject
  private(set) var set: DataSet
  let goal: Goal
  /// Whether the inputs are images [height, width, channels].
  let isImages: Bool

  /// Reads a file: NumPy arrays if its name ends in .npz, otherwise a table.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - target: the column or array to predict; nil for the reader's choice.
  ///   - registries: the registries with the readers.
  /// - Throws: what the readers throw.
  init(_ file: String, target: String?, in registries: Registries) throws {
    let isArchive = file.lowercased().hasSuffix(".npz")
    var object: ConfigurationObject = ["name": isArchive ? "npz" : "csv", "file": .string(file)]
    if let target {
      object[isArchive ? "targets" : "target"] =
        Int(target).map { isArchive ? .string(target) : .integer($0) } ?? .string(target)
    }
    func load(_ object: ConfigurationObject) throws -> DataSet {
      try registries.make(.dataSet, Specification(.object(object))).load(DataEnvironment())
    }
    func load(as kind: TargetKind) throws -> DataSet {
      object["targetKind"] = .string(kind.rawValue)
      return try load(object)
    }
    var set: DataSet
    do { set = try load(object) } catch {
      // Integers that cannot be labels may still be values.
      guard let values = try? load(as: .values) else { throw error }
      set = values
    }
    if target == nil, let likely = DataSurvey.likelyTarget(of: set) {
      (object["target"], object["targetKind"]) = (.string(likely), nil)
      set = try load(object)
    }
    if isArchive, set.inputShape.rank == 2, set.inputShape.allSatisfy({ $0 >= 4 }) {
      object["addChannelAxis"] = true
      set = try load(object)
    }
    if set.targets != nil {
      let wanted: TargetKind = DataSurvey.areClasses(set) ? .labels : .values
      set = try load(as: wanted)
    }
    self.set = set
    specification = object
    let shape = set.inputShape
    isImages = shape.rank == 3 && shape[2] <= 4 && min(shape[0], shape[1]) >= 4
    goal = DataSurvey.goal(of: set)
  }

  /// Whether targets are classes: strings, or a few integers that repeat.
  private static func areClasses(_ set: DataSet) -> Bool {
    guard let targets = set.targets, targets.elementCount == set.count else { return false }
    if set.labels != nil, let names = set.classNames, names.contains(where: { Double($0) == nil }) { return true }
    let numbers = targets.scalars(as: Double.self)
    guard numbers.allSatisfy({ $0 >= 0 && $0 == $0.rounded() && $0 < 1000 }) else { return false }
    let distinct = Set(numbers).count
    return distinct == 2 || distinct <= 20 && distinct * 3 <= numbers.count || distinct * 20 <= numbers.count
  }

  /// The feature column named like a target, if there is exactly one and the target is named otherwise.
  private static func likelyTarget(of set: DataSet) -> String? {
    let usual = ["target", "label", "labels", "class", "y"]
    guard let features = set.featureNames, !usual.contains(set.targetName?.lowercased() ?? "") else { return nil }
    let found = features.filter { usual.contains($0.lowercased()) }
    return found.count == 1 ? found[0] : nil
  }

  private static func goal(of set: DataSet) -> Goal {
    guard let targets = set.targets else { return .nothing }
    if let classes = set.classes { return .classes(classes) }
    let values = targets.cast(to: .float64)
    let mean = values.mean().item()
    let deviation = (values - mean).square().mean().sqrt().item()
    return .values(mean: mean, deviation: deviation, count: targets.elementCount / max(1, set.count))
  }

  /// The findings, for people.
  var lines: [String] {
    var inputs = isImages ? "images \(set.inputShape)" : "inputs \(set.inputShape)"
    if let names = set.featureNames {
      let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " … \(names.last ?? "")" : "")
      inputs = "\(names.count) input columns: \(shown)"
    }
    let target = set.targetName.map { " '\($0)'" } ?? ""
    var found = ["\(set.name): \(set.count) rows, \(inputs)"]
    switch goal {
    case .classes(let count):
      let sizes = DataSurvey.sizes(of: set, count)
      found.append("target\(target): \(count) classes, so this is classification: \(sizes)")
    case .values(let mean, _, let count):
      let range = set.targets.map { "\($0.min().item().fixed(2)) to \($0.max().item().fixed(2))" } ?? ""
      let many = count == 1 ? "numbers" : "\(count) numbers per row"
      found.append("target\(target): \(many) from \(range), mean \(mean.fixed(2)), so this is regression")
    case .nothing: found.append("no targets")
    }
    return found + set.notes.map { "note: \($0)" }
  }

  /// `setosa (50 rows), virginica (48)`, without empty classes.
  private static func sizes(of set: DataSet, _ classes: Int) -> String {
    var counts = [Int](repeating: 0, count: classes)
    for label in set.labels?.scalars(as: Int.self) ?? [] { counts[label] += 1 }
    let present = counts.indices.filter { counts[$0] > 0 }
    let shown = present.prefix(10).enumerated().map { place, label in
      "\(set.classNames?[label] ?? "\(label)") (\(counts[label])\(place == 0 ? " rows" : ""))"
    }
    return shown.joined(separator: ", ") + (present.count > 10 ? " …" : "")
  }
}
