import AviaryKernels
import Testing

/// Depthwise convolution and its gradients against the loops that define them, on every instruction set.
@Suite struct KernelsDepthwiseTests {
  private static let shapes = [
    shape(n: 2, 5, 6, channels: 3, kernel: (3, 3), strides: (1, 1), pad: (1, 1)),
    shape(n: 1, 7, 9, channels: 20, kernel: (2, 3), strides: (2, 1), pad: (0, 2), dilation: (2, 1)),
    shape(n: 3, 40, 41, channels: 33, kernel: (3, 3), strides: (2, 2), pad: (1, 1)),
    shape(n: 1, 4, 4, channels: 1, kernel: (4, 4), strides: (3, 3), pad: (3, 3)),
    shape(n: 2, 9, 13, channels: 34, kernel: (5, 5), strides: (1, 1), pad: (2, 2)),
    shape(n: 1, 3, 2, channels: 17, kernel: (5, 5), strides: (1, 1), pad: (2, 2)),
    shape(n: 2, 1, 30, channels: 40, kernel: (1, 7), strides: (1, 1), pad: (0, 3)),
    shape(n: 2, 1, 6, channels: 16, kernel: (1, 9), strides: (1, 1), pad: (0, 8)),
    shape(n: 1, 6, 6, channels: 32, kernel: (3, 3), strides: (1, 1), pad: (5, 4)),
    shape(n: 1, 11, 12, channels: 24, kernel: (3, 3), strides: (1, 1), pad: (0, 0), dilation: (2, 3)),
  ]

  private static func shape(
    n: Int, _ h: Int, _ w: Int, channels: Int, kernel: (Int, Int), strides: (Int, Int), pad: (Int, Int),
    dilation: (Int, Int) = (1, 1)
  ) -> aviary_conv2d {
    aviary_conv2d(
      n: n, h: h, w: w, cin: channels, kh: kernel.0, kw: kernel.1, cout: channels,
      oh: (h + 2 * pad.0 - (kernel.0 - 1) * dilation.0 - 1) / strides.0 + 1,
      ow: (w + 2 * pad.1 - (kernel.1 - 1) * dilation.1 - 1) / strides.1 + 1, stride_h: strides.0, stride_w: strides.1,
      pad_top: pad.0, pad_left: pad.1, dilation_h: dilation.0, dilation_w: dilation.1)
  }

  /// Calls `body` with the positions in x, w and y of every product.
  private func forEachTerm(_ s: aviary_conv2d, _ body: (Int, Int, Int) -> Void) {
    for result in 0..<s.n * s.oh * s.ow * s.cin {
      let (c, j, i) = (result % s.cin, result / s.cin % s.ow, result / s.cin / s.ow % s.oh)
      let image = result / (s.cin * s.ow * s.oh)
      for p in 0..<s.kh {
        for q in 0..<s.kw {
          let (row, column) = (
            i * s.stride_h + p * s.dilation_h - s.pad_top, j * s.stride_w + q * s.dilation_w - s.pad_left
          )
          guard row >= 0, row < s.h, column >= 0, column < s.w else { continue }
          body(((image * s.h + row) * s.w + column) * s.cin + c, (p * s.kw + q) * s.cin + c, result)
        }
      }
    }
  }

  @Test(arguments: shapes.indices) func agreesWithItsDefinition(_ index: Int) {
    var s = Self.shapes[index]
    let (inputs, weights, outputs) = (s.n * s.h * s.w * s.cin, s.kh * s.kw * s.cin, s.n * s.oh * s.ow * s.cin)
    let x: [Double] = testNumbers(inputs, seed: 1)
    let w: [Double] = testNumbers(weights, seed: 2)
    let dy: [Double] = testNumbers(outputs, seed: 3)
    var y = [Double](repeating: 0, count: outputs)
    var (dx, dw) = ([Double](repeating: 0, count: inputs), [Double](repeating: 0, count: weights))
    forEachTerm(s) { a, b, c in
      y[c] += x[a] * w[b]
      dx[a] += dy[c] * w[b]
      dw[b] += dy[c] * x[a]
    }
    func expect(_ found: [Double], _ expected: [Double], _ tolerance: Double) {
      let worst = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1) / max(1, abs($1.1))) }
      #expect(worst < tolerance)
    }
    for isa in availableInstructionSets {
      withInstructionSet(isa) {
        var (a, b, c) = (y.map { _ in 9.0 }, dx.map { _ in 9.0 }, dw.map { _ in 9.0 })
        aviary_depthwise2d_forward_f64(&s, x, w, &a)
        aviary_depthwise2d_backward_input_f64(&s, dy, w, &b)
        aviary_depthwise2d_backward_filter_f64(&s, x, dy, &c)
        for (found, expected) in [(a, y), (b, dx), (c, dw)] { expect(found, expected, 1e-12) }
        let (xs, ws, dys) = (x.map(Float.init), w.map(Float.init), dy.map(Float.init))
        var (d, e, f) = (y.map { _ in Float(9) }, dx.map { _ in Float(9) }, dw.map { _ in Float(9) })
        aviary_depthwise2d_forward_f32(&s, xs, ws, &d)
        aviary_depthwise2d_backward_input_f32(&s, dys, ws, &e)
        aviary_depthwise2d_backward_filter_f32(&s, xs, dys, &f)
        for (found, expected) in [(d, y), (e, dx), (f, dw)] { expect(found.map(Double.init), expected, 2e-4) }
      }
    }
  }
}
