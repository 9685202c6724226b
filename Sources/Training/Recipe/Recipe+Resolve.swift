import AviaryCore
import AviaryData
import AviaryRegistry

/// A recipe with all names looked up and all values checked: everything a training needs.
public struct ResolvedRecipe: Sendable {
  public let name: String
  /// The folder of the recipe's file; see ``Recipe/folder``.
  public let folder: String?
  /// The recorded paths of the recipe's files; see ``Recipe/files``.
  public let files: [String: String]
  /// The seed of initial values, shuffling, dropout masks and computed data.
  public let seed: UInt64
  public let dtype: DType
  /// The data source.
  public let data: any DataSource
  /// How the data is split.
  public let split: any Split
  /// The transforms of the inputs.
  public let transforms: [any Transform]
  public let model: any ModelDefinition
  /// The initial parameters; nil for drawn ones.
  public let initial: InitialParameters?
  /// The stages of the training.
  public let stages: [Stage]
  /// The recipe with every default written out: the same training even if defaults change.
  public let document: ConfigurationValue

  /// How to interpret integer targets of a file, unless the data set's own configuration specifies it: as the model
  /// prefers, otherwise as the last objective with a preference does.
  public var targetKind: TargetKind {
    guard model.targetKind == .automatic else { return model.targetKind }
    return stages.reversed().compactMap(\.objective.targetKind).first { $0 != .automatic } ?? .automatic
  }

  /// Whether the last stage, which defines a run's scores, needs targets.
  var isMeasuredByTargets: Bool { model.targetKind != .automatic || stages.last?.objective.targetKind != nil }

  /// Whether the last training is supervised. A generative model then generates poor samples.
  public var endsSupervised: Bool { stages.last { $0.settings.epochs > 0 }?.objective.underlying is Supervised }
}

extension ResolvedRecipe {
  /// The document with the paths of the files that it names; see ``Recipe/files``.
  func document(naming files: [String: String]) -> ConfigurationValue {
    guard case .object(var document) = document, !files.isEmpty else { return document }
    var places: ConfigurationObject = [:]
    for (name, path) in files.sorted(by: { $0.key < $1.key }) { places[name] = .string(path) }
    document["files"] = .object(places)
    return .object(document)
  }
}

extension Recipe {
  /// Looks up all names and checks all values.
  ///
  /// Throws `ConfigurationError` with the file and the path of the error.
  public func resolved(in registries: Registries) throws -> ResolvedRecipe {
    try ConfigurationError.locating(in: source ?? name) {
      let (own, top, overlays) = try parts()
      let fields = try RecipeFields(own)
      func make<Product>(
        _ kind: Kind<Product>, _ specification: Specification, _ path: ConfigurationPath
      ) throws -> Product {
        try registries.make(kind, specification.standing(at: path))
      }
      let files = try ConfigurationError.locating(at: "files") {
        try (document["files"]?.objectValue ?? [:]).reduce(into: [String: String]()) { files, entry in
          files[entry.key] = try ConfigurationError.locating(at: [.key(entry.key)]) {
            try String(configurationValue: entry.value)
          }
        }
      }
      let model = try make(.model, fields.model, "model")
      let stages = try Recipe.plan(model.stages, top, overlays).map { plan in
        var stage = try plan.stage(in: registries)
        try stage.freeze(fields.initial?.frozen ?? [])
        return stage
      }
      // Stages that fit parameters themselves ignore these settings, so another stage must use them.
      for key in StageSettings.descentKeys
      where top[key] ?? .null != .null && stages.allSatisfy({ $0.optimizer == nil }) {
        let names = stages.map { "'\($0.settings.objective.name)'" }.joined(separator: ", ")
        throw ConfigurationError(
          .invalid("no stage uses an optimizer: \(names) fits the parameters itself; remove it"),
          at: [.key(key)])
      }
      return ResolvedRecipe(
        name: fields.name, folder: folder, files: files, seed: UInt64(fields.seed), dtype: fields.precision.dtype,
        data: try make(.dataSet, fields.data, "data"), split: try make(.split, fields.split, "split"),
        transforms: try fields.transforms.enumerated().map { index, transform in
          try make(.transform, transform, [.key("transforms"), .index(index)])
        }, model: model, initial: fields.initial, stages: stages,
        document: try Recipe.document(fields, stages, registries))
    }
  }

  /// Where the stages override a top-level setting of the recipe, if all of them do and it has no effect:
  /// `["stages.train.optimizer"]` for `"optimizer"`. Empty if a stage uses it, and for other keys.
  public func replacements(of key: String, in registries: Registries) throws -> [String] {
    try ConfigurationError.locating(in: source ?? name) {
      let (own, top, overlays) = try parts()
      guard let value = top[key], let model = own["model"] else { return [] }
      let proposals = try registries.make(.model, Specification(model, at: "model")).stages
      let plans = try Recipe.plan(proposals, top, overlays)
      guard plans.allSatisfy({ $0.replaces(key, value) }) else { return [] }
      return plans.map { "stages.\($0.name).\(key)" }
    }
  }

  /// Names become folders and table columns: letters, digits and hyphens.
  static func checkName(_ name: String, _ path: ConfigurationPath, alsoAllowed: String = "_") throws {
    let isFit = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || alsoAllowed.contains($0) }
    try Check.that(
      isFit && name.first.map { $0.isLetter || $0.isNumber } == true, path,
      "a name of letters, digits and hyphens", found: name)
  }

  /// The document's keys, sorted into the recipe's own, the settings for all stages, and those for single stages.
  private func parts() throws -> (own: ConfigurationObject, top: ConfigurationObject, overlays: ConfigurationValue) {
    guard case .object(let object) = document else {
      throw ConfigurationError(.unexpected(expected: "an object", found: document.summary))
    }
    var own: ConfigurationObject = [:]
    var top: ConfigurationObject = [:]
    for (key, value) in object where !["stages", "files"].contains(key) {
      if RecipeFields.keys.contains(key) {
        own[key] = value
      } else if StageSettings.keys.contains(key) {
        top[key] = value
      } else {
        let known = RecipeFields.keys + StageSettings.keys + ["files", "stages"]
        throw ConfigurationError(.unknownKey(known: known), at: ConfigurationPath([.key(key)]))
      }
    }
    return (own, top, object["stages"] ?? .object([:]))
  }

  private static func document(
    _ fields: RecipeFields, _ stages: [Stage], _ registries: Registries
  ) throws -> ConfigurationValue {
    func full<Product>(_ kind: Kind<Product>, _ specification: Specification) throws -> Specification {
      try registries.resolved(kind, specification)
    }
    var fields = fields
    fields.data = try full(.dataSet, fields.data)
    fields.split = try full(.split, fields.split)
    fields.transforms = try fields.transforms.map { try full(.transform, $0) }
    fields.model = try full(.model, fields.model)
    var document = try fields.configuration(isComplete: true)
    document["stages"] = .array(
      try stages.map { stage in
        var settings = stage.settings
        settings.objective = try full(.objective, settings.objective)
        settings.optimizer = try settings.optimizer.map { try full(.optimizer, $0) }
        settings.metrics = try settings.metrics?.map { try full(.metric, $0) }
        settings.clipping = try settings.clipping.map { try full(.clipping, $0) }
        settings.stopping = try settings.stopping.map { try full(.stoppingRule, $0) }
        var object: ConfigurationObject = ["name": .string(stage.name)]
        for (key, value) in try settings.configuration(isComplete: true) { object[key] = value }
        return .object(object)
      })
    return .object(document)
  }
}
