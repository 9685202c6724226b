import AviaryCore
import AviaryTestSupport
import AviaryTraining
import Foundation
import Testing

/// A training that starts with the parameters of another one.
@Suite struct InitialParametersTests {
  private func trained(_ folder: ScratchFolder, _ changes: String...) throws -> TrainingResult {
    try Trainer(recipe(changes), in: registries, options: ResumeTests.options(folder["other"])).run()
  }

  private func numbers(_ result: TrainingResult, _ pattern: String) -> [[Double]] {
    result.model.parameters.entries(matching: pattern).map {
      result.model.parameters.value(of: $0).scalars(as: Double.self)
    }
  }

  @Test func itBeginsWhereTheOtherEnded() throws {
    let folder = try ScratchFolder()
    let other = try trained(folder)
    for source in ["other", "other/weights.safetensors"] {
      let initial = #"initial="\#(folder[source])""#
      let result = try Trainer(recipe(initial, "epochs=0", "seed=9"), in: registries).run()
      #expect(numbers(result, "*") == numbers(other, "*"))
    }
    // Of a run that was interrupted, where it was saved.
    let half = try Trainer(recipe(), in: registries, options: ResumeTests.options(folder["half"]))
      .run(shouldStop: { true })
    let result = try Trainer(recipe(#"initial="\#(folder["half"])""#, "epochs=0"), in: registries).run()
    #expect(half.isInterrupted && numbers(result, "*") == numbers(half, "*"))
  }

  @Test func partsAreTakenOverAndFrozen() throws {
    let folder = try ScratchFolder()
    let other = try trained(folder)
    func result(_ object: String, _ changes: String...) throws -> TrainingResult {
      try Trainer(recipe([#"initial={"from":"\#(folder["other"])",\#(object)}"#, "seed=9"] + changes), in: registries)
        .run()
    }
    let drawn = try Trainer(recipe("epochs=0", "seed=9"), in: registries).run()
    let begun = try result(#""parameters":["0.*"]"#, "epochs=0")
    #expect(numbers(begun, "0.*") == numbers(other, "0.*") && numbers(begun, "1.*") == numbers(drawn, "1.*"))
    let further = try result(#""parameters":["0.*"]"#)
    #expect(numbers(further, "0.*") != numbers(other, "0.*"))
    let frozen = try result(#""parameters":["0.*"],"trained":false"#)
    #expect(numbers(frozen, "0.*") == numbers(other, "0.*") && numbers(frozen, "1.*") != numbers(drawn, "1.*"))
    // An output layer for other classes is not loaded.
    let layers = #"model.layers=[{"name":"dense","units":4,"activation":"tanh"},{"name":"dense","units":7}]"#
    #expect(numbers(try result(#""parameters":["0.*"]"#, layers, "epochs=0"), "0.*") == numbers(other, "0.*"))
  }

  /// A run keeps its initial parameters and does not need the other run any more.
  @Test func itIsResumedWithoutTheOther() throws {
    let folder = try ScratchFolder()
    _ = try trained(folder)
    let initial = #"initial={"from":"\#(folder["other"])","parameters":["0.*"],"trained":false}"#
    let whole = try Trainer(recipe(initial), in: registries, options: ResumeTests.options(folder["whole"])).run()
    var batches = 0
    _ = try Trainer(recipe(initial), in: registries, options: ResumeTests.options(folder["parts"])).run(shouldStop: {
      batches += 1
      return batches == 5
    })
    try FileManager.default.removeItem(atPath: folder["other"])
    let result = try Trainer(resuming: folder["parts"], in: registries).run()
    #expect(numbers(result, "*") == numbers(whole, "*"))
    #expect(try ResumeTests.files(folder, "parts") == ResumeTests.files(folder, "whole"))
  }

  @Test func whatDoesNotFitIsRefusedWithItsPlace() throws {
    let folder = try ScratchFolder()
    _ = try trained(folder)
    func refusal(_ changes: String...) -> String? { message { _ = try Trainer(recipe(changes), in: registries) } }
    let from = #""from":"\#(folder["other"])""#
    #expect(
      refusal(#"initial="nowhere""#)?.contains("recipe.json: initial: expected the folder of a run, or a") == true)
    #expect(refusal("initial=3")?.contains("initial: expected the folder of a run") == true)
    #expect(refusal(#"initial={"parameters":["*"]}"#)?.contains("initial.from: missing") == true)
    #expect(
      refusal("initial={\(from),\"parameters\":[\"7.*\"]}")?
        .contains("initial.parameters.0: no parameter of the model matches '7.*'; known: 0.dense.weight") == true)
    let wide = #"model.layers=[{"name":"dense","units":5,"activation":"tanh"},{"name":"dense","units":2}]"#
    let found = refusal("initial={\(from)}", wide)
    #expect(found?.contains("'0.dense.weight' is float32[2, 4], expected float32[2, 5]") == true, "\(found ?? "")")
    #expect(found?.contains("choose what to load with 'parameters' beside 'from'") == true)
    #expect(refusal("initial={\(from),\"trained\":false}")?.contains("no trained parameter matches '*'") == true)
  }
}
