import AviaryAutograd
import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTraining

/// The model that the tests train: layers from the recipe, and two proposed stages if requested.
struct Chain: ModelDefinition, Registrable {
  static let name = "chain"
  static let card = Card("Layers from the recipe.")

  @Field(.layer, "Layers") var layers: [any Layer] = [Dense(2)]
  @Field("Has two stages") var pretrains = false

  func network(for task: LearningTask) throws -> any Layer { Sequential(layers) }

  var stages: [StageProposal] {
    let last = StageProposal("train", ["optimizer": ["name": "sgd", "learningRate": 0.1, "momentum": 0.5]])
    return pretrains ? [StageProposal("pretrain", ["parameters": ["0.*"], "epochs": 2]), last] : [last]
  }
}

/// An objective that offers nothing beyond the gradient, and has a memory.
struct Plain: GradientObjective, Registrable {
  static let name = "plain"
  static let card = Card("About the gradient of the supervised objective, and nothing else.")
  let inner = Supervised(SoftmaxCrossEntropy())

  func step(
    _ model: Model, _ trained: TrainedParameters, _ batch: Batch, _ context: Context, _ state: inout ObjectiveState
  ) throws -> ObjectiveStep {
    // A running mean of the inputs changes the gradient, to verify that an objective's state is kept.
    let before = state.tensors["mean"] ?? Tensor.zeros([1], dtype: batch.inputs.dtype)
    let mean = before * 0.9 + batch.inputs.mean().reshaped(to: [1]) * 0.1
    state.tensors["mean"] = mean
    var found = try inner.step(model, trained, batch, context, &state)
    found.gradient = found.gradient * (mean + 1)
    return found
  }

  func assess(_ model: Model, _ batch: Batch, _ context: Context) throws -> Assessment {
    try inner.assess(model, batch, context)
  }
}

/// A layer that gives back its inputs, whatever outputs it declares.
struct Liar: Layer, Registrable {
  static let name = "liar"
  static let card = Card("Declares three outputs.")

  func declare(in builder: inout ParameterBuilder, input: Shape) throws -> Shape { [3] }

  func callAsFunction(_ input: Variable, _ parameters: Parameters, _ context: inout Context) -> Variable { input }
}

let registries: Registries = {
  var registries = Registries()
  do {
    try registries.registerLayers()
    try registries.registerOptimizers()
    try registries.registerData()
    try registries.registerTraining()
    try registries.register(Chain.self)
    try registries.register(Plain.self)
    try registries.register(Liar.self)
  } catch {
    preconditionFailure("\(error)")
  }
  return registries
}()

/// A recipe that trains quickly: two clouds of 40 points, four batches per epoch, one hidden layer.
func recipe(_ changes: String...) throws -> Recipe { try recipe(changes) }

func recipe(_ changes: [String]) throws -> Recipe {
  var recipe = try Recipe(
    parsing: """
      {
        "version": 1, "name": "clouds", "seed": 5,
        "data": {"name": "two-class", "count": 40},
        "split": {"name": "stratified", "test": 0.1, "validation": 0.1},
        "transforms": ["standardize"],
        "model": {"name": "chain", "layers": [
          {"name": "dense", "units": 4, "activation": "tanh"}, {"name": "dense", "units": 2}]},
        "batchSize": 16, "epochs": 3
      }
      """, source: "recipe.json")
  for change in changes { try recipe.set(change) }
  return recipe
}

/// The message of an error; nil if there is none.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
