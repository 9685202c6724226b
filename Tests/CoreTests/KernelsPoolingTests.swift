import AviaryKernels
import Testing

/// One pooling, with the loops that define it.
private struct Pooling: CustomStringConvertible {
  var shape: aviary_pool2d

  init(
    images n: Int = 3, _ h: Int, _ w: Int, channels c: Int, window: (Int, Int), strides: (Int, Int),
    pad: (Int, Int) = (0, 0), output: (Int, Int)
  ) {
    shape = aviary_pool2d(
      n: n, h: h, w: w, c: c, kh: window.0, kw: window.1, oh: output.0, ow: output.1, stride_h: strides.0,
      stride_w: strides.1, pad_top: pad.0, pad_left: pad.1)
  }

  var description: String { "\(shape)" }
  var inputs: Int { shape.n * shape.h * shape.w * shape.c }
  var outputs: Int { shape.n * shape.oh * shape.ow * shape.c }

  /// For each result, the indices in x of its window's places inside the image, row by row.
  var windows: [[Int]] {
    let s = shape
    return (0..<outputs).map { index in
      let (c, j, i) = (index % s.c, index / s.c % s.ow, index / s.c / s.ow % s.oh)
      let image = index / (s.c * s.ow * s.oh)
      var places: [Int] = []
      for row in (i * s.stride_h - s.pad_top)..<(i * s.stride_h - s.pad_top + s.kh) where row >= 0 && row < s.h {
        for column in (j * s.stride_w - s.pad_left)..<(j * s.stride_w - s.pad_left + s.kw)
        where column >= 0 && column < s.w {
          places.append(((image * s.h + row) * s.w + column) * s.c + c)
        }
      }
      return places
    }
  }
}

private let poolings: [Pooling] = [
  Pooling(12, 12, channels: 4, window: (2, 2), strides: (2, 2), output: (6, 6)),
  Pooling(13, 15, channels: 1, window: (2, 2), strides: (2, 2), output: (6, 7)),
  Pooling(8, 8, channels: 50, window: (2, 2), strides: (2, 2), output: (4, 4)),
  Pooling(9, 10, channels: 20, window: (3, 3), strides: (2, 2), pad: (1, 1), output: (5, 5)),
  Pooling(6, 7, channels: 33, window: (3, 3), strides: (1, 1), pad: (1, 1), output: (6, 7)),
  Pooling(7, 9, channels: 3, window: (2, 3), strides: (2, 3), output: (3, 3)),
  Pooling(3, 3, channels: 2, window: (2, 2), strides: (2, 2), pad: (2, 2), output: (4, 4)),
  Pooling(images: 70, 4, 4, channels: 16, window: (2, 2), strides: (2, 2), output: (2, 2)),
  Pooling(images: 1, 5, 5, channels: 2, window: (5, 5), strides: (5, 5), output: (1, 1)),
  Pooling(images: 1, 100, 60, channels: 13, window: (3, 2), strides: (2, 2), output: (49, 30)),
  Pooling(images: 2, 61, 50, channels: 13, window: (5, 5), strides: (2, 3), pad: (2, 1), output: (31, 16)),
]

@Suite struct KernelsPoolingTests {
  /// Few different values, so that some are equal, and some NaN.
  private func image(_ count: Int) -> [Float] {
    (testNumbers(count, seed: 1) as [Float]).enumerated().map {
      $0.offset % 61 == 7 ? .nan : ($0.element * 4).rounded()
    }
  }

  @Test(arguments: poolings.indices)
  func maximaAndWhereTheyLie(index: Int) {
    let pooling = poolings[index]
    var shape = pooling.shape
    let x = image(pooling.inputs)
    let windows = pooling.windows
    let winners = windows.map { places in
      places.first { x[$0].isNaN }
        ?? places.dropFirst().reduce(places.first) { x[$1] > x[$0!] ? $1 : $0 }
    }
    let dy: [Float] = testNumbers(pooling.outputs, seed: 2)
    var gradient = [Float](repeating: 0, count: pooling.inputs)
    for (index, winner) in winners.enumerated() {
      if let winner { gradient[winner] += dy[index] }
    }
    for isa in availableInstructionSets {
      withInstructionSet(isa) {
        var y = [Float](repeating: 9, count: pooling.outputs)
        var argmax = [Int32](repeating: 9, count: pooling.outputs)
        var dx = [Float](repeating: 9, count: pooling.inputs)
        aviary_maxpool2d_forward_f32(&shape, x, &y, &argmax)
        aviary_maxpool2d_backward_f32(&shape, dy, argmax, &dx)
        let places = shape.h * shape.w
        let wanted = winners.map { $0.map { Int32($0 / shape.c % places) } ?? -1 }
        #expect(argmax == wanted, "instruction set \(isa.rawValue), \(pooling)")
        let maxima = winners.map { $0.map { x[$0] } ?? -.infinity }
        #expect(zip(y, maxima).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }, "\(pooling)")
        #expect(dx == gradient, "instruction set \(isa.rawValue), \(pooling)")

        var wide = [Double](repeating: 9, count: pooling.outputs)
        var wideArgmax = argmax
        var wideGradient = [Double](repeating: 9, count: pooling.inputs)
        aviary_maxpool2d_forward_f64(&shape, x.map(Double.init), &wide, &wideArgmax)
        aviary_maxpool2d_backward_f64(&shape, dy.map(Double.init), wideArgmax, &wideGradient)
        #expect(wideArgmax == wanted && zip(wide, maxima).allSatisfy { $0 == Double($1) || $0.isNaN && $1.isNaN })
        #expect(zip(wideGradient, gradient).allSatisfy { abs($0 - Double($1)) < 1e-5 })
        // Without the winners, the same maxima.
        var alone = [Float](repeating: 9, count: pooling.outputs)
        aviary_maxpool2d_forward_f32(&shape, x, &alone, nil)
        #expect(alone.map(\.bitPattern) == y.map(\.bitPattern))
      }
    }
  }

  @Test(arguments: poolings.indices, [false, true])
  func meansAndTheirGradients(index: Int, countPadding: Bool) {
    let pooling = poolings[index]
    var shape = pooling.shape
    let x: [Double] = testNumbers(pooling.inputs, seed: 3)
    let dy: [Double] = testNumbers(pooling.outputs, seed: 4)
    var means = [Double](repeating: 0, count: pooling.outputs)
    var gradient = [Double](repeating: 0, count: pooling.inputs)
    for (index, places) in pooling.windows.enumerated() where !places.isEmpty {
      let divisor = Double(countPadding ? shape.kh * shape.kw : places.count)
      means[index] = places.reduce(0) { $0 + x[$1] } / divisor
      for place in places { gradient[place] += dy[index] / divisor }
    }
    for isa in availableInstructionSets {
      withInstructionSet(isa) {
        var y = [Double](repeating: 9, count: pooling.outputs)
        var dx = [Double](repeating: 9, count: pooling.inputs)
        aviary_avgpool2d_forward_f64(&shape, countPadding, x, &y)
        aviary_avgpool2d_backward_f64(&shape, countPadding, dy, &dx)
        #expect(zip(y, means).allSatisfy { abs($0 - $1) < 1e-13 }, "instruction set \(isa.rawValue), \(pooling)")
        #expect(zip(dx, gradient).allSatisfy { abs($0 - $1) < 1e-13 }, "instruction set \(isa.rawValue), \(pooling)")
      }
    }
  }
}
