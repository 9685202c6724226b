import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Every primitive of the package is covered by stored results or by a test named here.
@Suite("Completeness")
struct CompletenessTests {
  /// Functions without stored results, and the test that checks them.
  private static let functions = [
    "floor": "GoldenOperationTests.byHand", "ceil": "GoldenOperationTests.byHand",
    "step": "GoldenOperationTests.byHand", "logSigmoid": "GoldenOperationTests.byHand, functionsWithoutStoredResults",
    "normalCDF": "KernelsElementwiseTests.normalDistributionFloat, functionsWithoutStoredResults",
    "normalDensity": "KernelsElementwiseTests.normalDistributionFloat, functionsWithoutStoredResults",
    "integerDivide": "GoldenOperationTests.byHand", "not": "GoldenOperationTests.integers (logicalNot)",
    "lessEqual": "GoldenOperationTests.integers (lessOrEqual)",
    "greaterEqual": "GoldenOperationTests.integers (greaterOrEqual)",
  ]

  /// For every type of primitive, the stored operations that run it or the test that checks it.
  private static let primitives: [String: [String]] = [
    "Unary": ["exp"], "Binary": ["add"], "BinaryScalar": ["test: scalarOperands, numbersBesideTensors"],
    "Select": ["where"], "Cast": ["test: mixedTypes, casts, storageTypes"],
    "Reduce": ["sum"], "ArgReduce": ["argmax"], "TopK": ["topK"], "CumulativeSum": ["cumulativeSum"],
    "SoftmaxFunction": ["softmax", "logSoftmax"], "MatMul": ["matmul"], "Affine": ["test: affine"],
    "ActivationGradient": ["tanh", "sigmoid", "relu"], "Reshaping": ["reshape"], "Permute": ["transpose"],
    "Broadcast": ["broadcast"], "Slice": ["slice"], "Embed": ["pad"], "Concatenate": ["concatenate"],
    "Gather": ["gather"], "ScatterAdd": ["scatterAdd"], "GatherElements": ["gatherElements"],
    "ScatterElements": ["scatterAddElements"], "OneHot": ["oneHot"], "Convolution2D": ["conv2d"],
    "Convolution2DInputGradient": ["conv2d"], "Convolution2DFilterGradient": ["conv2d"],
    "MaxPooling2D": ["maxPool2d"], "MaxPooling2DGradient": ["maxPool2d"], "PickPooled": ["test: smallOnes"],
    "AveragePooling2D": ["averagePool2d"], "AveragePooling2DGradient": ["averagePool2d"],
    "Cholesky": ["cholesky"], "Solve": ["solve"], "TriangularSolve": ["cholesky"], "Triangle": ["cholesky"],
    "SoftmaxCrossEntropyFromLogits": ["softmaxCrossEntropy"], "SoftmaxCrossEntropyGradient": ["softmaxCrossEntropy"],
    "SigmoidCrossEntropyFromLogits": ["sigmoidCrossEntropy"], "BatchNormalization": ["batchNorm"],
    "BatchNormalizationGradient": ["batchNorm"], "GroupNormalization": ["test: groupNormalization"],
    "GroupNormalizationGradient": ["test: groupNormalization"], "InvertedDropout": ["test: dropout"],
    "MaskedProduct": ["test: maskedProduct"], "Recurrence": ["test: RecurrenceTests"],
    "ScaledDotProductAttention": ["test: AttentionTests"],
    "DepthwiseConvolution2D": ["test: depthwise"],
    "DepthwiseConvolution2DInputGradient": ["test: depthwise"],
    "DepthwiseConvolution2DFilterGradient": ["test: depthwise"],
  ]

  private func storedOperations() throws -> Set<String> {
    let documents = [
      try GoldenDocument("primitives"), try GoldenDocument("convolution"),
      try GoldenDocument("integers", of: "CoreTests"),
    ]
    return Set(documents.flatMap(\.cases).map(\.op))
  }

  @Test("every function has stored results or a test of its own")
  func everyFunction() throws {
    let stored = try storedOperations()
    let names =
      Unary.Function.allCases.map(\.rawValue) + Binary.Function.allCases.map(\.rawValue)
      + Reduce.Function.allCases.map(\.rawValue)
    let uncovered = names.filter { !stored.contains($0) && Self.functions[$0] == nil }
    #expect(uncovered == [])
  }

  @Test("every primitive in the sources has stored results or a test of its own")
  func everyPrimitive() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
    var found: Set<String> = []
    for folder in ["Core", "Autograd", "Layers"] {
      let root = sources.appending(path: folder).standardizedFileURL.path
      for path in try FileManager.default.subpathsOfDirectory(atPath: root) where path.hasSuffix(".swift") {
        let text = String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
        for match in text.matches(of: /public struct (\w+): (?:Differentiable)?Primitive\b/) {
          found.insert(String(match.output.1))
        }
      }
    }
    #expect(found == Set(Self.primitives.keys))
    let stored = try storedOperations()
    for (name, operations) in Self.primitives {
      for operation in operations where !operation.hasPrefix("test: ") {
        #expect(stored.contains(operation), "\(name) names stored cases of '\(operation)'; there are none")
      }
    }
  }

  @Test("functions without stored results keep the laws of derivatives, or refuse one")
  func functionsWithoutStoredResults() throws {
    let x = Tensor([[0.3, -1.2, 2.6], [-0.4, 1.7, -2.2]])
    for function in [Unary.Function.logSigmoid, .normalCDF, .normalDensity] {
      #expect(try checkPrimitive(PrimitiveOperation(Unary(function)), at: [x]) == [], "\(function)")
    }
    for function in [Unary.Function.floor, .ceil, .step, .sign, .round] {
      let variable = Variable(tracking: x)
      #expect(throws: DifferentiationError.piecewiseConstant(primitive: function.rawValue)) {
        try Variable.applying(Unary(function), variable).sum().gradients(withRespectTo: [variable])
      }
    }
  }

  @Test("a number as an operand: the laws of derivatives", arguments: [false, true])
  func scalarOperands(_ isLeft: Bool) throws {
    let x = Tensor([[0.3, 1.2, 2.6], [0.4, 1.7, 2.2]])
    for function in [Binary.Function.add, .subtract, .multiply, .divide, .mod, .pow, .minimum, .maximum] {
      for scalar in isLeft ? [0.7, 1.1, 3.1] : [0.7, 1, 2, 3.5] {
        let operation = PrimitiveOperation(BinaryScalar(function, scalar: scalar, isScalarLeft: isLeft))
        let broken = try checkPrimitive(operation, at: [x])
        #expect(broken == [], "\(function) \(scalar)")
      }
    }
    let power = try gradient(at: Tensor([0.0, 2.0])) { $0.pow(0).sum() }
    #expect(power == Tensor([0.0, 0.0]))
    let equal = try gradient(at: Tensor([0.5])) { $0.clamped(to: 0.5...1).sum() }
    #expect(equal == Tensor([0.5]))
  }

  @Test("a cast's derivative comes back in the operand's type")
  func casts() throws {
    let x = Tensor([0.5, -1.5])
    #expect(try gradient(at: x) { ($0.cast(to: .float32) * 3).sum() } == Tensor([3.0, 3.0]))
    #expect(try hessian(at: x) { ($0.cast(to: .float32).square() * 0.5).sum() } == Tensor.identity(2, dtype: .float64))
  }
}
