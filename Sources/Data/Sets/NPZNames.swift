import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Which arrays of a file are inputs and targets.
struct NPZNames {
  /// The arrays of one part.
  struct Part {
    /// The part's name: `train`, `validation`, `test`.
    var name: String
    var inputs: String
    var targets: String?
  }

  /// At least one part, training first.
  private(set) var parts: [Part] = []
  /// Notes for the user about choices that the names left open.
  private(set) var notes: [String] = []

  private static let pairs = [
    ("x", "y"), ("inputs", "targets"), ("images", "labels"), ("features", "labels"), ("data", "target"),
  ]
  private static let inputWords = ["x", "inputs", "input", "images", "image", "features", "data"]
  private static let targetWords = [
    "y", "targets", "target", "labels", "label", "classes", "class",
  ]
  /// How names distinguish parts: `%` is the array, `*` the part.
  private static let patterns = ["%_*", "*_%", "%*", "*%"]
  private static let validationWords = ["val", "valid", "validation", "dev"]

  /// The configured names, completed by those found in the file.
  init(_ configuration: NPZData.Configuration, in file: NPZFile) throws {
    let names = Names(file.names)
    if let inputs = configuration.inputs {
      let known = Self.pattern(of: inputs)
      // Naming only the inputs may mean that there are no targets.
      let targets = configuration.targets ?? known.flatMap { Self.targets(of: $0.word, names, $0.pattern, "train") }
      parts = [Part(name: "train", inputs: inputs, targets: targets)]
      if let known { addParts(known.word, known.pattern, names) }
    } else if let (word, targets, pattern) = Self.known(names, configuration.targets) {
      let inputs = names[Self.name(word, pattern, "train")] ?? word
      parts = [Part(name: "train", inputs: inputs, targets: targets)]
      addParts(word, pattern, names)
    } else {
      try chooseByShape(configuration.targets, in: file)
    }
    try setParts(configuration, file.path)
  }

  /// The well-known input word and its targets; pairs first.
  private static func known(
    _ names: Names, _ configured: String?
  ) -> (word: String, targets: String?, pattern: String)? {
    let others = inputWords.flatMap { word in targetWords.map { (word, $0) } }
    for pattern in patterns + ["%"] {
      for (word, target) in pairs + others where names[name(word, pattern, "train")] != nil {
        if let targets = configured ?? names[name(target, pattern, "train")] { return (word, targets, pattern) }
      }
    }
    return nil
  }

  private static func name(_ word: String, _ pattern: String, _ part: String) -> String {
    pattern.split(separator: "", omittingEmptySubsequences: true).map {
      $0 == "%" ? word : $0 == "*" ? part : String($0)
    }
    .joined()
  }

  /// The word and the pattern of a well-known name of training inputs.
  private static func pattern(of name: String) -> (word: String, pattern: String)? {
    for pattern in patterns + ["%"] {
      if let word = inputWords.first(where: { Self.name($0, pattern, "train") == name.lowercased() }) {
        return (word, pattern)
      }
    }
    return nil
  }

  /// The targets that go with well-known inputs.
  private static func targets(of word: String, _ names: Names, _ pattern: String, _ part: String) -> String? {
    let first = pairs.filter { $0.0 == word }.map(\.1)
    return (first + targetWords).lazy.compactMap { names[name($0, pattern, part)] }.first
  }

  /// Adds validation and test arrays named like the training arrays.
  private mutating func addParts(_ word: String, _ pattern: String, _ names: Names) {
    guard pattern.contains("*") else { return }
    for (part, words) in [("validation", Self.validationWords), ("test", ["test"])] {
      for partWord in words {
        guard let inputs = names[Self.name(word, pattern, partWord)] else { continue }
        let targets = parts[0].targets == nil ? nil : Self.targets(of: word, names, pattern, partWord)
        parts.append(Part(name: part, inputs: inputs, targets: targets))
        break
      }
    }
  }

