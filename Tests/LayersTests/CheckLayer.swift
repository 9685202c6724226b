import AviaryAutograd
import AviaryCore
import AviaryLayers
import AviaryRegistry

/// Checks the laws of every layer. Returns one sentence per violation; empty if all hold.
///
/// 1. An input that does not fit is refused with a ``LayerError`` when the model is built; at least one of `inputs`
///    fits.
/// 2. Outputs have the declared shape and the parameters' dtype, for several rows, one row and none.
/// 3. Inference is deterministic, changes no state, and treats rows independently.
/// 4. Training is a pure function of input, parameters and random source.
/// 5. The derivatives with respect to the input and every trained parameter agree with finite differences, in both
///    modes; or computing them throws, if the layer has none.
/// 6. Every trained parameter has a nonzero derivative; in a layer that also decodes, in at least one direction.
/// 7. In float32, the outputs agree with those in float64 up to rounding.
/// 8. A fused activation gives the same results as the activation applied afterwards.
/// 9. If it allows padding, neither the number of padded steps nor what is in them changes outputs or derivatives; if
///    it does not, a model for sequences of different lengths refuses it.
///
/// Parameters are set to random numbers first, so that zero biases hide nothing. A layer of symbols gets integers below
/// `symbols`, and has no derivative with respect to them.
func checkLayer(
  _ specification: Specification, in registries: Registries, isDifferentiable: Bool = true, symbols: Int? = nil,
  inputs: [Shape] = [[5, 4, 2], [6], [4, 3], [1, 1, 1], []]
) throws -> [String] {
  let layer = try registries.make(.layer, specification)
  var violations: [String] = []
  var accepted = 0
  for input in inputs {
    do {
      var model = try Model(layer, input: input, dtype: .float64, seed: 3)
      accepted += 1
      model.parameters.trainable = normal(model.parameters.trainable.shape, 4) * 0.7
      let laws = LayerLaws(model: model, isDifferentiable: isDifferentiable, symbols: symbols)
      violations += try laws.violations().map { "\(specification.value) on \(input): \($0)" }
    } catch is LayerError {}
  }
  if accepted == 0 { violations.append("\(specification.value): it takes none of \(inputs)") }
  return violations
}

private struct LayerLaws {
  let model: Model
  let isDifferentiable: Bool
  let symbols: Int?

  func violations() throws -> [String] {
    try shapes() + inference() + training() + gradients(.inference) + gradients(.training) + precision() + fusion()
      + padding()
  }

  func input(rows: Int) -> Tensor {
    let shape = model.inputShape.inserting(rows, at: 0)
    guard let symbols else { return normal(shape, 5) }
    return (RandomSource(seed: 5).uniform(shape, dtype: .float64) * Double(symbols)).floor()
  }

  func run(_ input: Tensor, _ mode: Context.Mode, seed: UInt64 = 0) -> (output: Tensor, context: Context) {
    var context = Context(mode, random: RandomSource(seed: seed).at(step: 3))
    let output = model.forward(Variable(input), model.parameters.variables { _ in false }, &context)
    return (output.value, context)
  }

  func shapes() -> [String] {
    var broken: [String] = []
    for mode in [Context.Mode.inference, .training] {
      for rows in [3, 1, 0] where mode == .inference || rows != 1 || model.demandingLayer == nil {
        let spec = TensorSpec(model.outputShape.inserting(rows, at: 0), .float64)
        let found = run(input(rows: rows), mode).output.spec
        if found != spec { broken.append("\(rows) rows give \(found), declared is \(spec)") }
      }
    }
    return broken
  }

  func inference() -> [String] {
    var broken: [String] = []
    let (output, context) = run(input(rows: 3), .inference, seed: 1)
    if !output.isIdentical(to: run(input(rows: 3), .inference, seed: 2).output) {
      broken.append("inference depends on the random source")
    }
    if !context.stateUpdates.isEmpty { broken.append("inference changes state") }
    let alone = run(input(rows: 3)[0..<1], .inference).output
    if distance(alone, output[0..<1]) > 1e-12 { broken.append("in inference a row depends on the others") }
    return broken
  }

  func training() -> [String] {
    let (first, second) = (run(input(rows: 3), .training, seed: 1), run(input(rows: 3), .training, seed: 1))
    let sameState = first.context.stateUpdates.keys == second.context.stateUpdates.keys
    return first.output.isIdentical(to: second.output) && sameState ? [] : ["training is not deterministic"]
  }

