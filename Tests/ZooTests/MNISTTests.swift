import AviaryRegistry
import AviaryTestSupport
import AviaryTraining
import Foundation
import Testing

private let folder = ProcessInfo.processInfo.environment["AVIARY_DATA"]
private let isThere = folder.map { FileManager.default.fileExists(atPath: $0 + "/mnist/train-images-idx3-ubyte.gz") }

@Suite struct MNISTTests {
  /// The published result to the last digit: 719 of 9600 test images are wrong, 7.489583 %, after 74 epochs.
  @Test(
    .enabled(if: isThere == true, "set AVIARY_DATA to a folder with mnist/ to train on it"),
    arguments: ["float32", "float64"])
  func theTutorialsLogisticRegression(_ precision: String) throws {
    let stored = try GoldenDocument("mnist_logistic").named("mnist")
    var options = Trainer.Options()
    options.dataFolder = folder
    let recipe = try ZooTests.recipe("mnist-logistic-theano", "precision=\(precision)")
    let result = try Trainer(recipe, in: .standard, options: options).run()
    #expect(result.epochs == 74 && stored.value["epochs"] == 74)
    func wrong(_ values: [String: Double]?, _ name: String) -> Double { (values?[name] ?? .nan) * 9600 }
    for part in ["validation", "test"] {
      #expect(abs(wrong(result.scores[part]?.values, "error") - (try stored.number(part))) < 1e-9)
    }
    #expect(abs(wrong(result.scores["test"]?.values, "error") - 719) < 1e-9)
    let curve = try #require(stored.value["curve"]?.arrayValue)
    #expect(curve.count == 7)
    for point in curve {
      let values = result.history[try #require(point["epoch"]?.integerValue) - 1].values
      let loss = try #require(point["loss"]?.numberValue)
      #expect(abs((values["train.loss"] ?? .nan) - loss) < (precision == "float32" ? 1e-6 : 1e-12))
      for part in ["validation", "test"] {
        #expect(abs(wrong(values, "\(part).error") - (point[part]?.numberValue ?? .nan)) < 1e-9, "\(point)")
      }
    }
  }
}
