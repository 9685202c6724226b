import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import Synchronization
import Testing

/// Rules that each break one law, to verify that the checks detect it.
private struct BrokenRule: Optimizer, Registrable {
  enum Fault: String, CaseIterable, FieldValue {
    case none, climbs, forgets, couples, copies, miscounts, ignoresSchedules
  }

  /// Memory that no checkpoint sees.
  final class Hidden: Sendable {
    let velocity = Mutex(Tensor.zeros([0]))
  }

  static let name = "broken"
  static let card = Card("Breaks a law.")

  @Field(.schedule, "Step size η", .positive) var learningRate: any Schedule = 0.1
  @Field("Which law it breaks") var fault = Fault.none
  let hidden = Hidden()

  func update(_ parameters: inout Tensor, state: inout OptimizerState, from evaluation: Evaluation) {
    let progress = fault == .ignoresSchedules ? TrainingProgress() : evaluation.progress(after: state)
    let η = learningRate.value(at: progress) * (fault == .climbs ? -1 : 1)
    var g = evaluation.gradient
    if fault == .couples { g = g / g.euclideanNorm() }
    if fault == .forgets {
      g = hidden.velocity.withLock { velocity in
        velocity = velocity.elementCount == g.elementCount ? velocity * 0.5 + g : g
        return velocity
      }
    }
    if fault == .copies {
      parameters = parameters - g * η
    } else {
      Tensor.update(&parameters, reading: g) { $0 -= η * $1 }
    }
    if fault != .miscounts || state.step < 20 { state.step += 1 }
  }
}

@Suite struct OptimizerLawTests {
  private func violations(_ fault: BrokenRule.Fault) throws -> [String] {
    var registries = try standardRegistries()
    try registries.register(BrokenRule.self)
    return checkOptimizer(Specification("broken", ["fault": .string(fault.rawValue)]), in: registries)
  }

  @Test func aSoundRuleBreaksNone() throws { #expect(try violations(.none) == []) }

  @Test(arguments: [
    ("climbs", "bring the loss from"), ("forgets", "its state lacks something"),
    ("couples", "depend on the other elements"), ("copies", "parameters move in memory"),
    ("miscounts", "its state counts 20"),
    ("ignoresSchedules", "does not stop it"),
  ])
  func everyBrokenLawIsNoticed(_ fault: String, _ complaint: String) throws {
    let fault = try #require(BrokenRule.Fault(rawValue: fault))
    let found = try violations(fault)
    #expect(found.contains { $0.contains(complaint) }, "\(fault): \(found)")
  }
}
