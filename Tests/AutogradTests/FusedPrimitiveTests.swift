import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// Every primitive with a composition has the composition's values, gradients and second derivatives.
@Suite("Fused primitives against their compositions")
struct FusedPrimitiveTests {
  static let activations: [FusedActivation] = [.identity, .relu, .leakyRelu(slope: 0.2), .sigmoid, .tanh]

  private func normal(_ shape: Shape, _ purpose: String) -> Tensor {
    RandomSource(seed: 7)[purpose].normal(shape, dtype: .float64)
  }

  @Test("affine", arguments: activations)
  func affine(_ activation: FusedActivation) throws {
    let (x, b) = (normal([3, 4], "x"), normal([5], "b"))
    #expect(try checkComposition(of: Affine(activation), at: [x, normal([4, 5], "w"), b]) == [])
    let tied = Affine(activation, transposingWeight: true)
    #expect(try checkComposition(of: tied, at: [x, normal([5, 4], "w"), b]) == [])
    #expect(try checkPrimitive(PrimitiveOperation(tied), at: [x, normal([5, 4], "w"), b]) == [])
  }

  @Test("convolution", arguments: activations)
  func convolution(_ activation: FusedActivation) throws {
    let operands = [normal([2, 4, 5, 2], "x"), normal([3, 2, 2, 3], "w"), normal([3], "b")]
    for padding in [Window2D.Padding.valid, .same, .cover, .border(rows: 2, columns: 1)] {
      let window = Window2D(height: 3, width: 2, strides: (1, 2), padding: padding)
      #expect(try checkComposition(of: Convolution2D(window, activation), at: operands) == [])
    }
  }

  @Test("the derivative of an activation", arguments: activations)
  func activationGradient(_ activation: FusedActivation) throws {
    let (y, dy) = (activation(normal([3, 4], "y")), normal([3, 4], "dy"))
    #expect(try checkComposition(of: ActivationGradient(activation), at: [y, dy]) == [])
  }

  @Test("softmax and cross-entropies")
  func losses() throws {
    let logits = normal([4, 3], "logits") * 3
    #expect(try checkComposition(of: SoftmaxFunction(), at: [logits]) == [])
    #expect(try checkComposition(of: SoftmaxFunction(isLogarithm: true), at: [logits]) == [])
    let labels = Tensor([2, 0, 1, 1])
    let probabilities = normal([4, 3], "targets").softmax()
    for target in [labels, probabilities] {
      #expect(try checkComposition(of: SoftmaxCrossEntropyFromLogits(), at: [logits, target]) == [])
      let gradient = [logits.softmax(), target, normal([4], "dy")]
      #expect(try checkComposition(of: SoftmaxCrossEntropyGradient(), at: gradient) == [])
    }
    #expect(try checkComposition(of: SigmoidCrossEntropyFromLogits(), at: [logits, probabilities]) == [])
  }

  @Test("batch normalization")
  func batchNormalization() throws {
    let (x, gamma, beta) = (normal([5, 3], "x"), normal([3], "gamma"), normal([3], "beta"))
    #expect(try checkComposition(of: BatchNormalization(epsilon: 1e-3), at: [x, gamma, beta]) == [])
    let normalization = PrimitiveOperation(BatchNormalization(epsilon: 1e-3))
    #expect(try checkPrimitive(normalization, at: [x, gamma, beta]) == [])
    let mean = x.mean(axes: [0])
    let operands = [x, gamma, mean, x.variance(axes: [0]), normal([5, 3], "dy")]
    #expect(try checkComposition(of: BatchNormalizationGradient(epsilon: 1e-3), at: operands) == [])
  }

