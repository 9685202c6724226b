import Aviary

extension TrainCommand {
  /// Commands to try after a training, one per line.
  func nextSteps(_ trainer: Trainer, _ folder: String, _ surroundings: Surroundings) -> String {
    let run = Invocation.quoted(folder)
    var steps = [("evaluate it", "aviary evaluate \(run)")]
    if trainer.recipe.model is any GenerativeModel, !trainer.recipe.endsSupervised {
      steps.append(("draw samples", "aviary sample \(run)"))
    }
    if let recipe, let change = anotherOptimizer(trainer.recipe, surroundings) {
      let data = arguments.value("data").map { " --data \(Invocation.quoted($0))" } ?? ""
      steps.append(("try another optimizer", "aviary train \(Invocation.quoted(recipe))\(data) --set \(change)"))
    }
    let width = (steps.map { $0.0.count }.max() ?? 0) + 2
    let lines = steps.map { "\("\($0.0):".padded(width)) \($0.1)" }
    return Invocation.respelled(lines.joined(separator: "\n"))
  }

  /// A change of the last stage's optimizer that the recipe accepts; nil if none makes sense, as for closed-form
  /// methods.
  private func anotherOptimizer(_ trained: ResolvedRecipe, _ surroundings: Surroundings) -> String? {
    let registries = surroundings.registries
    guard let stage = trained.stages.last, stage.objective is any DifferentiatedObjective else { return nil }
    let other = stage.settings.optimizer?.name == "adam" ? "adadelta" : "adam"
    for path in ["optimizer", "stages.\(stage.name).optimizer"] {
      let change = "\(path)=\(other)"
      guard var recipe = try? surroundings.recipe(self.recipe ?? ""), (try? recipe.set(change)) != nil,
        (try? recipe.resolved(in: registries)) != nil
      else { continue }
      if (try? recipe.replacements(of: "optimizer", in: registries)) == [] { return change }
    }
    return nil
  }
}
