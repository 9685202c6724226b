// A training loop on AviaryLayers and AviaryOptimizers, and nothing above them.
import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryOptimizers

let random = RandomSource(seed: 1)
let inputs = random["inputs"].uniform([256, 2], in: -1..<1)
let targets = inputs.square().sum(axes: [1])  // y = x₁² + x₂²

let network = Sequential {
  Dense(32, activation: Relu())
  Dense(1)
}
var model = try Model(network, input: [2], seed: 1)
let (loss, optimizer) = (MeanSquaredError(), try Adam(learningRate: 0.01))
var state = OptimizerState()
for step in 0..<500 {
  let values = model.parameters.variables { $0.isTrainable }
  var context = Context(.training, random: random.at(step: step))
  let value = try loss(model.forward(Variable(inputs), values, &context), Variable(targets)).mean()
  let gradients = try value.gradients(withRespectTo: values.filter(\.isTracked)).map { $0.value.flattened() }
  let evaluation = Evaluation(gradient: Tensor.concatenate(gradients))
  optimizer.update(&model.parameters.trainable, state: &state, from: evaluation)
  // What running statistics and bounded norms need; this network has neither.
  model.parameters.apply(context.stateUpdates)
  model.parameters.applyConstraints()
}
print(model(Tensor([[0.5, 0.5]] as [[Float]])))  // about 0.5
