import AviaryCore
import AviaryData
import AviaryRegistry

/// A recipe whose names are looked up and whose values are checked: everything a training needs.
public struct ResolvedRecipe: Sendable {
  /// The recipe's name.
  public let name: String
  /// The folder of the file it was read from, as ``Recipe/folder``.
  public let folder: String?
  /// Where the files were found that the recipe names, as ``Recipe/files``.
  public let files: [String: String]
  /// Of the initial values, the shuffles, the dropout masks, and drawn data.
  public let seed: UInt64
  /// float32 or float64.
  public let dtype: DType
  /// Where the data come from.
  public let data: any DataSource
  /// How they are parted.
  public let split: any Split
  /// How inputs are changed.
  public let transforms: [any Transform]
  /// What is trained.
  public let model: any ModelDefinition
  /// What it begins with; nil for drawn numbers.
  public let initial: InitialParameters?
  /// How it is trained.
  public let stages: [Stage]
  /// The recipe with every default written out: the same training, whatever defaults become.
  public let document: ConfigurationValue

  /// What whole-number targets of a file are taken for, unless the data set's own configuration says: what the model
  /// takes them for, else the last stage's objective that is not indifferent.
  public var targetKind: TargetKind {
    guard model.targetKind == .automatic else { return model.targetKind }
    return stages.reversed().compactMap(\.objective.targetKind).first { $0 != .automatic } ?? .automatic
  }

  /// Whether the last stage, by which a run is measured, needs targets.
  var isMeasuredByTargets: Bool { model.targetKind != .automatic || stages.last?.objective.targetKind != nil }

  /// Whether targets train the model last, after which one that draws examples of its own draws bad ones.
  public var endsSupervised: Bool { stages.last { $0.settings.epochs > 0 }?.objective is Supervised }
}

extension ResolvedRecipe {
  /// The document with the places of the files that it names, as ``Recipe/files``.
  func document(naming files: [String: String]) -> ConfigurationValue {
    guard case .object(var document) = document, !files.isEmpty else { return document }
    var places: ConfigurationObject = [:]
    for (name, path) in files.sorted(by: { $0.key < $1.key }) { places[name] = .string(path) }
    document["files"] = .object(places)
    return .object(document)
  }
}

extension Recipe {
  /// Looks up the names and checks the values.
  ///
  /// Throws `ConfigurationError` with the file and the path of what is wrong.
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
      // Stages that find their parameters themselves pass over these: one of the others has to follow them.
      for key in StageSettings.descentKeys
      where top[key] ?? .null != .null && stages.allSatisfy({ $0.optimizer == nil }) {
        let names = stages.map { "'\($0.settings.objective.name)'" }.joined(separator: ", ")
        throw ConfigurationError(
          .invalid("no stage trains by an optimizer: \(names) finds the parameters itself; leave it out"),
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

  /// Where stages have other values in place of one at the recipe's top level, if all of them have, so that it changes
  /// nothing: `["stages.train.optimizer"]` for `"optimizer"`. Empty where a stage follows it, and for keys of other kinds.
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

  /// Names become folders and columns of tables: letters, digits and hyphens.
  static func checkName(_ name: String, _ path: ConfigurationPath, alsoAllowed: String = "_") throws {
    let isFit = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || alsoAllowed.contains($0) }
    try Check.that(
      isFit && name.first.map { $0.isLetter || $0.isNumber } == true, path,
      "a name of letters, digits and hyphens", found: name)
  }

  /// The document's keys, sorted out: the recipe's own, the stage settings for all, and those of single stages.
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

  /// The resolved recipe as a document, with every default written out.
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
