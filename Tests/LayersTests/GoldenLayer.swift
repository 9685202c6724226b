import AviaryCore
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import Testing

/// Expects that a layer has the stored outputs and the stored derivatives with respect to its input and parameters.
func expectAgreement(with stored: GoldenCase) throws {
  func tensors(_ key: String) throws -> NamedTensors {
    try #require(try stored.field(key).objectValue).reduce(into: [:]) { $0[$1.key] = try GoldenCase.tensor($1.value) }
  }
  let configuration = try #require(try stored.field("configuration").objectValue)
  let specification = Specification(try #require(try stored.field("kind").stringValue), configuration)
  let input = try stored.tensor("input")
  var model = try Model(specification, in: registries, input: input.shape.removing(axis: 0), dtype: .float64, seed: 1)
  try model.parameters.load(tensors("parameters"))
  let mode: Context.Mode = try stored.field("mode").stringValue == "inference" ? .inference : .training
  let found = try derivatives(of: model, at: input, cotangent: stored.tensor("cotangent"), mode)
  #expect(mismatch(found.output, try stored.tensor("output")) == nil)
  #expect(mismatch(found.input, try stored.tensor("inputGradient")) == nil)
  let gradients = try tensors("parameterGradients")
  for (entry, gradient) in zip(model.parameters.entries, found.parameters) {
    #expect(mismatch(gradient, try #require(gradients[entry.name])) == nil, "\(entry.name)")
  }
  #expect(gradients.count == found.parameters.count)
}
