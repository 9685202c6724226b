import AviaryCore
import AviaryFormats
import AviaryRegistry

/// Which arrays of a file are inputs and targets.
struct NPZNames {
  /// The rows of one part.
  struct Part {
    /// What the set calls them: `train`, `validation`, `test`.
    var name: String
    var inputs: String
    var targets: String?
  }

  /// At least one part, the training rows first.
  private(set) var parts: [Part] = []
  /// What was not told by names, for the user.
  private(set) var notes: [String] = []

  private static let pairs = [
    ("x", "y"), ("inputs", "targets"), ("images", "labels"), ("features", "labels"), ("data", "target"),
  ]
  private static let inputWords = ["x", "inputs", "input", "images", "image", "features", "data"]
  private static let targetWords = [
    "y", "targets", "target", "labels", "label", "classes", "class",
  ]
  /// How names tell parts apart: `%` is the array, `*` the part.
  private static let patterns = ["%_*", "*_%", "%*", "*%"]
  private static let validationWords = ["val", "valid", "validation", "dev"]

  /// The configured names, completed by those that the file holds.
  init(_ configuration: NPZData.Configuration, in file: NPZFile) throws {
    let names = Names(file.names)
    if let inputs = configuration.inputs {
      let known = Self.pattern(of: inputs)
      // Whoever names the inputs alone may well have none.
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

  /// The well-known input word and the targets beside it; pairs first.
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

  /// The targets beside well-known inputs.
  private static func targets(of word: String, _ names: Names, _ pattern: String, _ part: String) -> String? {
    let first = pairs.filter { $0.0 == word }.map(\.1)
    return (first + targetWords).lazy.compactMap { names[name($0, pattern, part)] }.first
  }

  /// Arrays for validating and testing, named as those for training are.
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

  /// Configured parts take the place of those found.
  private mutating func setParts(_ configuration: NPZData.Configuration, _ path: String) throws {
    let configured = [
      ("validation", configuration.validationInputs, configuration.validationTargets),
      ("test", configuration.testInputs, configuration.testTargets),
    ]
    // Whoever names one of them has all of them in mind.
    if configured.contains(where: { $0.1 != nil }) { parts = [parts[0]] }
    for case (let part, let inputs?, let targets) in configured {
      if targets == nil, parts[0].targets != nil {
        throw DataError(path, "the targets of '\(inputs)' are not named; set \(part)Targets")
      }
      parts.append(Part(name: part, inputs: inputs, targets: targets))
    }
    guard parts[0].targets != nil else { return }
    for part in parts where part.targets == nil {
      notes.append("'\(part.inputs)' has no targets beside it and is left out")
    }
    parts.removeAll { $0.targets == nil }
  }

  /// Without well-known names: the inputs are an array of numbers of several axes, the targets one of a number or a text a row.
  private mutating func chooseByShape(_ targets: String?, in file: NPZFile) throws {
    let readable = file.names.compactMap { name in (try? file.item(named: name)).map { (name: name, item: $0) } }
    let candidates = readable.filter { $0.name != targets && $0.item.shape.rank > 0 }
    guard let first = candidates.first else {
      // An array that cannot be read says why.
      if let name = file.names.first(where: { $0 != targets }) { _ = try file.item(named: name) }
      let found =
        file.names.isEmpty ? "the archive holds no arrays, as numpy.savez writes them" : "its arrays: \(file.names)"
      throw DataError(file.path, "the file holds no array of inputs; \(found)")
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
    // Images and targets of several numbers: the one of more axes.
    if others.isEmpty, inputs.count == 2, inputs[0].item.shape.rank != inputs[1].item.shape.rank {
      inputs.sort { $0.item.shape.rank > $1.item.shape.rank }
      others = [inputs.removeLast()]
    } else if inputs.isEmpty, others.count == 2 {
      inputs = others.filter { Self.isFloatingPoint($0.item) }
      others = others.filter { !Self.isFloatingPoint($0.item) }
    }
    // numpy.savez numbers what it is not given names for, and everybody gives it inputs first.
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
        + "\(others[0].item.description), by their shapes; data.inputs and data.targets name others")
  }

  private static func isFloatingPoint(_ item: NPZFile.Item) -> Bool {
    if case .numbers(let dtype) = item.elements { dtype.isFloatingPoint } else { false }
  }

  private static func undecided(
    _ file: NPZFile, _ candidates: [(String, NPZFile.Item)], _ fields: String
  ) -> DataError {
    let arrays = candidates.map { "'\($0.0)' \($0.1.description)" }.listed(atMost: 20)
    return DataError(
      file.path, "neither names nor shapes tell which arrays are inputs and targets: \(arrays); name them in \(fields)")
  }

  /// Names of a file, found whatever the case of their letters where one alone is meant.
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
