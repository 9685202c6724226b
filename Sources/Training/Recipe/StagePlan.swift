import AviaryRegistry

/// A stage before its names are looked up: settings laid over each other, which remember where they were written.
struct StagePlan {
  let name: String
  /// Later layers win.
  private var layers: [(place: ConfigurationPath, settings: ConfigurationValue)]

  /// The model's proposal; the place is where a recipe changes it.
  init(_ proposal: StageProposal) {
    name = proposal.name
    layers = [([.key("stages"), .key(proposal.name)], .object(proposal.settings))]
  }

  /// Lays settings, written at a place of the recipe, over those so far.
  mutating func lay(_ settings: ConfigurationValue, at place: ConfigurationPath) throws {
    guard case .object = settings else {
      throw ConfigurationError(.unexpected(expected: "an object", found: settings.summary), at: place)
    }
    layers.append((place, settings))
  }

  /// Whether what was laid last has another value for a setting, in which nothing of this one is left.
  func replaces(_ key: String, _ value: ConfigurationValue) -> Bool {
    guard let own = layers.last?.settings[key] else { return false }
    return value.overlaid(with: own) == own && own.overlaid(with: value) != own
  }

  /// Looks up the names and checks the values. Errors name the place where the wrong value was written.
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

  /// The last layer that holds the value at the error's path or, where none does, what encloses it.
  private func place(of error: ConfigurationError) -> ConfigurationPath {
    let steps = error.path.components
    for length in stride(from: steps.count, through: 1, by: -1) {
      let part = ConfigurationPath(Array(steps.prefix(length)))
      let holders = layers.filter { layer in
        guard let value = layer.settings[path: part] else { return false }
        guard case .unknownName = error.problem, case .object(let object) = value else { return true }
        // What changes other keys of a specification is not to blame for its name.
        return object["name"] != nil
      }
      if let layer = holders.last { return layer.place.appending(error.path) }
    }
    return layers[0].place.appending(error.path)
  }
}

extension ConfigurationObject {
  /// Settings laid over others, one after another.
  fileprivate static func merged(_ base: Self, _ layers: [ConfigurationValue]) -> Self {
    layers.reduce(ConfigurationValue.object(base)) { $0.overlaid(with: $1) }.objectValue ?? base
  }
}

extension ConfigurationValue {
  /// Whether settings say which parts are measured. Earlier releases wrote out in a run's recipe, where each setting is, those
  /// that were measured where they had rows.
  fileprivate var asksForParts: Bool {
    guard case .object(let object) = self, let parts = object["evaluate"], parts != .null else { return false }
    let isOfRun = StageSettings.keys.allSatisfy { object[$0] != nil }
    return !(isOfRun && [["validation", "test"], ["train", "validation", "test"]].contains(parts))
  }

  /// Settings for all stages as those see them that no optimizer trains.
  fileprivate var withoutDescent: ConfigurationValue {
    guard case .object(var object) = self else { return self }
    for key in StageSettings.descentKeys { object[key] = nil }
    return .object(object)
  }
}
