import AviaryKernels
import Testing

@Suite struct KernelsLinearAlgebraTests {
  static let sizes = [(1, 1), (2, 3), (5, 1), (17, 4), (40, 33)]

  func product(_ a: [Double], _ b: [Double], _ n: Int, _ columns: Int) -> [Double] {
    var out = [Double](repeating: 0, count: n * columns)
    for i in 0..<n {
      for k in 0..<n {
        for j in 0..<columns { out[i * columns + j] += a[i * n + k] * b[k * columns + j] }
      }
    }
    return out
  }

  func distance<Scalar: BinaryFloatingPoint>(_ x: [Scalar], _ y: [Double]) -> Double {
    zip(x, y).map { abs(Double($0) - $1) }.max() ?? 0
  }

  @Test func solve() {
    forEachInstructionSet { isa in
      for (n, columns) in Self.sizes {
        // The first column starts with zeros, so that nothing works without pivoting.
        var a: [Double] = numbers(n * n, seed: UInt64(n))
        if n > 1 { a[0] = 0 }
        let x: [Double] = numbers(n * columns, seed: 2)
        let b = product(a, x, n, columns)
        var factors = a, solution = b
        let failed = aviary_solve_f64(n, columns, &factors, &solution)
        #expect(failed == 0 && distance(solution, x) < 1e-9, "\(isa) n = \(n)")
        var narrowFactors = a.map { Float($0) }, narrow = b.map { Float($0) }
        let failedNarrow = aviary_solve_f32(n, columns, &narrowFactors, &narrow)
        #expect(failedNarrow == 0 && distance(narrow, x) < 2e-2, "\(isa) n = \(n)")
      }
      var singular: [Double] = [1, 2, 3, 2, 4, 6, 1, 0, 1], b = [1.0, 2, 3]
      let failed = aviary_solve_f64(3, 1, &singular, &b)
      #expect(failed == 3, "\(isa)")
    }
  }

  @Test func cholesky() {
    forEachInstructionSet { isa in
      for n in [1, 2, 3, 20, 50] {
        let g: [Double] = numbers(n * n, seed: 3)
        var a = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
          for j in 0..<n { a[i * n + j] = (0..<n).reduce(i == j ? 1 : 0) { $0 + g[i * n + $1] * g[j * n + $1] } }
        }
        var l = a, narrow = a.map { Float($0) }
        for i in 0..<n { for j in i + 1..<max(n, i + 1) { l[i * n + j] = .nan } }
        let failed = aviary_cholesky_f64(n, &l), failedNarrow = aviary_cholesky_f32(n, &narrow)
        #expect(failed == 0 && failedNarrow == 0)
        #expect((0..<n).allSatisfy { i in (i + 1..<max(n, i + 1)).allSatisfy { l[i * n + $0] == 0 } })
        for i in 0..<n {
          for j in 0..<n {
            let square = (0..<n).reduce(0) { $0 + l[i * n + $1] * l[j * n + $1] }
            #expect(abs(square - a[i * n + j]) < 1e-12 * Double(n), "\(isa) n = \(n)")
            let narrowSquare = (0..<n).reduce(0) { $0 + Double(narrow[i * n + $1]) * Double(narrow[j * n + $1]) }
            #expect(abs(narrowSquare - a[i * n + j]) < 1e-5 * Double(n), "\(isa) n = \(n)")
          }
        }
      }
      var indefinite: [Double] = [4, 0, 2, 1.25]
      let failed = aviary_cholesky_f64(2, &indefinite)
      #expect(failed == 0)
      indefinite = [4, 0, 2, 0.5]
      let failedLater = aviary_cholesky_f64(2, &indefinite)
      #expect(failedLater == 2, "\(isa)")
    }
  }

  @Test func triangularSolves() {
    forEachInstructionSet { isa in
      for (n, columns) in Self.sizes {
        for lower in [true, false] {
          for transposed in [true, false] {
            for unit in [true, false] {
              var t: [Double] = numbers(n * n, seed: 5).map { $0 / Double(n) }
              for i in 0..<n { t[i * n + i] = 1.5 }
              // Elements that must not be read are NaN; the product uses the intended matrix.
              var meant = t, stored = t
              for i in 0..<n {
                for j in 0..<n where lower ? j > i : j < i {
                  meant[i * n + j] = 0
                  stored[i * n + j] = .nan
                }
                if unit {
                  meant[i * n + i] = 1
                  stored[i * n + i] = .nan
                }
              }
              if transposed { meant = (0..<n * n).map { meant[$0 % n * n + $0 / n] } }
              let x: [Double] = numbers(n * columns, seed: 6)
              let b = product(meant, x, n, columns)
              var solution = b, narrow = b.map { Float($0) }
              let failed = aviary_triangular_solve_f64(lower, transposed, unit, n, columns, stored, &solution)
              let failedNarrow = aviary_triangular_solve_f32(
                lower, transposed, unit, n, columns, stored.map { Float($0) }, &narrow)
              #expect(failed == 0 && failedNarrow == 0)
              #expect(distance(solution, x) < 1e-11, "\(isa) \(n) \(columns) \(lower) \(transposed) \(unit)")
              #expect(distance(narrow, x) < 1e-4, "\(isa) \(n) \(columns) \(lower) \(transposed) \(unit)")
            }
          }
        }
      }
      var b = [1.0, 1]
      let failed = aviary_triangular_solve_f64(true, false, false, 2, 1, [1, 0, 5, 0], &b)
      #expect(failed == 2 && b == [1, 1])
    }
  }
}
