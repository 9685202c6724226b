import AviaryCore
import AviaryFormats
import AviaryRegistry

/// A file of NumPy arrays (`numpy.savez`): inputs and targets by name, perhaps with test rows in arrays of their own.
///
/// Where no names are given, well-known ones are looked for, whatever the case of their letters: `x`, `inputs`, `images`,
/// `features` or `data`, and `y`, `targets`, `labels` or `classes`, by themselves or as parts, `x_train` and `y_train` beside
/// `x_val`, `y_val`, `x_test`, `y_test`, or `train_images` and so on. Else the shapes decide: one array of several axes and one
/// of a number or text a row. Other arrays of the file are not read.
///
/// Inputs keep the type they are stored in. Labels are numbered over all parts together, in the order of the different numbers
/// or texts. What was found out about the file is told in ``DataSet/notes``.
public struct NPZData: DataSource, Registrable {
  struct Configuration: FieldGroup {
    @Field("npz file, also relative to the recipe's folder or AVIARY_DATA; --data FILE takes its place", .nonEmpty)
    var file: String?
    @Field("Name of the inputs; by default found by well-known names, such as x, X, images or arr_0", .nonEmpty)
    var inputs: String?
    @Field("Name of the targets; by default found beside the inputs", .nonEmpty) var targets: String?
    @Field("Name of further inputs that become the part validation; by default x_val beside x_train", .nonEmpty)
    var validationInputs: String?
    @Field("Name of their targets; by default y_val beside y_train", .nonEmpty) var validationTargets: String?
    @Field("Name of further inputs that become the part test; by default x_test beside x_train", .nonEmpty)
    var testInputs: String?
    @Field("Name of their targets; by default y_test beside y_train", .nonEmpty) var testTargets: String?
    @Field(
      "Whether the targets are labels or values; automatic: as the loss wants them, else labels where they are whole numbers"
    )
    var targetKind = TargetKind.automatic
    @Field("Gives images [n, height, width] a last axis of one channel") var addChannelAxis = false

    init() {}

    func validate() throws {
      for (part, inputs, targets) in [
        ("test", testInputs, testTargets), ("validation", validationInputs, validationTargets),
      ] where targets != nil && inputs == nil {
        throw ConfigurationError(
          .missing(expected: "the name of the inputs that \(part)Targets belong to"), at: [.key("\(part)Inputs")])
      }
    }
  }

  public static let name = "npz"
  public static let card = Card(
    "A file of NumPy arrays, as numpy.savez writes them: inputs [n, …] and targets [n] or [n, …].",
    tags: ["file", "numpy"])

  var configuration = Configuration()

  public init() {}

  /// The set in a file.
  public init(
    _ file: String, inputs: String? = nil, targets targetName: String? = nil, addingChannelAxis: Bool = false,
    targetKind: TargetKind = .automatic
  ) {
    configuration.file = file
    configuration.inputs = inputs
    configuration.targets = targetName
    configuration.addChannelAxis = addingChannelAxis
    configuration.targetKind = targetKind
  }

  /// Reads the file.
  public func load(_ environment: DataEnvironment) throws -> DataSet {
    guard let file = environment.file ?? configuration.file else {
      throw DataError("npz", "no file is named; set data.file in the recipe, or give --data FILE")
    }
    return try DataError.wrapping {
      let (_, archive) = try environment.found(file) { path in
        let beginning = try FileBytes.beginning(of: path, count: 4096)
        if let error = DataError.noArchive(path, beginning, isMeasured: environment.schema != nil) { throw error }
        return try NPZFile(path)
      }
      let names = try NPZNames(configuration, in: archive)
      return try set(from: archive, names, TargetReading(configuration.targetKind, environment)).validated()
    }
  }

