import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTraining
import Testing

/// Ten thousand layers, without listing them in a recipe.
private struct Tall: ModelDefinition, Registrable {
  static let name = "tall"
  static let card = Card("Ten thousand layers.")

  func network(for task: LearningTask) -> any Layer { Sequential((0..<10_000).map { _ in Dense(2) }) }
}

/// The memory of a training is checked as a whole before anything is allocated.
@Suite struct MemoryTests {
  /// Layers of which one has a weight that takes a share of the memory.
  private func layers(_ share: Double) -> String {
    let count = Int((Double(MemoryLimit.byteCount) * share / 4).squareRoot())
    return "model.layers=[{\"name\":\"dense\",\"units\":\(count)},{\"name\":\"dense\",\"units\":\(count)},"
      + "{\"name\":\"dense\",\"units\":2}]"
  }

  @Test(arguments: [
    // Parameters and gradients alone are too much; then with the optimizer's two vectors; then with the best epoch's.
    (0.6, "optimizer=sgd", "stopping=null", "gradients"), (0.3, "optimizer=adam", "stopping=null", "optimizer"),
    (0.4, "optimizer=sgd", "stopping=patience", "best epoch"),
  ])
  func whatATrainingNeedsIsToldBeforeItIsTaken(_ share: Double, _ first: String, _ second: String, _ part: String)
    throws
  {
    let recipe = try recipe(layers(share), first, second)
    let error = #expect(throws: TrainingError.self) { try Trainer(recipe, in: registries) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("the training needs at least "), "\(text)")
    #expect(text.contains("parameters ") && text.contains("\(part) "), "\(text)")
    #expect(text.contains("use narrower layers"))
  }

  @Test(.timeLimit(.minutes(1))) func manyLayersTrainInTheirNumbersTime() throws {
    var registries = registries
    try registries.register(Tall.self)
    let result = try Trainer(recipe("model=tall", "epochs=1"), in: registries).run()
    #expect(result.model.parameters.entries.count == 20_000)
  }
}
