// The code of Sources/Aviary/Aviary.docc/Numerics.md, made by .ci/check-articles --write.
import Aviary

func rounded(_ x: Tensor, _ places: Double = 1e4) -> [Double] {
  x.flattened().scalars(as: Double.self).map { ($0 * places).rounded() / places }
}

let logits = Tensor([1000, 1001, 1002] as [Float])
let formula = rounded(logits.exp() / logits.exp().sum())
print(rounded(logits.exp()), formula.allSatisfy(\.isNaN))  // [inf, inf, inf] true

let shifted = logits - logits.max()
print(rounded(shifted.exp() / shifted.exp().sum()))  // [0.09, 0.2447, 0.6652]
print(rounded(logits.softmax()))  // [0.09, 0.2447, 0.6652]

let far = Tensor([0, 200] as [Float])
print(rounded(far.softmax().log()), rounded(far.logSoftmax()))  // [-inf, 0.0] [-200.0, 0.0]
print(rounded(far.logSumExp()))  // [200.0]

let large = Tensor([16_777_216] as [Float])
print(rounded(large + 1 - large))  // [0.0]

let heights = RandomSource(seed: 1).normal([100_000]) + 10_000
let naive = heights.square().mean() - heights.mean().square()
print(rounded(naive, 1)[0] == 1, rounded(heights.variance(), 1)[0] == 1)  // false true
let tiny = Tensor([1e-9] as [Float])
print(rounded((tiny + 1).log(), 1e12), rounded(tiny.log1p(), 1e12))  // [0.0] [1e-09]

func bowl(_ x: Variable) -> Variable { (x.square() * Variable(Tensor([0.5, 50]))).sum() }

print(rounded(try hessian(at: Tensor([1.0, 1]), of: bowl)))  // [1.0, 0.0, 0.0, 100.0]

func distance(after steps: Int, rate: Double) throws -> Double {
  var x = Tensor([1.0, 1])
  for _ in 0..<steps { x = x - (try gradient(at: x, of: bowl)) * rate }
  return x.square().sum().sqrt().item()
}
print(try distance(after: 100, rate: 0.0201) > 1)  // true
print(try distance(after: 100, rate: 0.0199) < 0.5)  // true
print(try distance(after: 100, rate: 2 / 101) < 0.14 * 2.0.squareRoot())  // true

func saddle(_ x: Variable) -> Variable { (x.square() * Variable(Tensor([1.0, -1]))).sum() }

let start = Tensor([1.0, 0.5])
let slope = try gradient(at: start, of: saddle)
let curvature = try hessian(at: start, of: saddle)
let diagonal = Tensor([curvature[0, 0].item(), curvature[1, 1].item()])
print(rounded(start - slope / diagonal))  // [0.0, 0.0]
print(rounded(start - slope * 0.1))  // [0.8, 0.6]
print(rounded(start - slope / diagonal.abs()))  // [0.0, 1.0]

let point = Tensor([0.3, -1.2, 2.0])
let check = try checkGradients(at: [point]) { ($0[0].sin() * $0[0]).sum() }
print(check.worst < 1e-8)  // true
let rough = try checkGradients(at: [point], step: 1e-13) { ($0[0].sin() * $0[0]).sum() }
print(rough.worst > 1e-5)  // true

func objective(_ x: Variable) -> Variable { (x - Variable(Tensor([2.0, 1]))).square().sum() }
func excess(_ x: Variable) -> Variable { x.square().sum() - 1 }

func minimum(rho: Double, multiplier: Double) throws -> Tensor {
  var x = Tensor([0.0, 0])
  for _ in 0..<5000 {
    let slope = try gradient(at: x) { x in
      objective(x) + (excess(x) + multiplier / rho).relu().square() * (rho / 2)
    }
    x = x - slope * (0.05 / (1 + rho))
  }
  return x
}

let rho = 10.0
let penalized = try minimum(rho: rho, multiplier: 0)
print(rounded(excess(Variable(penalized)).value, 100))  // [0.11]

var multiplier = 0.0
for _ in 0..<20 {
  let x = try minimum(rho: rho, multiplier: multiplier)
  multiplier = max(0, multiplier + rho * excess(Variable(x)).value.item())
}
let solution = try minimum(rho: rho, multiplier: multiplier)
let residual = try gradient(at: solution, of: objective) + gradient(at: solution, of: excess) * multiplier
print(rounded(solution), (multiplier * 1e4).rounded() / 1e4)  // [0.8944, 0.4472] 1.2361
print(residual.abs().max().item() < 1e-6)  // true