  func gradients(_ mode: Context.Mode) throws -> [String] {
    let trained = model.parameters.entries.filter(\.isTrainable)
    let x = input(rows: 3)
    func function(_ points: [Variable]) -> Variable {
      var context = Context(mode, random: RandomSource(seed: 8))
      var values = model.parameters.variables { _ in false }
      for (entry, point) in zip(trained, points.suffix(trained.count)) {
        if let place = model.parameters.entries.firstIndex(where: { $0.name == entry.name }) { values[place] = point }
      }
      let output = model.forward(symbols == nil ? points[0] : Variable(x), values, &context)
      guard let back = model.decode(output, values, &context) else { return output }
      return Variable.concatenate([output, back], axis: 1)
    }
    do {
      let points = (symbols == nil ? [x] : []) + trained.map { model.parameters.value(of: $0) }
      let check = try checkGradients(at: points, of: function)
      guard isDifferentiable else { return ["it has a derivative, but declares none"] }
      var broken: [String] = []
      let names = (symbols == nil ? ["input"] : []) + trained.map(\.name)
      for (name, error) in zip(names, check.errors) where error > 1e-6 {
        broken.append("the derivative by '\(name)' is off by \(error) in \(mode)")
      }
      let found = try valueAndGradients(at: points) { points in
        let output = function(points)
        return (output * Variable(normal(output.shape, 6))).sum()
      }
      // A single step has no state before it.
      let used = trained.map { model.inputShape.first != 1 || !$0.name.hasSuffix("recurrent") }
      for ((entry, isUsed), gradient) in zip(zip(trained, used), found.gradients.suffix(trained.count))
      where isUsed && gradient.abs().max().item() == 0 {
        broken.append("'\(entry.name)' gets no derivative in \(mode)")
      }
      return broken
    } catch let error as DifferentiationError {
      return isDifferentiable ? ["\(error)"] : []
    }
  }

  func precision() throws -> [String] {
    var single = try Model(model.layer, input: model.inputShape, seed: 3)
    try single.parameters.load(model.parameters.namedValues)
    let x = input(rows: 3)
    let output = single(x.cast(to: .float32))
    if output.dtype != .float32 { return ["in float32 it gives \(output.spec)"] }
    let error = distance(output.cast(to: .float64), model(x))
    return error > 1e-4 ? ["in float32 it is off by \(error)"] : []
  }

  func fusion() throws -> [String] {
    guard let fused = model.layer.fused(with: .tanh) else { return [] }
    var other = try Model(fused, input: model.inputShape, dtype: .float64, seed: 3)
    other.parameters = model.parameters
    let error = distance(other(input(rows: 3)), model(input(rows: 3)).tanh())
    return error > 1e-12 ? ["with tanh in its own pass it is off by \(error)"] : []
  }

  func padding() throws -> [String] {
    guard model.inputShape.rank >= 2, let steps = model.inputShape.first, steps > 1 else { return [] }
    let allows = model.layer.allowsPadding
    do {
      var varied = try Model(model.layer, input: model.inputShape, stepsVary: true, dtype: .float64, seed: 3)
      guard allows else { return ["it takes sequences of different lengths, though it cannot tell data from padding"] }
      varied.parameters = model.parameters
      let lengths = [steps, steps - 1, 1]
      let data = StepRows(lengths: lengths, steps: steps)
      let short = input(rows: 3)
      let filler = symbols == nil ? 7.0 : 0
      var rest = Array(short.shape)
      rest[1] = steps + 1
      let long = Tensor.concatenate(
        [data.filling(short, with: filler), Tensor(repeating: filler, shape: Shape(rest), dtype: .float64)], axis: 1)
      let (one, other) = (try pass(varied, short, lengths), try pass(varied, long, lengths))
      return zip(one, other).contains { distance($0, $1) > 1e-12 } ? ["padding changes outputs or derivatives"] : []
    } catch let error as LayerError {
      // A container is refused for a layer inside it.
      return allows && !error.path.contains(".") ? ["\(error)"] : []
    }
  }

  /// The outputs at the valid steps, and the derivatives of their weighted sum with respect to all trained parameters.
  private func pass(_ varied: Model, _ input: Tensor, _ lengths: [Int]) throws -> [Tensor] {
    var outputs = Tensor.zeros([0])
    let trained = varied.parameters.entries.indices.filter { varied.parameters.entries[$0].isTrainable }
    let points = trained.map { varied.parameters.value(of: varied.parameters.entries[$0]) }
    let found = try valueAndGradients(at: points) { points in
      var context = Context(.inference, lengths: lengths)
      var values = varied.parameters.variables { _ in false }
      for (index, point) in zip(trained, points) { values[index] = point }
      let output = varied.forward(Variable(input), values, &context)
      let rows = context.steps(of: output)?.rows(of: output) ?? output
      outputs = rows.value
      return (rows * Variable(normal(rows.shape, 6))).sum()
    }
    return [outputs] + (isDifferentiable ? found.gradients : [])
  }
}
