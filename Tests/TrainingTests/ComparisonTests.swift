import AviaryCore
import AviaryTestSupport
import AviaryTraining
import Testing

/// Runs beside each other.
@Suite struct ComparisonTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func train(_ name: String, _ changes: String...) throws -> String {
    _ = try Trainer(
      recipe(["split.test=0.4"] + changes), in: registries, options: ResumeTests.options(folder[name])
    ).run()
    return folder[name]
  }

  @Test func twoClassifiers() throws {
    let runs = [
      try train("one", "epochs=4"), try train("two", "epochs=2", "optimizer=rmsprop", "model.layers.0.units=2"),
    ]
    let found = try RunComparison(of: runs, in: registries)
    #expect(found.members.map(\.letter) == ["A", "B"])
    let differences = Dictionary(uniqueKeysWithValues: found.differences.map { ($0.path, $0.values) })
    #expect(differences["model.layers.0.units"] == ["4", "2"])
    #expect(differences["stages.train.epochs"] == ["4", "2"])
    #expect(differences.keys.contains { $0.hasPrefix("stages.train.optimizer") })
    for member in found.members {
      let answers = try #require(member.answers)
      let right = zip(answers.labels, answers.predicted).count { $0 == $1 }
      let accuracy = try #require(member.scores["test"]?.values["accuracy"])
      #expect(answers.labels.count == 32 && abs(Double(right) / 32 - accuracy) < 1e-12)
      #expect(found.score("test.accuracy", of: member).hasPrefix("\(accuracy.fixed(4)) ["))
    }
    #expect(found.verdicts.count == 1 && found.verdicts[0].contains("of 32 test rows"))
    let page = found.html()
    for part in ["Scores", "Differences", "Curves", "McNemar", "model.layers.0.units"] { #expect(page.contains(part)) }
  }

  @Test func otherModelsHaveNoVerdict() throws {
    let line = [
      "data=linear", "split=none", "metrics=[]", "objective.loss=mean-squared-error",
      #"model.layers=[{"name": "dense", "units": 1}]"#,
    ]
    var runs: [String] = []
    for (name, epochs) in [("a", "epochs=1"), ("b", "epochs=2")] {
      _ = try Trainer(recipe(line + [epochs]), in: registries, options: ResumeTests.options(folder[name])).run()
      runs.append(folder[name])
    }
    let found = try RunComparison(of: runs, in: registries)
    #expect(found.verdicts.isEmpty && found.members[0].answers == nil && found.differences.count == 1)
    #expect(message { _ = try RunComparison(of: [runs[0]], in: registries) }?.contains("2 to 26") == true)
    #expect(message { _ = try RunComparison(of: runs + ["none"], in: registries) }?.contains("none") == true)
  }

  /// By hand: of 10 coins at most 2 heads or at least 8: 2·(1 + 10 + 45)/1024; of 5 none or all: 2/32.
  @Test(arguments: [(2, 8, 0.109375), (5, 0, 0.0625), (0, 0, 1), (4, 4, 1), (3, 4, 1), (1, 0, 1)])
  func mcNemarsTest(_ first: Int, _ second: Int, _ expected: Double) {
    #expect(abs(McNemarTest(first: first, second: second).pValue - expected) < 1e-12)
    #expect(abs(McNemarTest(first: second, second: first).pValue - expected) < 1e-12)
  }

  @Test func manyDisagreements() {
    // The normal approximation of a coin thrown 10000 times: z = 100/50.
    let p = McNemarTest(first: 4900, second: 5100).pValue
    #expect(abs(p - 0.0465) < 0.001)
    #expect(McNemarTest(first: 0, second: 5000).pValue < 1e-300)
    let test = McNemarTest(labels: [0, 1, 2, 1], first: [0, 1, 0, 0], second: [1, 1, 2, 0])
    #expect(test.first == 1 && test.second == 1)
  }

  /// Values of Wilson's formula, worked in NumPy.
  @Test func wilsonsInterval() {
    let interval = wilsonInterval(successes: 8, of: 10)
    #expect(abs(interval.lowerBound - 0.4901624715) < 1e-8 && abs(interval.upperBound - 0.9433178485) < 1e-8)
    #expect(wilsonInterval(successes: 0, of: 20).lowerBound == 0)
    #expect(wilsonInterval(successes: 20, of: 20).upperBound == 1)
  }
}
