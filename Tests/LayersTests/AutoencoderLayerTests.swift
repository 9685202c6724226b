import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// One autoencoder, there and back, against PyTorch.
struct AutoencoderLayerTests {
  static let stored: [GoldenCase] = {
    let cases = (try? GoldenDocument("autoencoders").cases) ?? []
    return cases.filter { $0.value["kind"] == "layer" }
  }()

  static func loss(_ name: String) throws -> any Loss {
    let reduction: ConfigurationValue = name.hasSuffix("sum") ? "sum" : "mean"
    let loss = name.hasPrefix("cross") ? "sigmoid-cross-entropy" : "mean-squared-error"
    return try registries.make(.loss, loss, ["reduction": reduction])
  }

  @Test func theCasesAreThere() { #expect(Self.stored.count == 22) }

  @Test(arguments: stored) func agreesWithPyTorch(_ stored: GoldenCase) throws {
    let configuration = try #require(try stored.field("configuration").objectValue)
    let clean = try stored.tensor("input")
    var model = try Model(
      Specification("autoencoder", configuration), in: registries, input: [clean.shape[1]], dtype: .float64, seed: 1)
    let values = try #require(try stored.field("parameters").objectValue)
    #expect(model.parameters.entries.map(\.name) == values.keys)
    try model.parameters.load(
      NamedTensors(try values.map { ($0.key, try GoldenCase.tensor($0.value)) }))

    var context = Context(.training)
    let variables = model.parameters.variables { _ in true }
    let code = model.forward(Variable(try stored.tensor("corrupted")), variables, &context)
    let output = try #require(model.decode(code, variables, &context))
    #expect(distance(code.value, try stored.tensor("code")) < 1e-14)
    #expect(distance(output.value, try stored.tensor("output")) < 1e-14)
    let loss = try Self.loss(try #require(stored.value["loss"]?.stringValue))
    let value = try loss(output, Variable(clean)).mean()
    #expect(abs(value.value.item() - (try stored.number("value"))) < 1e-13)
    let expected = try stored.field("parameterGradients")
    for (entry, gradient) in zip(model.parameters.entries, try value.gradients(withRespectTo: variables)) {
      let found = try GoldenCase.tensor(try #require(expected[entry.name]))
      #expect(distance(gradient.value, found) < 1e-13, "\(entry.name)")
    }
  }

  @Test func itsFieldsReachItsParameters() throws {
    let input: Shape = [2, 3]
    let constant: ConfigurationValue = ["name": "constant", "value": 2]
    let tied = try Model(
      Specification("autoencoder", ["units": 4, "weightInitializer": constant]), in: registries, input: input, seed: 1)
    #expect(tied.parameters.entries.map(\.name) == ["weight", "hidden-bias", "visible-bias"])
    #expect(tied.parameters["weight"].isIdentical(to: Tensor(repeating: 2, shape: [6, 4])))
    #expect(tied.outputShape == [4])
    let free = try Model(AutoencoderLayer(4, tied: false), input: input, seed: 1)
    #expect(free.parameters["decoder-weight"].shape == [4, 6])
    #expect(distance(free.parameters["decoder-weight"], free.parameters["weight"].transposed()) > 0.01)
    #expect(free.parameters["hidden-bias"].abs().max().item() == 0)
    // Both ways in inference; an image's reconstruction is flat.
    let images = normal([5, 2, 3], 1, dtype: .float32)
    #expect(free.decode(free(images))?.spec == TensorSpec([5, 6], .float32))
    #expect(try Model(Dense(4), input: input, seed: 1).decode(Tensor.zeros([5, 4])) == nil)
  }
}
