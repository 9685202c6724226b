import AviaryCore
import AviaryTraining
import Testing

@Suite struct MetricTests {
  /// Labels 0 0 0 0 1 1 2 2, predicted as 0 0 1 2 1 1 0 2.
  private let predictions = Tensor(
    [0, 0, 1, 2, 1, 1, 0, 2].flatMap { label in (0..<4).map { $0 == label ? Float(0.7) : 0.1 } }, shape: [8, 4])
  private let labels = Tensor([0, 0, 0, 0, 1, 1, 2, 2], shape: [8])

  @Test func confusion() {
    var matrix = ConfusionMatrix(classes: 4)
    #expect(matrix.accuracy == nil && matrix.total == 0)
    matrix.add(predictions: predictions, labels: labels)
    #expect(matrix.counts == [[2, 1, 1, 0], [0, 2, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]])
    #expect(matrix.total == 8 && matrix.accuracy == 0.625)
    #expect(matrix.precision(of: 0) == 2.0 / 3 && matrix.recall(of: 0) == 0.5 && matrix.f1(of: 0) == 4.0 / 7)
    #expect(matrix.precision(of: 1) == 2.0 / 3 && matrix.recall(of: 1) == 1 && matrix.f1(of: 1) == 0.8)
    #expect(matrix.precision(of: 2) == 0.5 && matrix.recall(of: 2) == 0.5 && matrix.f1(of: 2) == 0.5)
    // A class that neither occurs nor is predicted has none of the three.
    #expect(matrix.precision(of: 3) == nil && matrix.recall(of: 3) == nil && matrix.f1(of: 3) == nil)
    // Counting batch by batch gives the same; labels that are not classes are skipped.
    var halves = ConfusionMatrix(classes: 4)
    halves.add(predictions: predictions[0..<3], labels: labels[0..<3])
    halves.add(predictions: predictions[3..<8], labels: labels[3..<8])
    halves.add(predictions: predictions[0..<2], labels: Tensor([-1, 4], shape: [2]))
    #expect(halves == matrix)
    var two = ConfusionMatrix(classes: 2)
    two.add(predictions: Tensor([0.5, 0.49, 0.9] as [Float], shape: [3, 1]), labels: Tensor([1, 1, 0], shape: [3]))
    #expect(two.counts == [[0, 1], [1, 1]])
  }

  @Test func accuracy() throws {
    let sum = try #require(Accuracy().sum(predictions, labels))
    #expect(sum == (5, 8))
    #expect(Accuracy().sum(predictions, Tensor.zeros([8])) == nil)
    #expect(Accuracy().sum(Tensor.zeros([8, 2, 2]), labels) == nil)
    var mean = MetricMean()
    #expect(mean.value == nil)
    mean.add((5, 8))
    mean.add(nil)
    mean.add((1, 2))
    #expect(mean.value == 0.6)
  }
}
