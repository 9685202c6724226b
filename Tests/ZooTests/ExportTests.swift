import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryFormats
import AviaryLayers
import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import AviaryZoo
import Testing

/// Models in separate files, for Aviary and for other programs.
@Suite struct ExportTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func model(_ name: String, _ fields: ConfigurationObject, _ input: Shape) throws -> Model {
    try Registries.standard.make(.model, name, fields).built(for: input, classes: 3, seed: 4)
  }

  @Test func savedModelsAreTheSame() throws {
    for (name, fields, shape) in [
      ("mlp", ["units": [5]], [6]), ("cnn", ["activation": "elu"], [12, 12, 1]), ("rbm", ["units": 4], [6]),
      ("lstm", ["units": [3]], [5, 2]),
    ] as [(String, ConfigurationObject, Shape)] {
      let saved = try model(name, fields, shape)
      try saved.save(to: folder["model.safetensors"], metadata: ["note": "of a test"])
      let read = try Model(contentsOf: folder["model.safetensors"])
      #expect(read.parameters.trainable == saved.parameters.trainable && read.inputShape == shape)
      let x = RandomSource(seed: 1).normal(shape.inserting(2, at: 0))
      #expect(read(x) == saved(x), "\(name)")
    }
    #expect(try Safetensors(contentsOf: folder["model.safetensors"]).metadata["note"] == "of a test")
    // In float64, too.
    let wide = try Model(Dense(2), input: [3], dtype: .float64, seed: 1)
    try wide.save(to: folder["wide.safetensors"])
    #expect(try Model(contentsOf: folder["wide.safetensors"]).parameters.trainable == wide.parameters.trainable)
  }

  @Test func otherFilesAreRefused() throws {
    try Safetensors(["w": Tensor([1.0])]).write(to: folder["plain.safetensors"])
    #expect(throws: FormatError.self) { try Model(contentsOf: folder["plain.safetensors"]) }
    var file = Safetensors(["w": Tensor([1.0])], metadata: ["aviary.model": "{}"])
    try file.write(to: folder["other.safetensors"])
    #expect(throws: FormatError.self) { try Model(contentsOf: folder["other.safetensors"]) }
    file.metadata["aviary.model"] =
      #"{"version": 1, "layer": {"name": "dense", "units": 2}, "input": [3], "dtype": "float32"}"#
    try file.write(to: folder["other.safetensors"])
    #expect(throws: ParameterMismatch.self) { try Model(contentsOf: folder["other.safetensors"]) }
    file.metadata["aviary.model"] =
      #"{"version": 1, "layer": "nowhere", "input": [3], "dtype": "float32"}"#
    try file.write(to: folder["other.safetensors"])
    #expect(throws: ConfigurationError.self) { try Model(contentsOf: folder["other.safetensors"]) }
  }

  @Test(arguments: ["rnn", "lstm", "gru"]) func recurrentModelsAreExported(_ name: String) throws {
    #expect(try !ONNXExport(of: model(name, ["units": [3]], [5, 2]), name: name).bytes.isEmpty)
  }

  /// The wire format, read by hand: field numbers and lengths of a graph of one product.
  @Test func aDenseLayerIsOneOperator() throws {
    let bytes = try ONNXExport(of: Model(Dense(2), input: [3], seed: 1), name: "dense").bytes
    // Version 8 of the format.
    #expect(bytes.prefix(2) == [0x08, 0x08])
    for text in ["Gemm", "dense", "weight", "bias", "input", "output", "rows", "transB"] {
      #expect(bytes.firstRange(of: Array(text.utf8)) != nil, "\(text)")
    }
    // The operators of set 17: an empty domain, then the version.
    #expect(bytes.suffix(6) == [0x42, 0x04, 0x0A, 0x00, 0x10, 0x11])
  }

  @Test func modelsOfManyKindsAreExported() throws {
    for (name, fields, shape) in [
      ("mlp", ["units": [5], "activation": "gelu"], [6]), ("cnn", [:], [36, 36, 1]), ("lenet", [:], [28, 28, 1]),
      ("resnet", [:], [16, 16, 1]), ("vgg", [:], [16, 16, 1]), ("lstm", ["units": [3]], [4, 2]),
      ("autoencoder", ["units": [4]], [8]),
    ] as [(String, ConfigurationObject, Shape)] {
      #expect(try !ONNXExport(of: model(name, fields, shape)).bytes.isEmpty, "\(name)")
    }
  }

  /// A layer that combines rows, and one whose result depends on a condition.
  private struct Odd: Layer {
    let mixes: Bool
    func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { input }
    func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable {
      mixes ? input - input.mean(axes: [0]) : Variable.where(input .> 0.5, input, input * 2)
    }
  }

  @Test func whatCannotBeExportedIsTold() throws {
    for mixes in [true, false] {
      let odd = try Model(Odd(mixes: mixes), input: [3], seed: 1)
      #expect(throws: ExportError.self) { try ONNXExport(of: odd) }
    }
  }

  @Test func recordingsAreInOrder() throws {
    let x = Variable(tracking: Tensor([1, 2], dtype: .float32))
    let y = x.exp() * 2
    let recording = Recording(of: [y + y.tanh()], from: [x])
    #expect(recording.steps.map(\.primitive.name) == ["exp", "multiply", "tanh", "add"])
    guard case .result(step: 3, output: 0)? = recording.results.first else {
      Issue.record("the result is another: \(recording.results)")
      return
    }
  }

  @Test func aSwiftFileHoldsModelAndTransforms() throws {
    var recipe = try #require(Zoo.recipes.first { $0.name == "fonts-logistic" })
    try recipe.set("epochs=1")
    var options = Trainer.Options()
    options.output = folder["run"]
    try Trainer(recipe, in: .standard, options: options).run()
    let run = try FinishedRun(folder["run"], in: .standard)
    let export = try SwiftExport(of: run)
    #expect(export.typeName == "FontsLogistic")
    for line in [
      "public struct FontsLogistic: Sendable {", "public static let classNames = [", "    x = x / 255.0",
      "  public func classes(of inputs: Tensor) -> [String] {",
    ] {
      #expect(export.text.contains(line), "\(line)")
    }
    #expect(try SwiftExport(of: run, typeName: "Mine").text.contains("public struct Mine: Sendable {"))
    #expect(throws: ExportError.self) { try SwiftExport(of: run, typeName: "not a name") }
  }
}
