import AviaryKernels
import Foundation
import Testing

@Suite struct KernelsLossTests {
  func checkSoftmaxCrossEntropy<Scalar: VectorScalar>(_ scalar: Scalar.Type) {
    let tolerance = 200 * Double(Scalar.ulpOfOne)
    forEachInstructionSet { isa in
      for (rows, columns) in [(1, 1), (5, 3), (9, 10), (4, 62), (300, 100)] {
        let z: [Scalar] = numbers(rows * columns, seed: 1, scale: 50)
        let labels = (0..<rows).map { Int64($0 * 7 % columns) }
        let signed: [Scalar] = numbers(rows * columns, seed: 2)
        let targets = signed.map { max($0, 0) }
        let scale: [Scalar] = numbers(rows, seed: 3)
        var losses = [Scalar](repeating: 0, count: rows), weighted = losses
        var p = [Scalar](repeating: 0, count: z.count), q = p, byLabel = p, byTarget = p
        expectDone(aviary_softmax_cross_entropy_labels(Scalar.type, rows, columns, z, labels, &losses, &p))
        expectDone(aviary_softmax_cross_entropy_targets(Scalar.type, rows, columns, z, targets, &weighted, &q))
        expectDone(
          aviary_softmax_cross_entropy_labels_gradient(Scalar.type, rows, columns, p, labels, scale, 1, &byLabel))
        expectDone(
          aviary_softmax_cross_entropy_targets_gradient(Scalar.type, rows, columns, p, targets, scale, 0, &byTarget))
        for r in 0..<rows {
          let row = (0..<columns).map { Double(z[r * columns + $0]) }
          let t = (0..<columns).map { Double(targets[r * columns + $0]) }
          let largest = row.max() ?? 0
          let logSum = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
          let loss = logSum - row[Int(labels[r])]
          let total = t.reduce(0, +), expected = zip(row, t).reduce(0) { $0 + $1.1 * (logSum - $1.0) }
          #expect(abs(Double(losses[r]) - loss) <= tolerance * 50, "\(isa)")
          #expect(abs(Double(weighted[r]) - expected) <= tolerance * 50 * max(1, total), "\(isa)")
          for c in 0..<columns {
            let i = r * columns + c, exact = exp(row[c] - logSum), hit = c == Int(labels[r]) ? 1.0 : 0.0
            // Below the smallest normal number a probability may be 0.
            let smallest = Double(Scalar.leastNormalMagnitude)
            #expect(abs(Double(p[i]) - exact) <= tolerance * exact + smallest, "\(isa)")
            #expect(p[i] == q[i], "\(isa)")
            #expect(abs(Double(byLabel[i]) - (exact - hit) * Double(scale[r])) <= tolerance, "\(isa)")
            let slope = (exact * total - t[c]) * Double(scale[0])
            #expect(abs(Double(byTarget[i]) - slope) <= tolerance * max(1, total), "\(isa)")
          }
        }
        var again = losses
        expectDone(aviary_softmax_cross_entropy_labels(Scalar.type, rows, columns, z, labels, &again, nil))
        #expect(again == losses)
      }
    }
  }

  @Test func softmaxCrossEntropyFloat() { checkSoftmaxCrossEntropy(Float.self) }
  @Test func softmaxCrossEntropyDouble() { checkSoftmaxCrossEntropy(Double.self) }

  @Test func extremeLogits() {
    let z: [Float] = [1e30, -1e30, -.infinity, 0]
    var losses: [Float] = [0, 0]
    expectDone(aviary_softmax_cross_entropy_labels(AVIARY_FLOAT32, 2, 2, z, [0, 1], &losses, nil))
    #expect(losses == [0, 0])
    expectDone(aviary_softmax_cross_entropy_targets(AVIARY_FLOAT32, 2, 2, z, [1, 0, 0, 1] as [Float], &losses, nil))
    #expect(losses == [0, 0])
  }