  @Test("a convolution of each channel by itself, and its derivatives")
  func depthwise() throws {
    for padding in [Window2D.Padding.valid, .same, .cover, .border(rows: 2, columns: 1)] {
      let window = Window2D(height: 3, width: 2, strides: (1, 2), dilations: (1, 2), padding: padding)
      let (x, w) = (normal([2, 4, 5, 3], "x"), normal([3, 2, 3], "w"))
      #expect(try checkPrimitive(PrimitiveOperation(DepthwiseConvolution2D(window)), at: [x, w]) == [])
      let dy = normal(Tensor.applying(DepthwiseConvolution2D(window), x, w).shape, "dy")
      let inputGradient = DepthwiseConvolution2DInputGradient(window, imageShape: x.shape)
      #expect(try checkPrimitive(PrimitiveOperation(inputGradient), at: [dy, w]) == [])
      #expect(try checkPrimitive(PrimitiveOperation(DepthwiseConvolution2DFilterGradient(window)), at: [x, dy]) == [])
    }
    let window = Window2D(height: 3, width: 3, strides: (2, 1), padding: .same)
    // Compares every channel with an ordinary convolution; large enough for several tasks.
    let (x, w) = (normal([6, 33, 40, 19], "x"), normal([3, 3, 19], "w"))
    let y = Tensor.applying(DepthwiseConvolution2D(window), x, w)
    let dy = normal(y.shape, "dy")
    let dx = Tensor.applying(DepthwiseConvolution2DInputGradient(window, imageShape: x.shape), dy, w)
    let dw = Tensor.applying(DepthwiseConvolution2DFilterGradient(window), x, dy)
    for c in [0, 7, 18] {
      let (one, filter) = (x.slice(axis: 3, c..<(c + 1)), w.slice(axis: 2, c..<(c + 1)).expandingDimension(at: 3))
      let g = dy.slice(axis: 3, c..<(c + 1))
      #expect(mismatch(y.slice(axis: 3, c..<(c + 1)), Tensor.applying(Convolution2D(window), one, filter)) == nil)
      let back = Convolution2DInputGradient(window, imageShape: one.shape)
      #expect(mismatch(dx.slice(axis: 3, c..<(c + 1)), Tensor.applying(back, g, filter)) == nil)
      let other = Tensor.applying(Convolution2DFilterGradient(window), one, g)
      #expect(mismatch(dw.slice(axis: 2, c..<(c + 1)), other.squeezed(axis: 3)) == nil)
    }
  }

