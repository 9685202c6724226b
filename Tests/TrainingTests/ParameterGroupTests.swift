import AviaryCore
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Testing

/// Groups of parameters with their own settings.
@Suite struct ParameterGroupTests {
  /// The trained parameters, by name.
  private func trained(_ changes: String...) throws -> [String: Tensor] {
    let model = try Trainer(try recipe(changes + ["shuffle=false"]), in: registries).run().model
    return Dictionary(uniqueKeysWithValues: model.parameters.entries.map { ($0.name, model.parameters[$0.name]) })
  }

  @Test func aGroupHasItsOwnNumbers() throws {
    let rate = "optimizer.learningRate=0.1"
    let plain = try trained("optimizer=sgd", rate, "epochs=1", "batchSize=null")
    let start = try trained("optimizer=sgd", rate, "epochs=0")
    let grouped = try trained(
      "optimizer=sgd", rate, "epochs=1", "batchSize=null", #"groups={"*.bias":{"learningRate":0.3}}"#)
    for name in plain.keys {
      let (own, moved) = (try #require(grouped[name]), try #require(plain[name]) - (try #require(start[name])))
      let expected = try #require(start[name]) + moved * (name.hasSuffix(".bias") ? 3 : 1)
      #expect((own - expected).abs().max().item() < 1e-6, "\(name)")
    }
  }

  @Test func groupsWithTheSameNumbersChangeNothing() throws {
    for optimizer in ["adam", "lion", "lamb", "muon", "adasecant"] {
      let plain = try trained("optimizer.name=\(optimizer)")
      let grouped = try trained("optimizer.name=\(optimizer)", #"groups={"0.*":{},"1.*.bias":{}}"#)
      #expect(plain == grouped, "\(optimizer)")
    }
  }

  @Test func decayThatIsNoneForBiasesLeavesThem() throws {
    // Zero gradients: only the decay changes parameters.
    let values = try trained(
      "optimizer=adamw", "optimizer.learningRate=0.1", "optimizer.weightDecay=0.5", "epochs=2",
      #"groups={"*.bias":{"weightDecay":0}}"#)
    let same = try trained("optimizer=adam", "optimizer.learningRate=0.1", "epochs=2")
    #expect(values["0.dense.weight"] != same["0.dense.weight"])
    #expect(values["0.dense.bias"]?.shape == same["0.dense.bias"]?.shape)
  }

  @Test(arguments: [
    (#"groups={"*.bais":{"learningRate":1}}"#, "groups.*.bais", "no trained parameter matches '*.bais'"),
    (#"groups={"*.bias":{"learningRat":1}}"#, "groups.*.bias.learningRat", "learningRate"),
    (#"groups={"*.bias":{"learningRate":-1}}"#, "groups.*.bias.learningRate", "above 0"),
    (#"groups={"*.bias":{"name":"adam"}}"#, "groups.*.bias.name", "same optimizer"),
    (#"groups={"*.bias":3}"#, "groups.*.bias", "an object"),
    (#"groups=["*.bias"]"#, "groups", "an object"),
    (#"groups={"*.bias":{},"0.*":{}}"#, "groups.*.bias", "'0.dense.bias' belongs to two groups, '*.bias' and '0.*'"),
  ])
  func whatIsWrongIsRefusedWithItsPath(_ change: String, _ path: String, _ text: String) throws {
    let found = message { _ = try Trainer(recipe("optimizer=sgd", change), in: registries) } ?? "nothing"
    #expect(found.contains(path) && found.contains(text), "\(found)")
  }

  @Test func rulesForAllParametersTogetherTakeNoGroups() throws {
    for optimizer in ["lbfgs", "newton", "vsgd", "sharpness-aware"] {
      let found = message {
        _ = try Trainer(
          recipe("optimizer=\(optimizer)", "batchSize=null", #"groups={"*.bias":{}}"#), in: registries)
      }
      #expect(found?.contains("takes all parameters together") == true, "\(optimizer): \(found ?? "nothing")")
    }
  }

  @Test func aRunRemembersItsGroups() throws {
    let folder = try ScratchFolder()
    let recipe = try recipe("optimizer=adam", #"groups={"*.bias":{"learningRate":0.02}}"#)
    try Trainer(recipe, in: registries, options: ResumeTests.options(folder["run"])).run()
    let kept = String(decoding: try #require(try folder.contents("run")["recipe.json"]), as: UTF8.self)
    #expect(kept.contains(#""*.bias""#) && kept.contains("0.02"))
  }
}
