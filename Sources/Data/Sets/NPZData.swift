import AviaryCore
import AviaryFormats
import AviaryRegistry

/// A file of NumPy arrays (`numpy.savez`): inputs and targets by name, optionally with test rows in arrays of their
/// own.
///
/// Unless names are given, well-known ones are looked for, regardless of case: `x`, `inputs`, `images`, `features` or
/// `data`, and `y`, `targets`, `labels` or `classes`, alone or as parts, such as `x_train` and `y_train` with `x_val`,
/// `y_val`, `x_test`, `y_test`, or `train_images` and so on. Otherwise the shapes decide: one array with several axes,
/// and one with one number or string per row. Other arrays in the file are ignored.
///
/// Inputs keep their stored type. Labels are numbered over all parts together, in the order of the distinct numbers or
/// strings. ``DataSet/notes`` states what was detected in the file.
public struct NPZData: DataSource, Registrable {
  struct Configuration: FieldGroup {
    @Field("npz file, also relative to the recipe's folder or AVIARY_DATA; --data FILE overrides it", .nonEmpty)
    var file: String?
    @Field("Name of the inputs; by default a well-known one, such as x, X, images or arr_0", .nonEmpty)
    var inputs: String?
    @Field("Name of the targets; by default the one matching the inputs", .nonEmpty) var targets: String?
    @Field("Name of the validation inputs; by default x_val beside x_train", .nonEmpty)
    var validationInputs: String?
    @Field("Name of the validation targets; by default y_val beside y_train", .nonEmpty) var validationTargets: String?
    @Field("Name of the test inputs; by default x_test beside x_train", .nonEmpty)
    var testInputs: String?
    @Field("Name of the test targets; by default y_test beside y_train", .nonEmpty) var testTargets: String?
    @Field(
      "Whether the targets are labels or values; automatic: as the loss needs, otherwise labels if they are integers"
    )
    var targetKind = TargetKind.automatic
    @Field("Adds a channel axis to images [n, height, width]") var addChannelAxis = false

    init() {}

    func validate() throws {
      for (part, inputs, targets) in [
        ("test", testInputs, testTargets), ("validation", validationInputs, validationTargets),
      ] where targets != nil && inputs == nil {
        throw ConfigurationError(
          .missing(expected: "the name of the inputs for \(part)Targets"), at: [.key("\(part)Inputs")])
      }
    }
  }

  public static let name = "npz"
  public static let card = Card(
    "A file of NumPy arrays from numpy.savez: inputs [n, …] and targets [n] or [n, …].",
    tags: ["file", "numpy"])

  var configuration = Configuration()

  public init() {}

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
      throw DataError("npz", "no file given; set data.file in the recipe, or use --data FILE")
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
    // Checks everything in the headers before reading an array.
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

  /// The targets of all parts together.
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
        "expected numbers, found text (\(ClassNumbering.list(texts, upTo: 3))); text means classes, which need a "
          + "classification loss")
    }
    return try reading.labels(ClassNumbering(texts), source: source, target: target, place: place)
  }

  /// Checks that a part has a target for each input, with inputs and targets like those of the first part.
  private func check(_ part: NPZNames.Part, in archive: NPZFile, beside first: NPZNames.Part) throws {
    let inputs = try archive.item(named: part.inputs)
    let source = "\(archive.path): array '\(part.inputs)'"
    guard case .numbers = inputs.elements else {
      throw DataError(source, "expected numeric inputs, found text; name the inputs with data.inputs")
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
          "\(archive.path): array '\(name)'", "expected one string per row, found strings of shape \(targets.shape)")
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
        + "\(second.item.description); save both in the same form")
  }

  private func images(_ stored: Tensor, _ source: String) throws -> Tensor {
    guard configuration.addChannelAxis else { return stored }
    guard stored.rank == 3 || stored.rank == 4 else {
      throw DataError(source, "expected images [n, height, width], found \(stored.spec)")
    }
    return stored.rank == 3 ? stored.expandingDimension(at: 3) : stored
  }
}