  /// Replaces found parts by configured ones.
  private mutating func setParts(_ configuration: NPZData.Configuration, _ path: String) throws {
    let configured = [
      ("validation", configuration.validationInputs, configuration.validationTargets),
      ("test", configuration.testInputs, configuration.testTargets),
    ]
    // Naming one of them means naming all.
    if configured.contains(where: { $0.1 != nil }) { parts = [parts[0]] }
    for case (let part, let inputs?, let targets) in configured {
      if targets == nil, parts[0].targets != nil {
        throw DataError(path, "'\(inputs)' needs targets; set \(part)Targets")
      }
      parts.append(Part(name: part, inputs: inputs, targets: targets))
    }
    guard parts[0].targets != nil else { return }
    for part in parts where part.targets == nil {
      notes.append("'\(part.inputs)' has no targets and is ignored")
    }
    parts.removeAll { $0.targets == nil }
  }

  /// Without well-known names: the inputs are a numeric array with several axes, the targets an array with one number
  /// or string per row.
  private mutating func chooseByShape(_ targets: String?, in file: NPZFile) throws {
    let readable = file.names.compactMap { name in (try? file.item(named: name)).map { (name: name, item: $0) } }
    let candidates = readable.filter { $0.name != targets && $0.item.shape.rank > 0 }
    guard let first = candidates.first else {
      // An unreadable array explains itself.
      if let name = file.names.first(where: { $0 != targets }) { _ = try file.item(named: name) }
      let found =
        file.names.isEmpty ? "the archive has no arrays; write it with numpy.savez" : "its arrays: \(file.names)"
      throw DataError(file.path, "the file has no array of inputs; \(found)")
    }
    if let targets {
      guard candidates.count == 1 else {
        throw Self.undecided(file, candidates.map { ($0.name, $0.item) }, "data.inputs")
      }
      parts = [Part(name: "train", inputs: first.name, targets: targets)]
      return
    }
    guard file.names.count > 1 else {
      parts = [Part(name: "train", inputs: first.name, targets: nil)]
      return
    }
    func isWide(_ item: NPZFile.Item) -> Bool { item.shape.elementCount > item.shape[0] && item.elements != .texts }
    var inputs = candidates.filter { isWide($0.item) }
    var others = candidates.filter { !isWide($0.item) }
    // Images and targets with several numbers: the array with more axes.
    if others.isEmpty, inputs.count == 2, inputs[0].item.shape.rank != inputs[1].item.shape.rank {
      inputs.sort { $0.item.shape.rank > $1.item.shape.rank }
      others = [inputs.removeLast()]
    } else if inputs.isEmpty, others.count == 2 {
      inputs = others.filter { Self.isFloatingPoint($0.item) }
      others = others.filter { !Self.isFloatingPoint($0.item) }
    }
    // numpy.savez numbers unnamed arrays, and inputs usually come first.
    if inputs.count != 1, file.names == ["arr_0", "arr_1"], candidates.count == 2, !inputs.isEmpty || others.count == 2,
      first.item.elements != .texts
    {
      (inputs, others) = ([candidates[0]], [candidates[1]])
    }
    guard inputs.count == 1, others.count == 1 else {
      throw Self.undecided(file, candidates.map { ($0.name, $0.item) }, "data.inputs and data.targets")
    }
    parts = [Part(name: "train", inputs: inputs[0].name, targets: others[0].name)]
    notes.append(
      "inputs '\(inputs[0].name)' \(inputs[0].item.description) and targets '\(others[0].name)' "
        + "\(others[0].item.description), chosen by shape; use data.inputs and data.targets for others")
  }

  private static func isFloatingPoint(_ item: NPZFile.Item) -> Bool {
    if case .numbers(let dtype) = item.elements { dtype.isFloatingPoint } else { false }
  }

  private static func undecided(
    _ file: NPZFile, _ candidates: [(String, NPZFile.Item)], _ fields: String
  ) -> DataError {
    let arrays = candidates.map { "'\($0.0)' \($0.1.description)" }.listed(atMost: 20)
    return DataError(
      file.path, "cannot tell inputs and targets by name or shape: \(arrays); name them with \(fields)")
  }

  /// A file's names, matched regardless of case if that is unambiguous.
  private struct Names {
    private let exact: Set<String>
    private let lowercased: [String: [String]]

    init(_ names: [String]) {
      exact = Set(names)
      lowercased = Dictionary(grouping: names) { $0.lowercased() }
    }

    subscript(name: String) -> String? {
      if exact.contains(name) { return name }
      guard let found = lowercased[name], found.count == 1 else { return nil }
      return found[0]
    }
  }
}
