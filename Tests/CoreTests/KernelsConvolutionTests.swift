import AviaryKernels
import Testing

/// One convolution, with the naive loops that define it and its gradients.
private struct Convolution: CustomStringConvertible {
  var shape: aviary_conv2d

  init(
    images n: Int = 2, _ h: Int, _ w: Int, channels cin: Int, kernel: (Int, Int), filters cout: Int,
    strides: (Int, Int) = (1, 1), pad: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1), output: (Int, Int)? = nil
  ) {
    let spanH = (kernel.0 - 1) * dilation.0 + 1
    let spanW = (kernel.1 - 1) * dilation.1 + 1
    // As much padding at the bottom and on the right as at the top and on the left, unless the output says otherwise.
    let oh = output?.0 ?? (h + 2 * pad.0 - spanH) / strides.0 + 1
    let ow = output?.1 ?? (w + 2 * pad.1 - spanW) / strides.1 + 1
    shape = aviary_conv2d(
      n: n, h: h, w: w, cin: cin, kh: kernel.0, kw: kernel.1, cout: cout, oh: oh, ow: ow, stride_h: strides.0,
      stride_w: strides.1, pad_top: pad.0, pad_left: pad.1, dilation_h: dilation.0, dilation_w: dilation.1)
  }

  var description: String { "\(shape)" }
  var inputs: Int { shape.n * shape.h * shape.w * shape.cin }
  var weights: Int { shape.kh * shape.kw * shape.cin * shape.cout }
  var outputs: Int { shape.n * shape.oh * shape.ow * shape.cout }

  /// Calls `body` with the indices (in x, w and y) of every product of the definition.
  func forEachTerm(_ body: (Int, Int, Int) -> Void) {
    let s = shape
    for b in 0..<s.n {
      for i in 0..<s.oh {
        for j in 0..<s.ow {
          for p in 0..<s.kh {
            for q in 0..<s.kw {
              let row = i * s.stride_h + p * s.dilation_h - s.pad_top
              let column = j * s.stride_w + q * s.dilation_w - s.pad_left
              guard row >= 0, row < s.h, column >= 0, column < s.w else { continue }
              for c in 0..<s.cin {
                for o in 0..<s.cout {
                  body(
                    ((b * s.h + row) * s.w + column) * s.cin + c, ((p * s.kw + q) * s.cin + c) * s.cout + o,
                    ((b * s.oh + i) * s.ow + j) * s.cout + o)
                }
              }
            }
          }
        }
      }
    }
  }

  struct Results<S: DenseScalar> {
    var y: [S], dx: [S], dw: [S]
  }

  func run<S: DenseScalar>(_: S.Type, bias: Bool, activation: aviary_activation) -> Results<S> {
    var shape = shape
    let x: [S] = testNumbers(inputs, seed: 1)
    let w: [S] = testNumbers(weights, seed: 2)
    let dy: [S] = testNumbers(outputs, seed: 3)
    let biases: [S] = testNumbers(shape.cout, seed: 4)
    var results = Results<S>(
      y: [S](repeating: 9, count: outputs), dx: [S](repeating: 9, count: inputs), dw: [S](repeating: 9, count: weights))
    biases.withUnsafeBufferPointer {
      S.convolve(&shape, x, w, bias ? $0.baseAddress : nil, activation, 0.25, &results.y)
    }
    S.convolveBackInput(&shape, dy, w, &results.dx)
    S.convolveBackFilter(&shape, x, dy, &results.dw)
    return results
  }

  /// The largest error of each result, relative to the number and size of its terms, in units of the tolerance.
  func errors<S: DenseScalar>(_ results: Results<S>, bias: Bool, activation: aviary_activation) -> [Double] {
    let x: [S] = testNumbers(inputs, seed: 1)
    let w: [S] = testNumbers(weights, seed: 2)
    let dy: [S] = testNumbers(outputs, seed: 3)
    let biases: [S] = testNumbers(shape.cout, seed: 4)
    var y = (0..<outputs).map { bias ? Double(biases[$0 % shape.cout]) : 0 }
    var dx = [Double](repeating: 0, count: inputs)
    var dw = [Double](repeating: 0, count: weights)
    forEachTerm { i, j, k in
      y[k] += Double(x[i]) * Double(w[j])
      dx[i] += Double(dy[k]) * Double(w[j])
      dw[j] += Double(dy[k]) * Double(x[i])
    }
    y = y.map { activated(activation, slope: 0.25, $0) }
    func worst(_ result: [S], _ wanted: [Double], _ terms: Int) -> Double {
      zip(result, wanted).reduce(0.0) {
        // NaN fails this comparison and so counts as an error.
        let error = abs(Double($1.0) - $1.1)
        return error <= .greatestFiniteMagnitude ? max($0, error / (S.tolerance * Double(terms + 1))) : .infinity
      }
    }
    let window = shape.kh * shape.kw
    return [
      worst(results.y, y, window * shape.cin), worst(results.dx, dx, window * shape.cout),
      worst(results.dw, dw, shape.n * shape.oh * shape.ow),
    ]
  }
}