  func checkSigmoid<Scalar: VectorScalar>(_ scalar: Scalar.Type) {
    forEachInstructionSet { isa in
      for n in [1, 5, 16, 33, 20000] {
        let z: [Scalar] = numbers(n, seed: 4, scale: 40), signed: [Scalar] = numbers(n, seed: 5)
        let t = signed.map { abs($0) }
        let scale: [Scalar] = numbers(n, seed: 6)
        var losses = z, gradient = z
        expectDone(aviary_sigmoid_cross_entropy(Scalar.type, n, z, t, &losses))
        expectDone(aviary_sigmoid_cross_entropy_gradient(Scalar.type, n, z, t, scale, 1, &gradient))
        var worst = 0.0
        for i in 0..<n {
          let a = Double(z[i]), target = Double(t[i])
          let loss = max(a, 0) - a * target + log1p(exp(-abs(a)))
          let slope = (1 / (1 + exp(-a)) - target) * Double(scale[i])
          worst = max(worst, abs(Double(losses[i]) - loss) / max(1, abs(a)), abs(Double(gradient[i]) - slope))
        }
        #expect(worst <= 4 * Double(Scalar.ulpOfOne), "\(isa) n = \(n)")
      }
    }
  }

  @Test func sigmoidCrossEntropy() {
    checkSigmoid(Float.self)
    checkSigmoid(Double.self)
  }

  func checkBatchNorm<Scalar: VectorScalar>(_ scalar: Scalar.Type, rows: Int, columns: Int) {
    let centered: [Scalar] = numbers(rows * columns, seed: 7)
    let x = centered.map { $0 + 3 }
    let dy: [Scalar] = numbers(rows * columns, seed: 8)
    let gamma: [Scalar] = numbers(columns, seed: 9), beta: [Scalar] = numbers(columns, seed: 10)
    let epsilon = 1e-3, tolerance = 300 * Double(Scalar.ulpOfOne)
    let column = { (values: [Scalar], c: Int) in (0..<rows).map { Double(values[$0 * columns + c]) } }
    let means = (0..<columns).map { column(x, $0).reduce(0, +) / Double(rows) }
    let variances = (0..<columns).map { c in column(x, c).reduce(0) { $0 + pow($1 - means[c], 2) } / Double(rows) }
    let mean = means.map { Scalar($0) }, variance = variances.map { Scalar($0) }
    forEachInstructionSet { isa in
      var y = x, plain = x, dx = x, dgamma = gamma, dbeta = gamma
      expectDone(
        aviary_batch_norm_forward(Scalar.type, rows, columns, x, mean, variance, nil, epsilon, gamma, beta, &y))
      expectDone(
        aviary_batch_norm_forward(Scalar.type, rows, columns, x, mean, variance, nil, epsilon, nil, nil, &plain))
      expectDone(
        aviary_batch_norm_backward(
          Scalar.type, rows, columns, x, mean, variance, epsilon, gamma, dy, &dx, &dgamma, &dbeta))
      for c in 0..<columns {
        let inverse = 1 / (Double(variance[c]) + epsilon).squareRoot()
        let standard = column(x, c).map { ($0 - Double(mean[c])) * inverse }, slopes = column(dy, c)
        let sum = slopes.reduce(0, +), product = zip(slopes, standard).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(Double(dbeta[c]) - sum) <= tolerance * max(1, abs(sum)), "\(isa)")
        #expect(abs(Double(dgamma[c]) - product) <= tolerance * max(10, abs(product)), "\(isa)")
        var worst = 0.0
        for r in 0..<rows {
          let i = r * columns + c
          worst = max(worst, abs(Double(plain[i]) - standard[r]))
          worst = max(worst, abs(Double(y[i]) - standard[r] * Double(gamma[c]) - Double(beta[c])))
          let slope =
            Double(gamma[c]) * inverse
            * (slopes[r] - sum / Double(rows) - standard[r] * product / Double(rows))
          worst = max(worst, abs(Double(dx[i]) - slope))
        }
        #expect(worst <= tolerance, "\(isa) \(rows)×\(columns) column \(c): \(worst)")
      }
    }
  }

  @Test(arguments: [(1, 3), (7, 1), (50, 4), (33, 20), (3, 200), (20000, 4)])
  func batchNorm(_ rows: Int, _ columns: Int) {
    checkBatchNorm(Float.self, rows: rows, columns: columns)
    checkBatchNorm(Double.self, rows: rows, columns: columns)
  }
}
