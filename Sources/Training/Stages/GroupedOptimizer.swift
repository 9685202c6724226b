import AviaryCore
import AviaryLayers
import AviaryOptimizers

/// An optimizer with different settings for groups of parameters. Each group is a separate vector with its own state.
///
/// State: that of each group, `rest.…`, `group.0.…`; `solution` if the optimizer has one.
struct GroupedOptimizer: Optimizer {
  /// The optimizer for parameters in no group.
  let rest: any Optimizer
  /// The optimizers of the groups, by pattern.
  let groups: [(pattern: String, optimizer: any Optimizer)]

  private var all: [any Optimizer] { [rest] + groups.map(\.optimizer) }

  var needs: Set<Evaluation.Capability> { all.reduce([.layout]) { $0.union($1.needs) } }
  var needsFullBatches: Bool { all.contains { $0.needsFullBatches } }
  var stepsUntilMemory: Int { all.map(\.stepsUntilMemory).max() ?? 1 }

  /// The common value of the optimizers; nil if they differ.
  func gradientStep(at progress: TrainingProgress) -> Double? {
    let steps = all.map { $0.gradientStep(at: progress) }
    return steps.allSatisfy { $0 == steps[0] } ? steps[0] : nil
  }

  func solution(_ state: OptimizerState) -> Tensor? { state.tensors["solution"] }

  /// The groups that a name belongs to.
  func groups(of name: String) -> [Int] {
    groups.indices.filter { NamePattern(groups[$0].pattern).matches(name) }
  }

  func update(
    _ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation
  ) throws {
    let layout = evaluation.layout ?? [ParameterBlock("parameters", offset: 0, shape: parameters.shape)]
    var parts = [[ParameterBlock]](repeating: [], count: groups.count + 1)
    for block in layout { parts[(groups(of: block.name).first ?? -1) + 1].append(block) }
    for (place, (optimizer, part)) in zip(all, parts).enumerated() where !part.isEmpty {
      var own = part
      var count = 0
      for index in own.indices {
        own[index].offset = count
        count += own[index].count
      }
      func gathered(_ vector: Tensor) -> Tensor {
        Tensor.concatenate(part.map { vector.flatView(from: $0.offset, shape: [$0.count]) })
      }
      func scatter(_ values: Tensor, into vector: inout Tensor) {
        for (block, mine) in zip(part, own) {
          vector.replace(from: block.offset, with: values.flatView(from: mine.offset, shape: [mine.count]))
        }
      }
      var values = gathered(parameters)
      let solution = try state.withInner(place == 0 ? "rest" : "group.\(place - 1)") { inner in
        try optimizer.update(
          &values, state: &inner,
          from: Evaluation(gradient: gathered(evaluation.gradient), progress: evaluation.progress, layout: own))
        return optimizer.solution(inner)
      }
      scatter(values, into: &parameters)
      if let solution {
        var whole = state.tensors["solution"] ?? Tensor.zeros(parameters.shape, dtype: parameters.dtype)
        scatter(solution, into: &whole)
        state.tensors["solution"] = whole
      }
    }
    state.step += 1
  }
}