private let convolutions: [Convolution] = [
  // The course's networks, smaller.
  Convolution(images: 3, 12, 12, channels: 1, kernel: (5, 5), filters: 4, pad: (2, 2)),
  Convolution(12, 12, channels: 1, kernel: (5, 5), filters: 20),
  Convolution(8, 8, channels: 20, kernel: (5, 5), filters: 50),
  Convolution(9, 9, channels: 3, kernel: (3, 3), filters: 32, pad: (1, 1)),
  Convolution(6, 17, channels: 32, kernel: (3, 3), filters: 33, pad: (1, 1)),
  // Few channels, with all counts that are treated specially, with and without dilation.
  Convolution(7, 40, channels: 2, kernel: (3, 2), filters: 1),
  Convolution(images: 5, 6, 19, channels: 1, kernel: (3, 7), filters: 2, pad: (1, 3)),
  Convolution(9, 33, channels: 3, kernel: (2, 3), filters: 3, dilation: (2, 3)),
  Convolution(10, 16, channels: 4, kernel: (3, 3), filters: 8, pad: (2, 2), dilation: (2, 2)),
  Convolution(5, 18, channels: 5, kernel: (3, 3), filters: 7, pad: (1, 1)),
  // Strides, dilation, padding on one side only or larger than the kernel, images smaller than the kernel.
  Convolution(17, 15, channels: 6, kernel: (3, 3), filters: 10, strides: (2, 2), pad: (1, 1)),
  Convolution(11, 16, channels: 3, kernel: (4, 3), filters: 5, strides: (3, 2), pad: (0, 1), dilation: (1, 2)),
  Convolution(13, 13, channels: 8, kernel: (3, 3), filters: 12, pad: (2, 2), dilation: (2, 2)),
  Convolution(9, 11, channels: 2, kernel: (4, 3), filters: 18, pad: (0, 2), output: (7, 12)),
  Convolution(4, 4, channels: 3, kernel: (3, 3), filters: 20, pad: (4, 4)),
  Convolution(2, 3, channels: 2, kernel: (5, 5), filters: 3, pad: (2, 2), output: (2, 3)),
  Convolution(20, 20, channels: 2, kernel: (2, 2), filters: 17, strides: (5, 4)),
  // Products in disguise.
  Convolution(5, 7, channels: 9, kernel: (1, 1), filters: 11),
  Convolution(5, 7, channels: 9, kernel: (1, 1), filters: 11, strides: (2, 2)),
  Convolution(6, 6, channels: 5, kernel: (6, 6), filters: 13),
  // Many images, and one.
  Convolution(images: 37, 6, 6, channels: 2, kernel: (3, 3), filters: 16, pad: (1, 1)),
  Convolution(images: 1, 30, 31, channels: 4, kernel: (3, 3), filters: 35, pad: (1, 1)),
  Convolution(images: 0, 5, 5, channels: 2, kernel: (3, 3), filters: 4),
]

@Suite struct KernelsConvolutionTests {
  @Test(arguments: convolutions.indices)
  func resultsAndGradientsAgreeWithTheDefinition(index: Int) {
    let convolution = convolutions[index]
    let activation = aviary_activation(rawValue: UInt8(index % 5))
    let bias = index % 3 != 2
    for isa in availableInstructionSets {
      withInstructionSet(isa) {
        let single = convolution.run(Float.self, bias: bias, activation: activation)
        for error in convolution.errors(single, bias: bias, activation: activation) {
          #expect(error <= 1, "float32, instruction set \(isa.rawValue), \(convolution)")
        }
        let double = convolution.run(Double.self, bias: bias, activation: activation)
        for error in convolution.errors(double, bias: bias, activation: activation) {
          #expect(error <= 1, "float64, instruction set \(isa.rawValue), \(convolution)")
        }
      }
    }
  }
}