  @Test("group normalization", arguments: [true, false])
  func groupNormalization(_ isCentered: Bool) throws {
    // Few and many channels and positions, one and several tasks, because the kernel treats them differently.
    for (shape, groups) in [
      ([3, 4, 6], 2), ([2, 1, 5], 1), ([2, 16, 3], 3), ([1, 9, 70], 7), ([300, 1, 8], 1), ([70, 32, 4], 2),
    ] as [(Shape, Int)] {
      let (x, gamma, beta) = (normal(shape, "x") + 0.5, normal([shape[2]], "gamma"), normal([shape[2]], "beta"))
      let normalization = GroupNormalization(groups: groups, epsilon: 1e-3, isCentered: isCentered)
      let outputs = Tensor.apply(normalization, to: [x, gamma, beta])
      let operands = [x, gamma, outputs[1], outputs[2], normal(shape, "dy")]
      if x.elementCount < 100 {
        #expect(try checkComposition(of: normalization, at: [x, gamma, beta]) == [])
        #expect(try checkPrimitive(PrimitiveOperation(normalization), at: [x, gamma, beta]) == [])
        #expect(try checkComposition(of: GroupNormalizationGradient(normalization), at: operands) == [])
      }
      let formula = try #require(normalization.composition(of: [x, gamma, beta]))
      for (found, expected) in zip(outputs, formula) { #expect(mismatch(found, expected) == nil, "\(shape)") }
      let gradient = GroupNormalizationGradient(normalization)
      let derivative = try #require(gradient.composition(of: operands))
      for (found, expected) in zip(Tensor.apply(gradient, to: operands), derivative) {
        #expect(mismatch(found, expected) == nil, "\(shape)")
      }
    }
    let empty = Tensor.zeros([0, 3, 4], dtype: .float64)
    let normalization = GroupNormalization(epsilon: 1e-3, isCentered: isCentered)
    #expect(Tensor.apply(normalization, to: [empty, normal([4], "g"), normal([4], "b")])[1].shape == [0, 1])
  }

  @Test("dropout, whose mask is drawn again")
  func dropout() throws {
    let x = normal([50], "x")
    for dtype in [DType.float64, .float32] {
      let dropout = InvertedDropout(keep: 0.7, random: RandomSource(seed: 3))
      #expect(try checkComposition(of: dropout, at: [x.cast(to: dtype)], tolerance: 1e-6) == [])
      let y = Tensor.applying(dropout, x)
      let kept = (y .!= Tensor(0.0)).cast(to: .float64)
      #expect(mismatch(y, x * kept / 0.7) == nil)
      #expect((20...48).contains(kept.sum().item()))
    }
  }

  @Test("a product with a mask for each row, drawn again for its derivatives")
  func maskedProduct() throws {
    let product = MaskedProduct(keep: 0.6, random: RandomSource(seed: 3))
    let (x, w, dy) = (normal([4, 5], "x"), normal([5, 3], "w"), normal([4, 3], "dy"))
    for (role, operands) in [
      (.product, [x, w]), (.rowGradient, [dy, w]), (.weightGradient, [x, dy]),
    ] as [(MaskedProduct.Role, [Tensor])] {
      #expect(try checkPrimitive(PrimitiveOperation(product.with(role)), at: operands) == [])
      #expect(try checkComposition(of: product.with(role), at: operands) == [])
    }
    // With inputs and weights of 1, an output counts the weights that the row's mask keeps.
    let (rows, width) = (200, 50)
    let kept = Tensor.applying(product, Tensor.ones([rows, width]), Tensor.ones([width, 2]))
    #expect(abs(kept.mean().item() / Double(width) - 0.6) < 5 * (0.24 / Double(2 * rows * width)).squareRoot())
    #expect(abs(kept.variance().item() - 0.24 * Double(width)) < 2.5)
    #expect(Tensor.applying(product, Tensor.zeros([0, 5]), Tensor.zeros([5, 3])).shape == [0, 3])
  }

  @Test("triangles, and the elements at a pooling's positions")
  func smallOnes() throws {
    for lower in [true, false] {
      #expect(try checkPrimitive(PrimitiveOperation(Triangle(lower: lower)), at: [normal([2, 3, 4], "x")]) == [])
      #expect(try checkComposition(of: Triangle(lower: lower), at: [normal([3, 4], "x")]) == [])
    }
    let images = normal([2, 4, 4, 3], "images")
    let window = Window2D(height: 2, width: 2, strides: (2, 2))
    let pooled = Tensor.apply(MaxPooling2D(window), to: [images])
    #expect(sameBits(Tensor.applying(PickPooled(), images, pooled[1]), pooled[0]))
    #expect(try checkComposition(of: PickPooled(), at: [images, pooled[1]]) == [])
  }

  @Test("derivative primitives are differentiable themselves")
  func derivativePrimitives() throws {
    let window = Window2D(height: 2, width: 3, strides: (2, 1), padding: .same)
    let (x, w) = (normal([1, 5, 4, 2], "x"), normal([2, 3, 2, 2], "w"))
    let dy = normal(Tensor.applying(Convolution2D(window), x, w).shape, "dy")
    let inputGradient = Convolution2DInputGradient(window, imageShape: x.shape)
    #expect(try checkPrimitive(PrimitiveOperation(inputGradient), at: [dy, w]) == [])
    #expect(try checkPrimitive(PrimitiveOperation(Convolution2DFilterGradient(window)), at: [x, dy]) == [])
    let pool = Window2D(height: 2, width: 2, strides: (1, 1))
    let pooled = Tensor.apply(MaxPooling2D(pool), to: [x])
    let poolGradient = PrimitiveOperation(MaxPooling2DGradient(pool, imageShape: x.shape))
    #expect(try checkPrimitive(poolGradient, at: [normal(pooled[0].shape, "g"), pooled[1]]) == [])
    let averageGradient = PrimitiveOperation(AveragePooling2DGradient(pool, imageShape: x.shape))
    #expect(try checkPrimitive(averageGradient, at: [normal(pooled[0].shape, "g")]) == [])
    for lower in [true, false] {
      for transposing in [true, false] {
        let t = Tensor.applying(Triangle(lower: lower), normal([3, 3], "t")) + Tensor.identity(3, dtype: .float64) * 3
        let solve = PrimitiveOperation(TriangularSolve(lower: lower, transposing: transposing))
        #expect(try checkPrimitive(solve, at: [t, normal([3, 2], "b")]) == [])
      }
    }
  }
}
