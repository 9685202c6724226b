import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import Testing

@Suite struct ScheduleTests {
  let registries: Registries

  init() throws { registries = try standardRegistries() }

  /// What the registries call the schedules and fields of the stored cases.
  private static let names = ["inverseTime": "inverse-time", "inverseSquareRoot": "inverse-square-root"]
  private static let fields: [String: [String: String]] = [
    "constant": ["initial": "value"], "inverse-square-root": ["alpha": "initial", "n": "samples"],
    "linear": ["initial": "from", "final": "to", "steps": "over"],
    "cosine": ["initial": "from", "final": "to", "steps": "over"],
  ]

  private func stored(_ stored: GoldenCase) throws -> (name: String, configuration: ConfigurationObject) {
    let name = Self.names[stored.name] ?? stored.name
    var configuration = ConfigurationObject()
    for (key, value) in try #require(try stored.field("attributes").objectValue) {
      configuration[Self.fields[name]?[key] ?? key] = value
    }
    if name != "constant" { configuration["unit"] = "step" }
    return (name, configuration)
  }

  @Test(arguments: try GoldenDocument("schedules").cases)
  func hasTheStoredValues(_ golden: GoldenCase) throws {
    let (name, configuration) = try stored(golden)
    let schedule = try registries.make(.schedule, name, configuration)
    let steps = try #require(GoldenDocument("schedules").root["steps"]?.arrayValue).compactMap(\.integerValue)
    let expected = try golden.numbers("values")
    #expect(steps.count == expected.count)
    for (step, wanted) in zip(steps, expected) {
      let found = schedule.value(at: TrainingProgress(step: step, epoch: 7))
      #expect(abs(found - wanted) <= 1e-13 * abs(wanted), "\(name) at step \(step)")
      if let range = schedule.range {
        #expect(found >= range.lowerBound && found <= range.upperBound * (1 + 1e-15), "\(name) leaves \(range)")
      }
    }
  }

  @Test func everyScheduleHasStoredValues() throws {
    let names = try GoldenDocument("schedules").cases.map { try stored($0).name }
    #expect(Set(names) == Set(registries.entries(of: .schedule).map(\.name)))
  }

  @Test(arguments: try standardRegistries().entries(of: .schedule).map(\.name))
  func epochsCountAsStepsDo(_ name: String) throws {
    let entry = try registries.entry(of: .schedule, named: name)
    guard entry.defaults["unit"] != nil else { return }
    var (steps, epochs) = (entry.defaults, entry.defaults)
    steps["unit"] = "step"
    epochs["unit"] = "epoch"
    let byStep = try registries.make(.schedule, name, steps)
    let byEpoch = try registries.make(.schedule, name, epochs)
    for count in [0, 1, 10, 31, 2000] {
      let afterSteps = byStep.value(at: TrainingProgress(step: count, epoch: 3))
      let afterEpochs = byEpoch.value(at: TrainingProgress(step: 3, epoch: count))
      #expect(afterSteps == afterEpochs)
    }
    #expect(byStep.value(at: TrainingProgress(step: 0)) != byStep.value(at: TrainingProgress(step: 100)))
  }

  @Test(arguments: ["step", "exponential", "inverse-time", "inverse-square-root"])
  func floorsHold(_ name: String) throws {
    let schedule = try registries.make(.schedule, name, ["initial": 0.1, "unit": "step", "floor": 0.025])
    #expect(schedule.value(at: TrainingProgress(step: 0)) == 0.1)
    #expect(schedule.value(at: TrainingProgress(step: 1_000_000)) == 0.025)
    #expect(schedule.range == 0.025...0.1)
  }

  @Test func aDivisionAnUpdateDownToAFloor() throws {
    // 0.1 / 1.000004ᵘ, not below 1e-6: 1.000004^1e6 = 54.5977...; the floor is reached after about 2.9 million updates.
    let schedule = try ExponentialSchedule(initial: 0.1, factor: 0.999996000016, floor: 1e-6)
    var product = 1.0
    for _ in 0..<6 { product *= 1.000004 }
    #expect(abs(schedule.value(at: TrainingProgress(step: 6)) - 0.1 / product) < 1e-16)
    #expect(abs(schedule.value(at: TrainingProgress(step: 1_000_000)) - 0.00183157) < 1e-8)
    #expect(schedule.value(at: TrainingProgress(step: 4_000_000)) == 1e-6)
  }

  @Test func rampsWaitUntilTheirStart() throws {
    let ramp = try LinearSchedule(from: 0.5, to: 0.9, over: 4, after: 2, unit: .epoch)
    for (epoch, wanted) in [0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9].enumerated() {
      #expect(abs(ramp.value(at: TrainingProgress(step: 1000, epoch: epoch)) - wanted) < 1e-15)
    }
  }

  @Test func growthKnowsNoRange() throws {
    #expect(try ExponentialSchedule(initial: 0.1, factor: 1.1).range == nil)
    #expect(try StepSchedule(initial: 0.1, factor: 10).range == nil)
    #expect(ConstantSchedule(0.3).range == 0.3...0.3)
  }
}
