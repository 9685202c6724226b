import Aviary

/// A recipe for your own data that trains well as it is: sizes and rates follow from the number of rows.
struct RecipeDraft {
  private let survey: DataSurvey
  private let name: String
  private let model: String?

  /// Drafts a recipe with this name, and with a model that fits the data unless one is given.
  init(_ survey: DataSurvey, name: String, model: String?) {
    self.survey = survey
    let words = name.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    self.name = words.isEmpty ? "own" : words.joined(separator: "-")
    self.model = model
  }

  private var rows: Int { survey.set.count }

  /// The model's name. For values, `mlp` means a network of dense layers.
  var modelName: String {
    switch survey.goal {
    case .classes: return model ?? (survey.isImages ? "cnn" : "mlp")
    case .values: return model == nil || model == "mlp" ? "network" : model ?? ""
    case .nothing: return model ?? "autoencoder"
    }
  }

  func document(_ surroundings: Surroundings) throws -> ConfigurationValue {
    var document: ConfigurationObject = [
      "version": 1, "name": .string(name), "summary": .string("\(modelName) on \(survey.set.name)."),
      "data": .object(survey.specification), "split": split(validation: nil),
      "transforms": transforms(unitRange: false),
    ]
    if let network = network(modelName) {
      document["model"] = .object(network)
      document["optimizer"] = ["name": "adamw", "learningRate": 0.003, "weightDecay": 0.1]
      if case .values = survey.goal {
        document["objective"] = ["name": "supervised", "loss": "mean-squared-error"]
        document["metrics"] = ["absolute-error"]
        // The last bias is the targets' mean, which must not decay.
        document["optimizer"] = ["name": "adam", "learningRate": 0.001]
      }
      (document["batchSize"], document["epochs"]) = (.integer(batchSize), .integer(epochs))
      return .object(document)
    }
    try adopt(surroundings, &document)
    return .object(document)
  }

  /// Takes the model and training settings from a recipe with the same model, preferably one for small data.
  private func adopt(_ surroundings: Surroundings, _ document: inout ConfigurationObject) throws {
    let examples = surroundings.recipes.filter { $0.modelName == modelName }
    let example =
      ["digits-", "fonts-", "two-class-"].lazy.compactMap { prefix in
        examples.first { $0.name.hasPrefix(prefix) }
      }.first ?? examples.first
    document["model"] = .string(modelName)
    for (key, value) in example?.document.objectValue ?? [:] where document[key] == nil || key == "model" {
      document[key] = value
    }
    let stopsEarly = example?.document["split"]?["validation"] ?? example?.document["split"]?["validationCount"]
    document["split"] = split(validation: stopsEarly.map { _ in 0.1 })
    if case .values = survey.goal, document["metrics"] == nil { document["metrics"] = ["absolute-error"] }
    let definition = try surroundings.registries.make(.model, Specification(document["model"] ?? .null))
    // Models that reconstruct their inputs treat them as probabilities.
    let gives = definition is any ReconstructingModel || definition is any GenerativeModel
    document["transforms"] = transforms(unitRange: gives)
  }

  /// A fifth of the rows for testing unless the file has its own test part, and a validation fraction if requested.
  private func split(validation: Double?) -> ConfigurationValue {
    if survey.set.parts["test"] != nil {
      let count = Double(survey.set.parts["train"]?.count ?? rows)
      return validation.map { ["name": "given", "validationCount": .integer(max(1, Int(count * $0)))] } ?? "given"
    }
    if rows < 10 { return "same" }
    var split: ConfigurationObject = ["name": "fractions", "test": 0.2]
    if case .classes = survey.goal { split["name"] = "stratified" }
    if let validation { split["validation"] = .number(validation) }
    return .object(split)
  }

  /// Scales pixels to [0, 1]; other features to mean 0 and standard deviation 1, or to [0, 1].
  private func transforms(unitRange: Bool) -> ConfigurationValue {
    let inputs = survey.set.inputs
    let (least, greatest) = (inputs.cast(to: .float64).min().item(), inputs.cast(to: .float64).max().item())
    if survey.isImages, least >= 0 {
      let divisor = greatest <= 1 ? 1 : greatest > 127 && greatest <= 255 ? 255 : greatest
      return divisor == 1 ? [] : [["name": "scale", "divisor": RecipeDraft.number(divisor)]]
    }
    return unitRange ? [["name": "normalize-range", "clips": true]] : ["standardize"]
  }

  /// The models drafted here; nil for others.
  private func network(_ model: String) -> ConfigurationObject? {
    switch (model, survey.goal) {
    case ("mlp", .classes):
      return ["name": "mlp", "units": [.integer(width)], "activation": "relu", "weightInitializers": ["he-uniform"]]
    case ("cnn", .classes) where survey.isImages:
      let side = min(survey.set.inputShape[0], survey.set.inputShape[1])
      let window: ConfigurationValue = side >= 24 ? 5 : 3
      let blocks: [ConfigurationValue] = [16, 32].prefix(side >= 8 ? 2 : 1).map { filters in
        ["filters": .integer(filters), "window": window, "padding": "same", "pool": side >= 8 ? 2 : 1]
      }
      return [
        "name": "cnn", "blocks": .array(blocks), "units": [64], "activation": "relu", "dropout": 0.3,
        "weightInitializers": ["he-uniform"],
      ]
    case ("network", .values(let mean, let deviation, let count)):
      // The output starts at the targets' mean and in their unit, so targets need no scaling.
      let spread = deviation > 0 ? deviation / Double(width).squareRoot() : 1
      let hidden: ConfigurationValue = [
        "name": "dense", "units": .integer(width), "activation": "relu", "weightInitializer": "he-uniform",
      ]
      let last: ConfigurationValue = [
        "name": "dense", "units": .integer(count),
        "weightInitializer": ["name": "normal", "standardDeviation": RecipeDraft.number(spread)],
        "biasInitializer": ["name": "constant", "value": RecipeDraft.number(mean)],
      ]
      let flatten: [ConfigurationValue] = survey.set.inputShape.rank > 1 ? [["name": "flatten"]] : []
      return ["name": "network", "layers": .array(flatten + [hidden, last])]
    default: return nil
    }
  }

  /// Units of a hidden layer.
  private var width: Int { rows < 1000 ? 32 : rows < 10_000 ? 64 : 128 }

  private var batchSize: Int { rows < 1000 ? 16 : rows < 10_000 ? 32 : rows < 100_000 ? 64 : 256 }

  /// About two thousand steps, in multiples of ten epochs.
  private var epochs: Int { min(100, max(10, 2000 * batchSize / rows / 10 * 10)) }

  /// A number rounded to four digits.
  private static func number(_ value: Double) -> ConfigurationValue {
    guard value != 0, value.isFinite else { return 0 }
    var scale = 1.0
    while abs(value) * scale < 1000, scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? .integer(Int(rounded)) : .number(rounded)
  }
}
