import AviaryKernels
import Foundation
import Testing

@Suite struct KernelsReductionTests {
  static let shapes: [(outer: Int, reduced: Int, inner: Int)] = [
    (2, 3, 0), (0, 4, 2),
    (1, 1, 1), (1, 17, 1), (3, 100, 1), (2, 5000, 1), (1, 0, 1), (2, 0, 3), (1, 9, 4),
    (1, 1000, 3), (2, 777, 5),
    (3, 70, 16), (1, 200, 65), (2, 3, 300), (1, 30001, 7), (1, 300_000, 1), (20, 4000, 1), (1, 3, 40000),
  ]

  func reference(_ op: aviary_reduce_op, _ values: [Double]) -> Double {
    switch op {
    case AVIARY_REDUCE_SUM: values.reduce(0, +)
    case AVIARY_REDUCE_PRODUCT: values.reduce(1, *)
    case AVIARY_REDUCE_MAX: values.contains(where: \.isNaN) ? .nan : values.max() ?? -.infinity
    case AVIARY_REDUCE_MIN: values.contains(where: \.isNaN) ? .nan : values.min() ?? .infinity
    default: values.reduce(0) { $0 + $1 * $1 }
    }
  }

  func check<Scalar: VectorScalar>(_ scalar: Scalar.Type, _ shape: (outer: Int, reduced: Int, inner: Int)) {
    let (outer, reduced, inner) = shape
    let tolerance = Double(Scalar.ulpOfOne) * 40
    forEachInstructionSet { isa in
      for op in [
        AVIARY_REDUCE_SUM, AVIARY_REDUCE_PRODUCT, AVIARY_REDUCE_MAX, AVIARY_REDUCE_MIN, AVIARY_REDUCE_SUM_OF_SQUARES,
      ] {
        // Products of numbers near 1 neither overflow nor vanish.
        let x: [Scalar] = numbers(outer * reduced * inner, seed: 5).map {
          op == AVIARY_REDUCE_PRODUCT ? 1 + $0 / 4096 : $0
        }
        let out = filled(outer * inner, with: Scalar(0)) {
          expectDone(aviary_reduce(op, Scalar.type, outer, reduced, inner, x, $0))
        }
        for o in 0..<outer {
          for i in stride(from: 0, to: inner, by: max(1, inner / 50)) {
            let values = (0..<reduced).map { Double(x[(o * reduced + $0) * inner + i]) }
            let exact = reference(op, values), value = Double(out[o * inner + i])
            let magnitude =
              op == AVIARY_REDUCE_PRODUCT ? abs(exact) * Double(reduced) : values.reduce(0) { $0 + abs($1) }
            #expect(
              value == exact || abs(value - exact) <= tolerance * max(magnitude, 1),
              "\(isa) \(op) \(shape) at \(o) \(i)")
          }
        }
      }
    }
  }

  @Test(arguments: shapes.indices) func floats(_ index: Int) { check(Float.self, Self.shapes[index]) }
  @Test(arguments: shapes.indices) func doubles(_ index: Int) { check(Double.self, Self.shapes[index]) }

  @Test func longSumsAreAccurate() {
    let n = 4_000_000
    let x: [Float] = numbers(n, seed: 6).map { $0 + 1 }
    let exact = x.reduce(0) { $0 + Double($1) }
    forEachInstructionSet { isa in
      var sum: Float = 0
      expectDone(aviary_reduce(AVIARY_REDUCE_SUM, AVIARY_FLOAT32, 1, n, 1, x, &sum))
      #expect(abs(Double(sum) / exact - 1) < 2e-7, "\(isa)")
    }
  }

  @Test func nanPropagates() {
    forEachInstructionSet { isa in
      for n in [1, 5, 16, 40, 300] {
        for place in [0, n / 2, n - 1] {
          var x = [Float](repeating: 1, count: n)
          x[place] = .nan
          for op in [AVIARY_REDUCE_MAX, AVIARY_REDUCE_MIN, AVIARY_REDUCE_SUM] {
            var out: Float = 0
            expectDone(aviary_reduce(op, AVIARY_FLOAT32, 1, n, 1, x, &out))
            #expect(out.isNaN, "\(isa) \(op) n = \(n)")
            var columns = [Float](repeating: 0, count: n)
            expectDone(aviary_reduce(op, AVIARY_FLOAT32, 1, 3, n, x + x + x, &columns))
            #expect(columns.indices.allSatisfy { columns[$0].isNaN == ($0 == place) })
          }
          var index: Int64 = -1
          expectDone(aviary_arg_reduce(true, AVIARY_FLOAT32, 1, n, 1, x, &index))
          #expect(index == place)
        }
      }
    }
  }

  @Test func integersAndBool() {
    let x: [Int8] = [100, 100, -128, 5, 7, -7]
    var out = [Int8](repeating: 0, count: 2)
    expectDone(aviary_reduce(AVIARY_REDUCE_SUM, AVIARY_INT8, 1, 3, 2, x, &out))
    #expect(out == [-21, 98])
    expectDone(aviary_reduce(AVIARY_REDUCE_MAX, AVIARY_INT8, 2, 3, 1, x, &out))
    #expect(out == [100, 7])
    expectDone(aviary_reduce(AVIARY_REDUCE_PRODUCT, AVIARY_INT8, 2, 3, 1, x, &out))
    #expect(out == [0, 11])
    let flags = [true, false, false, false]
    var any = [false, true], all = [true, true]
    expectDone(aviary_reduce(AVIARY_REDUCE_ANY, AVIARY_BOOL, 2, 2, 1, flags, &any))
    expectDone(aviary_reduce(AVIARY_REDUCE_ALL, AVIARY_BOOL, 2, 2, 1, flags, &all))
    #expect(any == [true, false] && all == [false, false])
    expectRefused(aviary_reduce(AVIARY_REDUCE_SUM, AVIARY_BOOL, 2, 2, 1, flags, &any))
    expectRefused(aviary_reduce(AVIARY_REDUCE_ANY, AVIARY_FLOAT32, 0, 0, 0, flags, &any))
  }

  @Test func argReduce() {
    forEachInstructionSet { isa in
      for (outer, reduced, inner) in [(3, 1, 1), (4, 10, 1), (2, 1000, 1), (2, 9, 3), (1, 20, 130)] {
        let x: [Double] = numbers(outer * reduced * inner, seed: 8).map { ($0 * 20).rounded() }
        for maximum in [true, false] {
          let out = filled(outer * inner, with: Int64(-1)) {
            expectDone(aviary_arg_reduce(maximum, AVIARY_FLOAT64, outer, reduced, inner, x, $0))
          }
          for o in 0..<outer {
            for i in 0..<inner {
              let values = (0..<reduced).map { x[(o * reduced + $0) * inner + i] }
              let best = maximum ? values.max() : values.min()
              #expect(
                Int(out[o * inner + i]) == values.firstIndex { $0 == best }, "\(isa) \(outer) \(reduced) \(inner)")
            }
          }
        }
      }
    }
  }

  func exactSoftmax<Scalar: VectorScalar>(_ row: ArraySlice<Scalar>) -> (softmax: [Double], logSum: Double) {
    let largest = Double(row.max() ?? 0)
    let sum = row.reduce(0) { $0 + exp(Double($1) - largest) }
    return (row.map { exp(Double($0) - largest) / sum }, largest + log(sum))
  }

  func checkSoftmax<Scalar: VectorScalar>(_ scalar: Scalar.Type) {
    forEachInstructionSet { isa in
      for (rows, columns) in [(1, 1), (7, 10), (3, 16), (2, 33), (5, 257), (40, 1000)] {
        let x: [Scalar] = numbers(rows * columns, seed: 10, scale: 30)
        let dy: [Scalar] = numbers(rows * columns, seed: 11)
        let y = filled(x.count, with: Scalar(0)) { expectDone(aviary_softmax(Scalar.type, rows, columns, x, $0)) }
        let l = filled(x.count, with: Scalar(0)) { expectDone(aviary_log_softmax(Scalar.type, rows, columns, x, $0)) }
        let sums = filled(rows, with: Scalar(0)) {
          expectDone(aviary_log_sum_exp(Scalar.type, rows, columns, 1, x, $0))
        }
        let dx = filled(x.count, with: Scalar(0)) {
          expectDone(aviary_softmax_backward(Scalar.type, rows, columns, y, dy, $0))
        }
        let dl = filled(x.count, with: Scalar(0)) {
          expectDone(aviary_log_softmax_backward(Scalar.type, rows, columns, l, dy, $0))
        }
        let tolerance = 60 * Double(Scalar.ulpOfOne)
        for r in 0..<rows {
          let range = r * columns..<(r + 1) * columns
          let (exact, logSum) = exactSoftmax(x[range])
          #expect(abs(Double(sums[r]) - logSum) <= tolerance * max(1, abs(logSum)))
          let dot = range.reduce(0) { $0 + Double(dy[$1]) * exact[$1 - range.lowerBound] }
          let total = range.reduce(0) { $0 + Double(dy[$1]) }
          for i in range {
            let p = exact[i - range.lowerBound], log = Double(x[i]) - logSum
            #expect(abs(Double(y[i]) - p) <= tolerance * p, "\(isa) softmax")
            #expect(abs(Double(l[i]) - log) <= tolerance * max(1, abs(log)), "\(isa) log softmax")
            #expect(abs(Double(dx[i]) - p * (Double(dy[i]) - dot)) <= tolerance, "\(isa) backward")
            #expect(abs(Double(dl[i]) - (Double(dy[i]) - p * total)) <= tolerance * 10, "\(isa) log backward")
          }
        }
      }
    }
  }

  @Test func softmaxFloat() { checkSoftmax(Float.self) }
  @Test func softmaxDouble() { checkSoftmax(Double.self) }

  @Test func logSumExpAtTheEdges() {
    forEachInstructionSet { isa in
      let infinity = Float.infinity
      let x: [Float] = [
        1000, 1000, -infinity, -infinity, infinity, 1, .nan, 1, -1000, -infinity, infinity, .nan,
      ]
      let rows = filled(6, with: Float(0)) { expectDone(aviary_log_sum_exp(AVIARY_FLOAT32, 6, 2, 1, x, $0)) }
      #expect(abs(rows[0] - 1000.6931) < 1e-3, "\(isa)")
      #expect(rows[1] == -infinity, "\(isa)")
      #expect(rows[2] == infinity, "\(isa)")
      #expect(rows[3].isNaN, "\(isa)")
      #expect(rows[4] == -1000, "\(isa)")
      #expect(rows[5].isNaN, "\(isa)")
      let columns = filled(2, with: Float(0)) {
        expectDone(aviary_log_sum_exp(AVIARY_FLOAT32, 1, 3, 2, Array(x[0..<4]) + [0, -infinity], $0))
      }
      #expect(columns[0] == 1000 && columns[1] == 1000)
      let masked = filled(3, with: Float(7)) {
        expectDone(aviary_softmax(AVIARY_FLOAT32, 1, 3, [0, -infinity, 0], $0))
      }
      #expect(masked == [0.5, 0, 0.5])
    }
  }

  @Test func topK() {
    let x: [Float] = [3, 1, .nan, 3, -5, 3, 9]
    var values = [Float](repeating: 0, count: 7)
    var indices = [Int64](repeating: 0, count: 7)
    for k in 0...7 {
      expectDone(aviary_top_k(AVIARY_FLOAT32, 1, 7, k, x, &values, &indices))
      #expect(Array(indices[..<k]) == Array([2, 6, 0, 3, 5, 1, 4][..<k]))
      for i in 0..<k where !values[i].isNaN { #expect(values[i] == x[Int(indices[i])]) }
    }
    let many: [Int32] = (numbers(3000, seed: 12, scale: 500) as [Double]).map { Int32($0) }
    var best = [Int32](repeating: 0, count: 60)
    var places = [Int64](repeating: 0, count: 60)
    expectDone(aviary_top_k(AVIARY_INT32, 3, 1000, 20, many, &best, &places))
    for row in 0..<3 {
      let order = (0..<1000).sorted { (many[row * 1000 + $0], $1) > (many[row * 1000 + $1], $0) }
      #expect(places[row * 20..<(row + 1) * 20].map { Int($0) } == Array(order[..<20]))
    }
  }

  @Test func cumulativeSums() {
    let x: [Int64] = [1, 2, 3, 4, 5, 6]
    var out = [Int64](repeating: 0, count: 6)
    expectDone(aviary_cumulative_sum(AVIARY_INT64, 2, 3, 1, x, &out))
    #expect(out == [1, 3, 6, 4, 9, 15])
    expectDone(aviary_cumulative_sum(AVIARY_INT64, 1, 3, 2, x, &out))
    #expect(out == [1, 2, 4, 6, 9, 12])
  }

  func isAllFinite(_ x: [Float]) -> Bool { aviary_all_finite(AVIARY_FLOAT32, x.count, x) }

  @Test func allFinite() {
    forEachInstructionSet { isa in
      for n in [0, 1, 63, 200, 70001] {
        var x: [Float] = numbers(n, seed: 13)
        #expect(isAllFinite(x), "\(isa)")
        for place in Set([0, n / 2, n - 1]) where n > 0 {
          for bad in [Float.nan, .infinity, -.infinity] {
            let before = x[place]
            x[place] = bad
            #expect(!isAllFinite(x), "\(isa) \(bad) at \(place) of \(n)")
            x[place] = before
          }
        }
      }
    }
    let halves = aviary_all_finite(AVIARY_FLOAT16, 2, [UInt16(0x3C00), 0x7C00])
    let integers = aviary_all_finite(AVIARY_INT8, 2, [Int8(1), 2])
    #expect(!halves && integers)
  }

  /// The mean and the variance of a column of `values`, in double precision.
  func exactMoments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let origin = values[0]
    let shift = values.reduce(0) { $0 + ($1 - origin) } / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - origin - shift) * ($1 - origin - shift) }
    return (origin + shift, squares / Double(values.count))
  }

  @Test(arguments: [0, 100, 1e4, 1e7] as [Float]) func moments(_ offset: Float) {
    forEachInstructionSet { isa in
      for (rows, columns) in [(1, 3), (100, 4), (1000, 70), (40000, 5), (300, 1)] {
        let x: [Float] = numbers(rows * columns, seed: 14, scale: 8).map { $0 + offset }
        var mean = [Float](repeating: 0, count: columns), variance = mean, rest = mean
        expectDone(aviary_moments(AVIARY_FLOAT32, rows, columns, x, &mean, &variance, &rest))
        for c in 0..<columns {
          let (m, v) = exactMoments((0..<rows).map { Double(x[$0 * columns + c]) })
          #expect(abs(Double(mean[c]) - m) < 2e-6 + 0.51 * Double(Float(m).ulp), "\(isa) \(rows) \(columns)")
          #expect(abs(Double(mean[c]) + Double(rest[c]) - m) < 2e-6, "\(isa) \(rows) \(columns)")
          #expect(abs(Double(variance[c]) - v) <= 1e-6 * v, "\(isa) \(rows) \(columns)")
        }
      }
    }
  }

  @Test func longColumnsAreAccurate() {
    let rows = 10_000_000, columns = 2
    var x: [Float] = numbers(rows * columns, seed: 16, scale: 3)
    for i in 0..<rows { x[2 * i + 1] += 1000 }
    let column = { (c: Int) in (0..<rows).lazy.map { Double(x[2 * $0 + c]) } }
    let sums = [0, 1].map { column($0).reduce(0, +) }
    let means = sums.map { $0 / Double(rows) }
    let variances = [0, 1].map { c in column(c).reduce(0) { $0 + ($1 - means[c]) * ($1 - means[c]) } / Double(rows) }
    forEachInstructionSet { isa in
      var sum: [Float] = [0, 0], mean = sum, variance = sum, rest = sum
      expectDone(aviary_reduce(AVIARY_REDUCE_SUM, AVIARY_FLOAT32, 1, rows, columns, x, &sum))
      expectDone(aviary_moments(AVIARY_FLOAT32, rows, columns, x, &mean, &variance, &rest))
      // Of the first column's terms, as large as 3, little is left.
      #expect(abs(Double(sum[0]) - sums[0]) < 5e-8 * 1.5 * Double(rows), "\(isa)")
      #expect(abs(Double(sum[1]) / sums[1] - 1) < 2e-7, "\(isa)")
      for c in 0..<columns {
        #expect(abs(Double(mean[c]) + Double(rest[c]) - means[c]) < 1e-6, "\(isa)")
        #expect(abs(Double(variance[c]) / variances[c] - 1) < 2e-7, "\(isa)")
      }
    }
  }

  @Test func sameBitsForAnyThreadCount() {
    let x: [Float] = numbers(1_500_000, seed: 15)
    for (outer, reduced, inner) in [(1, 1_500_000, 1), (1, 100_000, 15), (30, 50_000, 1), (3, 5, 100_000)] {
      var first: [Float] = []
      forEachThreadCount { threads in
        let sums = filled(outer * inner, with: Float(0)) {
          expectDone(aviary_reduce(AVIARY_REDUCE_SUM, AVIARY_FLOAT32, outer, reduced, inner, x, $0))
        }
        let y = filled(x.count, with: Float(0)) { expectDone(aviary_softmax(AVIARY_FLOAT32, 1500, 1000, x, $0)) }
        var mean = [Float](repeating: 0, count: 15), variance = mean, rest = mean
        expectDone(aviary_moments(AVIARY_FLOAT32, 100_000, 15, x, &mean, &variance, &rest))
        let all = sums + y + mean + variance + rest
        if threads == 1 { first = all }
        #expect(all == first, "\(threads) threads")
      }
    }
  }
}
