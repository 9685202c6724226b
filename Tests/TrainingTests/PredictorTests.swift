import AviaryCore
import AviaryData
import AviaryLayers
import AviaryTestSupport
import AviaryTraining
import Dispatch
import Synchronization
import Testing

/// Predictions of a run from stored inputs.
@Suite struct PredictorTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A run on two clouds of points.
  private func run(_ changes: String...) throws -> FinishedRun {
    _ = try Trainer(recipe(changes), in: registries, options: ResumeTests.options(folder["run"])).run()
    return try FinishedRun(folder["run"], in: registries)
  }

  @Test func classesHaveTheProbabilitiesOfTheSoftmax() throws {
    let run = try run("epochs=30")
    let points = Tensor([[1.5, 2], [-1, -2], [0.25, 0]] as [[Float]])
    let predictor = try Predictor(run)
    let found = try predictor(points)
    #expect(found.kind == .classes && predictor.predictsProbabilities && found.count == 3)
    let expected = run.model(try run.preprocessing(points)).softmax()
    #expect(found.values == expected)
    #expect(found.labels == expected.argmax(axis: 1))
    let both = found.classes(top: 5)
    #expect(both.count == 3 && both.allSatisfy { $0.count == 2 && $0[0].probability >= $0[1].probability })
    #expect(abs(both[0][0].probability + both[0][1].probability - 1) < 1e-6)
    #expect(both[0][0].name == run.classNames?[both[0][0].label] ?? "\(both[0][0].label)")
    #expect(found.classes() == both.map { [$0[0]] })
    // A single row has no first axis; many rows give the same as their pieces.
    #expect(try run.predict(points[0]).values == predictor(points[0..<1]).values)
    let many = Tensor.concatenate((0..<700).map { _ in points })
    #expect(mismatch(try predictor(many).values[2099], expected[2]) == nil)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let run = try run()
    let wide = message { _ = try run.predict(Tensor([[1, 2, 3]] as [[Float]])) }
    #expect(wide == "inputs: expected [n] + [2], as the run was trained on, found float32[1, 3]")
    #expect(message { _ = try Predictor(run, predicting: .codes) }?.contains("has no codes") == true)
    #expect(message { _ = try Predictor(run, predicting: .reconstructions) }?.contains("reconstruct") == true)
  }

  @Test func valuesAreTheOutputs() throws {
    let run = try run(
      "data=linear", "split=none", "objective.loss=mean-squared-error",
      #"model.layers=[{"name":"dense","units":1}]"#, "metrics=[]")
    let x = Tensor([[0.5], [2]] as [[Float]])
    let found = try run.predict(x)
    #expect(found.kind == .values && found.labels == nil && found.classes().isEmpty)
    #expect(found.values == run.model(try run.preprocessing(x)))
    #expect(try Predictor(run).valueNames(2) == ["value-0", "value-1"])
    #expect(message { _ = try Predictor(run, predicting: .classes) }?.contains("predicts no classes") == true)
  }

  @Test func oneOutputIsTheSecondClass() throws {
    let run = try run(
      "objective.loss=sigmoid-cross-entropy", #"model.layers=[{"name":"dense","units":1}]"#)
    let x = Tensor([[1, 2]] as [[Float]])
    let second = run.model(try run.preprocessing(x)).sigmoid().item()
    let found = try run.predict(x)
    #expect(found.kind == .classes && found.values.shape == [1, 2])
    #expect(abs(found.values[0][1].item() - second) < 1e-6 && abs(found.values[0][0].item() - (1 - second)) < 1e-6)
  }

  @Test func anyNumberOfThreadsMayPredict() throws {
    let predictor = try Predictor(run())
    let points = Tensor((0..<400).map { Float($0) / 100 - 2 }).reshaped(to: [200, 2])
    let expected = try predictor(points).values
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for row in 0..<200 {
        guard let found = try? predictor(points[row]), mismatch(found.values[0], expected[row]) == nil else {
          wrong.withLock { $0 += 1 }
          continue
        }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }
}
