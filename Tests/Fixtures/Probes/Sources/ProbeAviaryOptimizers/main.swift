import AviaryCore
import AviaryOptimizers

var parameters = Tensor([1.0, 2.0])
var state = OptimizerState()
try SGD(learningRate: 0.5).update(&parameters, state: &state, from: Evaluation(gradient: Tensor([1.0, 1.0])))
print("AviaryOptimizers", parameters)
