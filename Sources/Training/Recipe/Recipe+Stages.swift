import AviaryRegistry

/// A stage before its names are looked up: the settings laid over each other, and where each key was written.
struct StagePlan {
  let name: String
  private(set) var value = ConfigurationObject()
  private(set) var origins: [String: ConfigurationPath] = [:]

  init(_ proposal: StageProposal) {
    name = proposal.name
    lay(proposal.settings) { _ in [] }
  }

  /// Lays settings over those so far.
  mutating func lay(_ settings: ConfigurationObject, at place: (String) -> ConfigurationPath) {
    for (key, overlay) in settings {
      value[key] = value[key]?.overlaid(with: overlay) ?? overlay
      let origin = place(key)
      if !origin.isEmpty { origins[key] = origin }
    }
  }

  func settings() throws -> StageSettings {
    try ConfigurationValue.object(value).decode(StageSettings.self, over: StageSettings())
  }
}

extension Recipe {
  /// The stages in order: the model's proposals changed by name, or the recipe's own list.
  static func plan(
    _ proposals: [StageProposal], _ top: ConfigurationObject, _ overlays: ConfigurationValue
  ) throws -> [StagePlan] {
    _ = try ConfigurationValue.object(top).decode(StageSettings.self, over: StageSettings())
    func base(_ proposal: StageProposal) -> StagePlan {
      var plan = StagePlan(proposal)
      plan.lay(top) { ConfigurationPath([.key($0)]) }
      return plan
    }
    switch overlays {
    case .null: return proposals.map(base)
    case .object(let object):
      let known = proposals.map(\.name)
      for (name, _) in object where !known.contains(name) {
        throw ConfigurationError(.unknownName(kind: "stage", name: name, known: known), at: "stages")
      }
      return try proposals.map { proposal in
        var plan = base(proposal)
        if let overlay = object[proposal.name] {
          try plan.layChecked(overlay, at: ConfigurationPath([.key("stages"), .key(proposal.name)]))
        }
        return plan
      }
    case .array(let list):
      var plans: [StagePlan] = []
      for (index, element) in list.enumerated() {
        let path = ConfigurationPath([.key("stages"), .index(index)])
        guard case .object(var settings) = element, let name = settings["name"]?.stringValue else {
          throw ConfigurationError(.unexpected(expected: "an object with a \"name\"", found: element.summary), at: path)
        }
        guard !plans.contains(where: { $0.name == name }) else {
          throw ConfigurationError(.invalid("a second stage '\(name)'"), at: path)
        }
        settings["name"] = nil
        var plan = base(proposals.first { $0.name == name } ?? StageProposal(name))
        try plan.layChecked(.object(settings), at: path)
        plans.append(plan)
      }
      guard !plans.isEmpty else {
        throw ConfigurationError(.unexpected(expected: "at least one stage", found: "[]"), at: "stages")
      }
      return plans
    default:
      throw ConfigurationError(
        .unexpected(expected: "an object of stages by name, or a list of stages", found: overlays.summary),
        at: "stages")
    }
  }
}

extension StagePlan {
  /// Lays a stage's own settings over the others, after checking keys and types where they were written.
  fileprivate mutating func layChecked(_ overlay: ConfigurationValue, at path: ConfigurationPath) throws {
    guard case .object(let settings) = overlay else {
      throw ConfigurationError(.unexpected(expected: "an object", found: overlay.summary), at: path)
    }
    // A partial specification such as {"learningRate": 1} has its name from below.
    var checked = settings
    for (key, value) in settings where value.objectValue != nil && value["name"] == nil {
      checked[key] = self.value[key]?.overlaid(with: value) ?? value
    }
    try ConfigurationError.locating(at: path) {
      _ = try ConfigurationValue.object(checked).decode(StageSettings.self, over: StageSettings())
    }
    lay(settings) { path.appending($0) }
  }
}
