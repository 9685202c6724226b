import AviaryOptimizers
import AviaryRegistry
import AviaryTraining
import AviaryZoo
import Testing

/// Every optimizer on every kind of model for two epochs: it trains, or is refused before the first step.
@Suite struct EveryOptimizerTests {
  static let optimizers = Registries.standard.entries(of: .optimizer).map(\.name)
  /// A recipe for each model, on small embedded data.
  static let recipes = [
    "perceptron-and", "line-gradient", "digits-softmax", "digits-mlp", "digits-lenet", "digits-residual", "digits-lstm",
    "digits-maxout", "digits-autoencoder", "digits-sda", "digits-rbm", "digits-dbn",
  ].filter { name in Zoo.recipes.contains { $0.name == name } }

  @Test(arguments: optimizers) func itTrainsOrRefusesBeforeTheFirstStep(_ optimizer: String) throws {
    var trained: [String] = []
    for name in Self.recipes {
      var recipe = try ZooTests.recipe(name, "epochs=2")
      if name.hasPrefix("digits") {
        try recipe.set(#"split={"name":"ranges","train":"0..<40","validation":"40..<50","test":"50..<60"}"#)
      }
      let rule = try Registries.standard.make(.optimizer, optimizer)
      for stage in try recipe.resolved(in: .standard).stages where stage.optimizer != nil {
        for change in ["optimizer={\"name\":\"\(optimizer)\"}", "epochs=2", "clipping=null", "stopping=null"] {
          try recipe.set("stages.\(stage.name).\(change)")
        }
        if rule.needsFullBatches { try recipe.set("stages.\(stage.name).batchSize=null") }
      }
      let trainer: Trainer
      do { trainer = try Trainer(recipe, in: .standard) } catch {
        // The error states what the rule needs, or which step the objective takes.
        #expect("\(error)".contains("optimizer") || "\(error)".contains(optimizer), "\(name): \(error)")
        continue
      }
      let result = try trainer.run()
      #expect(result.epochs > 0 && result.history.allSatisfy { $0.values.values.allSatisfy(\.isFinite) }, "\(name)")
      trained.append(name)
    }
    #expect(trained.contains("digits-mlp") && trained.contains("digits-lenet"), "\(optimizer): \(trained)")
  }
}