  private func set(from archive: NPZFile, _ names: NPZNames, _ reading: TargetReading) throws -> DataSet {
    let path = archive.path
    // Everything that headers tell is checked before an array is read.
    for part in names.parts { try check(part, in: archive, beside: names.parts[0]) }
    let inputs = try names.parts.map { try images(archive.tensor(named: $0.inputs), "\(path): array '\($0.inputs)'") }
    var (parts, start) = ([String: Range<Int>](), 0)
    for (part, tensor) in zip(names.parts, inputs) {
      parts[part.name] = start..<start + tensor.shape[0]
      start += tensor.shape[0]
    }
    var set = DataSet(
      name: path.split(separator: "/").last.map(String.init) ?? path,
      inputs: inputs.count == 1 ? inputs[0] : Tensor.concatenate(inputs), parts: inputs.count == 1 ? [:] : parts)
    set.notes = names.notes
    let arrays = names.parts.compactMap(\.targets)
    if !arrays.isEmpty {
      let found = try targets(arrays, in: archive, reading)
      (set.targets, set.classNames) = (found.targets, found.names)
      set.classesAreCounted = TargetReading.areCounted(found.names)
      set.notes.append(TargetReading.note("targets '\(arrays[0])'", found.targets, found.names))
      set.notes += [found.note].compactMap { $0 }
    }
    return set
  }

  /// Targets of all parts together.
  private func targets(
    _ names: [String], in archive: NPZFile, _ reading: TargetReading
  ) throws -> FoundTargets {
    let source = "\(archive.path): array '\(names[0])'"
    let target = "targets '\(names[0])'"
    let place = { (row: Int) in "target of row \(row)" }
    guard try archive.item(named: names[0]).elements == .texts else {
      let stored = try names.map { try archive.tensor(named: $0) }
      return try reading.targets(
        from: stored.count == 1 ? stored[0] : Tensor.concatenate(stored), source: source, target: target, place: place)
    }
    let texts = try names.flatMap { try archive.texts(named: $0) }
    guard reading.kind != .values else {
      throw DataError(
        source,
        "expected numbers, found texts (\(ClassNumbering.list(texts, upTo: 3))); texts are classes, which need a "
          + "loss of classes")
    }
    return try reading.labels(ClassNumbering(texts), source: source, target: target, place: place)
  }

  /// Whether a part has a target for each input, and inputs and targets such as the first part's.
  private func check(_ part: NPZNames.Part, in archive: NPZFile, beside first: NPZNames.Part) throws {
    let inputs = try archive.item(named: part.inputs)
    let source = "\(archive.path): array '\(part.inputs)'"
    guard case .numbers = inputs.elements else {
      throw DataError(source, "expected inputs that are numbers, found texts; name the inputs by data.inputs")
    }
    guard inputs.shape.rank > 0 else {
      throw DataError(source, "expected inputs [n, …], found the scalar \(inputs.description)")
    }
    let targets = try part.targets.map { try archive.item(named: $0) }
    if let targets, let name = part.targets {
      guard targets.shape.rank > 0, targets.shape[0] == inputs.shape[0] else {
        throw DataError(
          "\(archive.path): array '\(name)'",
          "expected a target for each of the \(inputs.shape[0]) rows of '\(part.inputs)', found \(targets.description)")
      }
      if targets.elements == .texts, targets.shape.elementCount != targets.shape[0] {
        throw DataError(
          "\(archive.path): array '\(name)'", "expected a text a row, found texts of the shape \(targets.shape)")
      }
    }
    let (others, otherTargets) = (
      try archive.item(named: first.inputs), try first.targets.map { try archive.item(named: $0) }
    )
    guard inputs.fits(others) else {
      throw Self.difference(archive.path, (first.inputs, others), (part.inputs, inputs))
    }
    guard let targets, let otherTargets, !targets.fits(otherTargets) else { return }
    throw Self.difference(archive.path, (first.targets ?? "", otherTargets), (part.targets ?? "", targets))
  }

  private static func difference(
    _ path: String, _ first: (name: String, item: NPZFile.Item), _ second: (name: String, item: NPZFile.Item)
  ) -> DataError {
    DataError(
      path,
      "'\(first.name)' and '\(second.name)' differ in shape or type: \(first.item.description) and "
        + "\(second.item.description); save both alike")
  }

  private func images(_ stored: Tensor, _ source: String) throws -> Tensor {
    guard configuration.addChannelAxis else { return stored }
    guard stored.rank == 3 || stored.rank == 4 else {
      throw DataError(source, "expected images [n, height, width], found \(stored.spec)")
    }
    return stored.rank == 3 ? stored.expandingDimension(at: 3) : stored
  }
}
