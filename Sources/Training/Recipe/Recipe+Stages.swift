import AviaryRegistry

extension Recipe {
  /// The stages in order: the model's proposals with changes by name, or the recipe's own list.
  static func plan(
    _ proposals: [StageProposal], _ top: ConfigurationObject, _ overlays: ConfigurationValue
  ) throws -> [StagePlan] {
    _ = try StageSettings(top)
    func base(_ proposal: StageProposal) throws -> StagePlan {
      var plan = StagePlan(proposal)
      try plan.lay(.object(top), at: [])
      return plan
    }
    switch overlays {
    case .null: return try proposals.map(base)
    case .object(let object):
      let known = proposals.map(\.name)
      for (name, _) in object where !known.contains(name) {
        throw ConfigurationError(.unknownName(kind: "stage", name: name, known: known), at: "stages")
      }
      return try proposals.map { proposal in
        var plan = try base(proposal)
        if let overlay = object[proposal.name] {
          try plan.lay(overlay, at: [.key("stages"), .key(proposal.name)])
        }
        return plan
      }
    case .array(let list):
      var plans: [StagePlan] = []
      for (index, element) in list.enumerated() {
        let path: ConfigurationPath = [.key("stages"), .index(index)]
        guard case .object(var settings) = element, let name = settings["name"]?.stringValue else {
          throw ConfigurationError(.unexpected(expected: "an object with a \"name\"", found: element.summary), at: path)
        }
        try checkName(name, path.appending("name"))
        guard !plans.contains(where: { $0.name == name }) else {
          throw ConfigurationError(.invalid("a second stage '\(name)'"), at: path)
        }
        settings["name"] = nil
        var plan = try base(proposals.first { $0.name == name } ?? StageProposal(name))
        try plan.lay(.object(settings), at: path)
        plans.append(plan)
      }
      guard !plans.isEmpty else {
        throw ConfigurationError(.unexpected(expected: "at least one stage", found: overlays.summary), at: "stages")
      }
      return plans
    default:
      let expected = "an object of stages by name, or a list of stages"
      throw ConfigurationError(.unexpected(expected: expected, found: overlays.summary), at: "stages")
    }
  }
}
