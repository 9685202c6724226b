import AviaryRegistry

/// A stage before its names are looked up: layers of settings that remember where they were written.
struct StagePlan {
  let name: String
  /// Later layers win.
  private var layers: [(place: ConfigurationPath, settings: ConfigurationValue)]

  /// The model's proposal, with the place where a recipe changes it.
  init(_ proposal: StageProposal) {
    name = proposal.name
    layers = [([.key("stages"), .key(proposal.name)], .object(proposal.settings))]
  }

  /// Overlays settings written at a place in the recipe.
  mutating func lay(_ settings: ConfigurationValue, at place: ConfigurationPath) throws {
    guard case .object = settings else {
      throw ConfigurationError(.unexpected(expected: "an object", found: settings.summary), at: place)
    }
    layers.append((place, settings))
  }

  /// Whether the last layer overrides this value of a setting entirely.
  func replaces(_ key: String, _ value: ConfigurationValue) -> Bool {
    guard let own = layers.last?.settings[key] else { return false }
    return value.overlaid(with: own) == own && own.overlaid(with: value) != own
  }

  /// Looks up all names and checks all values. Errors name the place where the wrong value was written.
  func stage(in registries: Registries) throws -> Stage {
    do {
      var defaults = try StageSettings().configuration(isComplete: true)
      var settings = ConfigurationObject.merged(defaults, layers.map(\.settings))
      if let objective = settings["objective"].flatMap({ try? registries.make(.objective, Specification($0)) }),
        objective is any FittingObjective
      {
        defaults["optimizer"] = .null
        settings = .merged(defaults, layers.map { $0.place.isEmpty ? $0.settings.withoutDescent : $0.settings })
      }
      var stage = try Stage(name, StageSettings(settings), in: registries)
      stage.hasOwnMetrics = layers.last { $0.settings["metrics"] != nil }?.place.isEmpty == false
      stage.asksForParts = layers.dropFirst().contains { $0.settings.asksForParts }
      return stage
    } catch let error as ConfigurationError {
      throw ConfigurationError(error.problem, at: place(of: error), source: error.source)
    }
  }

  /// The last layer with the value at the error's path or, failing that, with what encloses it.
  private func place(of error: ConfigurationError) -> ConfigurationPath {
    let steps = error.path.components
    for length in stride(from: steps.count, through: 1, by: -1) {
      let part = ConfigurationPath(Array(steps.prefix(length)))
      let holders = layers.filter { layer in
        guard let value = layer.settings[path: part] else { return false }
        guard case .unknownName = error.problem, case .object(let object) = value else { return true }
        // A layer that changes other keys of a specification is not to blame for its name.
        return object["name"] != nil
      }
      if let layer = holders.last { return layer.place.appending(error.path) }
    }
    return layers[0].place.appending(error.path)
  }
}

extension ConfigurationObject {
  /// Overlays settings one after another.
  fileprivate static func merged(_ base: Self, _ layers: [ConfigurationValue]) -> Self {
    layers.reduce(ConfigurationValue.object(base)) { $0.overlaid(with: $1) }.objectValue ?? base
  }
}

extension ConfigurationValue {
  /// Whether the settings choose the parts to measure. Earlier releases wrote the measured parts of a run into its
  /// recipe, in every setting.
  fileprivate var asksForParts: Bool {
    guard case .object(let object) = self, let parts = object["evaluate"], parts != .null else { return false }
    let isOfRun = StageSettings.keys.allSatisfy { object[$0] != nil || $0 == "groups" }
    return !(isOfRun && [["validation", "test"], ["train", "validation", "test"]].contains(parts))
  }

  /// Settings for all stages, as seen by stages without an optimizer.
  fileprivate var withoutDescent: ConfigurationValue {
    guard case .object(var object) = self else { return self }
    for key in StageSettings.descentKeys { object[key] = nil }
    return .object(object)
  }
}
