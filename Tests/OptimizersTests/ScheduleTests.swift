import AviaryCore
import AviaryOptimizers
import AviaryRegistry
import AviaryTestSupport
import Testing

@Suite struct ScheduleTests {
  let registries: Registries

  init() throws { registries = try standardRegistries() }

  /// The registered names of the schedules and fields in the stored cases.
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

  /// Those of `torch.optim.lr_scheduler`. At the end of a ramp to 0 both are near it.
  @Test(arguments: try GoldenDocument("further_schedules").cases)
  func followsTorch(_ golden: GoldenCase) throws {
    var configuration = try #require(try golden.field("configuration").objectValue)
    if try registries.entry(of: .schedule, named: golden.name).defaults["unit"] != nil {
      configuration["unit"] = "step"
    }
    let schedule = try registries.make(.schedule, golden.name, configuration)
    let range = try #require(schedule.range)
    let (steps, values) = (try golden.numbers("steps"), try golden.numbers("values"))
    #expect(steps.count == values.count && steps.count > 10)
    for (step, wanted) in zip(steps, values) {
      var progress = TrainingProgress(step: Int(step), epoch: 7)
      // Epoch by epoch; one epoch has not measured the value.
      let measured = golden.value["measured"]?.arrayValue?.compactMap(\.numberValue).prefix(Int(step)) ?? []
      progress.measured = measured.flatMap { [[schedule.monitors.first ?? "": $0], ["other": 7]] }
      let found = schedule.value(at: progress)
      #expect(
        abs(found - wanted) <= 1e-14 + 1e-12 * abs(wanted), "\(golden.value["case"]?.stringValue ?? "") at \(step)")
      #expect(range.contains(found))
    }
  }

  @Test func everyScheduleHasStoredValues() throws {
    let further = try GoldenDocument("further_schedules").cases.map(\.name)
    #expect(further.count == 29)
    let names = try GoldenDocument("schedules").cases.map { try stored($0).name } + further
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

  /// A schedule after a warm-up of epochs starts when these are done, whether it counts epochs or steps.
  @Test func timeBeginsAnewInAPhase() throws {
    let inner = try LinearSchedule(from: 1, to: 0, over: 10, unit: .step)
    let outer = try WarmUpSchedule(inner, over: 2, start: 0.5, unit: .epoch)
    func value(_ schedule: any Schedule, _ step: Int) -> Double {
      schedule.value(at: TrainingProgress(step: step, epoch: step / 5, stepsPerEpoch: 5, epochs: 9))
    }
    #expect([0, 4, 5, 9, 10, 15, 20, 40].map { value(outer, $0) } == [0.5, 0.5, 0.75, 0.75, 1, 0.5, 0, 0])
    let epochs = try MultiStepSchedule(initial: 1, milestones: [1, 3], factor: 0.5)
    let sequence = try ScheduleSequence([3.0, epochs], milestones: [7], unit: .step)
    #expect([0, 6, 7, 11, 12, 21, 22, 90].map { value(sequence, $0) } == [3, 3, 1, 1, 0.5, 0.5, 0.25, 0.25])
  }

  @Test func aCycleStaysAtItsEnd() throws {
    for curve in [OneCycleSchedule.Curve.cosine, .linear] {
      let cycle = try OneCycleSchedule(from: 0.1, peak: 1, to: 0.01, over: 20, rise: 0.25, curve: curve)
      #expect([0, 4, 19, 20, 1000].map { cycle.value(at: TrainingProgress(step: $0)) } == [0.1, 1, 0.01, 0.01, 0.01])
    }
  }

  @Test func rangesHoldWhatIsInside() throws {
    let growth = try ExponentialSchedule(initial: 0.1, factor: 1.1)
    #expect(try WarmUpSchedule(growth, over: 3).range == nil)
    #expect(try WarmUpSchedule(0.4, over: 3).range == 0...0.4)
    #expect(try WarmUpSchedule(-0.4, over: 3, start: 0.5).range == -0.4 ... -0.2)
    #expect(try ScheduleSequence([0.4, 0.1], milestones: [3]).range == 0.1...0.4)
    #expect(try ScheduleSequence([0.4, growth], milestones: [3]).range == nil)
    #expect(try OneCycleSchedule(from: 0.95, peak: 0.8, to: 0.9, over: 9).range == 0.8...0.95)
    #expect(try MultiStepSchedule(initial: 1, milestones: [2, 3], factor: 0.5, floor: 0.4).range == 0.4...1)
    #expect(try MultiStepSchedule(initial: 1, milestones: [2, 3], factor: 2).range == 1...4)
  }

  @Test(
    arguments: [
      ("multi-step", ["initial": 1, "milestones": [3, 3]], "ascending"),
      ("multi-step", ["initial": 1, "milestones": []], "element"),
      (
        "sequence", ["schedules": [1, 2], "milestones": [1, 2]],
        "1 milestones, one for each of the 2 schedules but the first"
      ),
      ("one-cycle", ["from": 0, "peak": 1, "over": 3, "rise": 0.3], "a fraction that is more than one of the 3 units"),
      ("cyclic", ["from": 0, "to": 1, "rise": 3, "fall": 0], "fall"),
      ("cosine-restarts", ["from": 1, "over": 0], "over"),
      ("warm-up", ["schedule": 1, "over": 5, "start": 2], "start"),
    ] as [(String, ConfigurationObject, String)])
  func whatNeverWorksIsRefused(_ name: String, _ configuration: ConfigurationObject, _ message: String) {
    let error = #expect(throws: ConfigurationError.self) { try registries.make(.schedule, name, configuration) }
    #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }
}
