import Aviary
import AviaryCommandLine
import AviaryCore
import Foundation
import Testing

struct BenchmarkTests {
  @Test(arguments: [
    ("gemm-64", "GFLOP/s"), ("eltwise-softmax", "GB/s"), ("op-add", "ns/op"), ("op-grad", "ns/op"),
    ("lr-fonts", "steps/s"), ("cnn-fonts", "samples/s"), ("dae-mnist-b20", "samples/s"), ("rbm-mnist-b20", "samples/s"),
    ("maxout-mnist", "samples/s"), ("infer-mlp-mnist-b1", "us"),
  ])
  func aCasePrintsFinitePositiveNumbers(name: String, unit: String) throws {
    let measured = try #require(try BenchmarkCase.named([name]).first)
    let result = try BenchmarkResult(of: measured, with: Stopwatch(runs: 3, seconds: 0.01))
    #expect(result.text.hasPrefix(name))
    let line = try ConfigurationValue(parsing: result.json)
    #expect(line["case"] == .string(name))
    #expect(line["unit"] == .string(unit))
    #expect(line["threads"] == .integer(Threads.count))
    #expect(line["processor"]?.stringValue?.isEmpty == false)
    #expect(line["kernels"] == .string(Threads.instructionSet))
    let runs = try #require(line["runs"]?.arrayValue).map { try #require($0.numberValue) }
    #expect(runs.count == 3)
    #expect(runs.allSatisfy { $0.isFinite && $0 > 0 })
    #expect(line["value"]?.numberValue == runs.sorted()[1])
    #expect(line["best"]?.numberValue == (unit.hasSuffix("/s") ? runs.max() : runs.min()))
  }

  @Test func timesAreThoseOfOneCall() throws {
    var calls = 0.0
    let began = ContinuousClock.now
    let times = try Stopwatch(runs: 2, seconds: 0.02).time {
      calls += 1
      usleep(1000)
    }
    let passed = (ContinuousClock.now - began) / .seconds(1)
    #expect(times.count == 2)
    #expect(times.allSatisfy { $0 >= 0.001 })
    // At least a third of all calls are timed, and these took no longer than all of them.
    #expect(try #require(times.min()) * calls <= 3 * passed)
  }

  @Test(arguments: [("gemm-64", 2e-9 * 64 * 64 * 64), ("lenet-mnist", 128), ("lr-fonts", 1)])
  func workOverTimeIsARate(name: String, work: Double) throws {
    let quantity = try #require(try BenchmarkCase.named([name]).first).quantity
    #expect(quantity.value(seconds: 0.5) == 2 * work)
  }

  @Test(arguments: [
    ("op-add", 1e9), ("op-grad", 5e7), ("infer-lenet-mnist-b1", 1e6), ("startup", 1),
  ])
  func timesAreInTheUnitOfTheCase(name: String, ofASecond: Double) throws {
    let quantity = try #require(try BenchmarkCase.named([name]).first).quantity
    #expect(quantity.value(seconds: 2) == 2 * ofASecond)
  }

  @Test func groupsHoldEveryCaseOnce() throws {
    let all = try BenchmarkCase.named(["all"]).map(\.name)
    #expect(Set(all).count == all.count)
    #expect(
      try BenchmarkCase.named(["kernels", "optimizers", "train", "infer", "startup", "op-add"]).map(\.name) == all)
    #expect(try BenchmarkCase.named(["train"]).map(\.name).contains("cnn-cifar"))
    #expect(
      try BenchmarkCase.named(["infer-mlp-mnist-b1", "gemm-64"]).map(\.name) == ["infer-mlp-mnist-b1", "gemm-64"])
  }

  @Test func aStepOfATrainingCaseTrains() throws {
    let network = try #require(BenchmarkNetwork.all.first { $0.name == "mlp-mnist" })
    let training = try BenchmarkTraining(network)
    let before = training.model.parameters.trainable
    try training.step()
    let once = training.model.parameters.trainable
    try training.step()
    #expect((before .!= once).any().item() == 1)
    #expect((once .!= training.model.parameters.trainable).any().item() == 1)
  }

  #if compiler(>=6.2)
    /// In a separate process, because all tests in a process share its memory.
    @Test func warmStepsAskTheSystemForNoMemory() async {
      await #expect(processExitsWith: .success) {
        Threads.set(1)
        for network in BenchmarkNetwork.all {
          let training = try BenchmarkTraining(network)
          for _ in 0..<3 { try training.step() }
          let before = Memory.systemBlocks
          for _ in 0..<3 { try training.step() }
          precondition(Memory.systemBlocks == before, "\(network.name) takes new memory")
        }
      }
    }
  #endif

  @Test(arguments: [
    ["--case", "op-ad"], ["--case", ""], ["--runs", "0"], ["--seconds", "0"], ["--seconds", "soon"],
    ["--threads", "0"], ["--wait", "-1"], ["op-add"], ["--cases", "op-add"],
  ])
  func wrongArgumentsAreUsageErrors(arguments: [String]) {
    #expect(AviaryCommand.run(["benchmark"] + arguments, in: .standard) == 2)
  }

  @Test func theCommandRuns() {
    let arguments = ["benchmark", "--case", "op-add,gemm-64", "--runs", "1", "--seconds", "0.001"]
    #expect(AviaryCommand.run(arguments, in: .standard) == 0)
    #expect(AviaryCommand.run(arguments + ["--once"], in: .standard) == 0)
    #expect(AviaryCommand.run(arguments + ["--json", "--processor", "--wait", "0.01"], in: .standard) == 0)
  }
}
