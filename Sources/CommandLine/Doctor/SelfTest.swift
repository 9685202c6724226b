import Aviary
import Foundation

/// A check of this machine and this executable that takes about a second.
struct SelfTest: Sendable {
  /// The name of the check.
  let title: String
  /// Runs the check and returns its finding; throws if it fails.
  let body: @Sendable () throws -> String

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  static let all = [product, convolution, gradient, training, files]

  /// Compares the kernels of the current instruction set with sums of products in float64.
  private static let product = SelfTest(title: "matrix product") {
    let random = RandomSource(seed: 1)
    let (a, b) = (random["a"].normal([65, 130]), random["b"].normal([130, 67]))
    let wide = a.cast(to: .float64).expandingDimension(at: 2) * b.cast(to: .float64).expandingDimension(at: 0)
    return try agreement(a.matmul(b), wide.sum(axes: [1]), 1e-5)
  }

  private static let convolution = SelfTest(title: "convolution") {
    let random = RandomSource(seed: 2)
    let (x, w) = (random["x"].normal([2, 9, 9, 3]), random["w"].normal([3, 3, 3, 5]))
    var sum = Tensor.zeros([2, 7, 7, 5], dtype: .float64)
    for (row, column) in (0..<9).map({ ($0 / 3, $0 % 3) }) {
      let piece = x.slice(axis: 1, row..<row + 7).slice(axis: 2, column..<column + 7).cast(to: .float64)
      sum = sum + piece.matmul(w[row][column].cast(to: .float64))
    }
    return try agreement(Tensor.applying(Convolution2D(Window2D(height: 3, width: 3)), x, w), sum, 1e-5)
  }

  private static let gradient = SelfTest(title: "derivatives") {
    let x = RandomSource(seed: 3).normal([40], dtype: .float64)
    let variable = Variable(tracking: x)
    let found = try (variable.tanh() * variable.exp()).sum().gradients(withRespectTo: [variable])[0].value
    let expected = x.exp() * (x.tanh() + 1 - x.tanh().square())
    return try agreement(found, expected, 1e-12)
  }

  /// Checks that one thread and several give bitwise the same results.
  private static let training = SelfTest(title: "training") {
    guard let recipe = Zoo.recipes.first(where: { $0.name == "two-class-logistic" }) else { return "no recipe" }
    let threads = Threads.count
    defer { Threads.set(threads) }
    let began = ContinuousClock.now
    var results: [TrainingResult] = []
    for count in [1, max(2, threads)] {
      Threads.set(count)
      results.append(try Trainer(recipe, in: .standard).run())
    }
    guard results[0].model.parameters.trainable == results[1].model.parameters.trainable else {
      throw Failure("one thread and \(max(2, threads)) give different results")
    }
    let accuracy = results[0].scores["test"]?.values["accuracy"] ?? 0
    guard accuracy > 0.6 else { throw Failure("the test accuracy is \(accuracy), which should be above 0.6") }
    let seconds = (ContinuousClock.now - began).seconds
    return "bitwise the same with 1 and \(max(2, threads)) threads, in \(ProgressDisplay.duration(seconds))"
  }

  /// Checks that a written file reads back unchanged.
  private static let files = SelfTest(title: "files") {
    let path = FileManager.default.temporaryDirectory.appending(path: "aviary-doctor-\(UUID().uuidString).npy").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let numbers = RandomSource(seed: 4).normal([1000])
    try NPY.write(numbers, to: path)
    guard try NPY.read(path) == numbers else { throw Failure("a file does not read back as it was written") }
    return "written to and read from \(FileManager.default.temporaryDirectory.path)"
  }

  private static func agreement(_ found: Tensor, _ expected: Tensor, _ tolerance: Double) throws -> String {
    let error = (found.cast(to: .float64) - expected).abs().max().item() / expected.abs().max().item()
    guard error < tolerance else { throw Failure("the relative error is \(error), which should be below \(tolerance)") }
    return "relative error \(error)"
  }
}
