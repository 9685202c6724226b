import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// The course's examples, worked by hand, and second derivatives of PyTorch.
@Suite("Worked examples")
struct WorkedExampleTests {
  static let document = Result { try GoldenDocument("worked") }

  @Test("f = (x + y)·z at (−2, 5, −4)")
  func productOfSum() throws {
    let stored = try Self.document.get().named("course/product-of-sum")
    let points = try stored.numbers("inputs").map { Tensor($0) }
    let (value, gradients) = try valueAndGradients(at: points) { ($0[0] + $0[1]) * $0[2] }
    #expect(value.item() == -12)
    #expect(try gradients.map { $0.item() } == stored.numbers("gradients"))
  }

  @Test("the deltas of a two-layer sigmoid network", arguments: ["one-example", "xor"])
  func twoLayers(_ name: String) throws {
    let stored = try Self.document.get().named("course/two-layer-\(name)")
    let names = ["w1", "b1", "w2", "b2"]
    func tensor(_ field: String, _ name: String) throws -> Tensor {
      try GoldenCase.tensor(try #require(try stored.field(field)[name]))
    }
    let (x, t) = (try stored.tensor("x"), try stored.tensor("t"))
    let v = try names.map { Variable(tracking: try tensor("parameters", $0)) }
    for isFused in [false, true] {
      let hidden =
        isFused
        ? Variable(x).affine(weight: v[0], bias: v[1], activation: .sigmoid)
        : (Variable(x).matmul(v[0]) + v[1]).sigmoid()
      let output =
        isFused
        ? hidden.affine(weight: v[2], bias: v[3], activation: .sigmoid) : (hidden.matmul(v[2]) + v[3]).sigmoid()
      let error = (output - Variable(t)).square().sum() * 0.5
      #expect(mismatch(hidden.value, try stored.tensor("h")) == nil)
      #expect(mismatch(output.value, try stored.tensor("y")) == nil)
      #expect(mismatch(error.value, Tensor(try stored.number("value"))) == nil)
      // δ is the derivative with respect to the sigmoid's input, which equals that with respect to the bias, example by
      // example.
      let gradients = try error.gradients(withRespectTo: v + [hidden], retainingGraph: true).map(\.value)
      let expected = try names.map { try tensor("gradients", $0) }
      #expect(mismatches(Array(gradients.prefix(4)), expected, "gradient") == [])
      let slope = hidden.value * (1 - hidden.value)
      #expect(mismatch(gradients[4] * slope, try stored.tensor("delta1")) == nil)
    }
  }

  private func function(_ stored: GoldenCase) throws -> (Variable) throws -> Variable {
    func constant(_ name: String) throws -> Variable {
      Variable(try GoldenCase.tensor(try #require(try stored.field("constants")[name])))
    }
    switch stored.name {
    case "second/rosenbrock":
      return { x in
        let (first, rest) = (x[0..<2], x[1..<3])
        return ((rest - first.square()).square() * 100 + (1 - first).square()).sum()
      }
    case "second/log-sum-exp":
      return { x in (try constant("A").matmul(x.reshaped(to: [3, 1])).flattened() + constant("b")).logSumExp() }
    case "second/product": return { $0.product() }
    case "second/logistic-regression":
      return { x in try constant("X").matmul(x).sigmoidCrossEntropy(constant("t")).mean() }
    case "second/tanh-of-norm": return { $0.square().sum().sqrt().tanh() }
    case "second/quotient": return { ($0.sin() / (1 + $0.exp())).sum() }
    case "second/convolution":
      return { x in
        let filter = x[0].slice(starts: [0, 0, 0], counts: [2, 2, 1]).reshaped(to: [2, 2, 1, 1])
        return x.convolved2D(filters: filter).square().sum()
      }
    case "second/elu": return { $0.elu(alpha: 0.3).sum() }
    case "second/gelu": return { $0.gelu().sum() }
    case "second/silu": return { $0.silu().sum() }
    case "second/softplus": return { $0.softplus().sum() }
    case "jacobian/tanh": return { x in try constant("W").matmul(x.reshaped(to: [-1, 1])).flattened().tanh() }
    case "jacobian/softmax": return { $0.softmax() }
    case "jacobian/outer": return { $0.reshaped(to: [-1, 1]).matmul($0.reshaped(to: [1, -1])) }
    default: throw GoldenError("\(stored.name) is not known to the test")
    }
  }

  @Test("values, gradients, Hessians, Jacobians", arguments: try document.get().cases.dropFirst(3))
  func derivatives(_ stored: GoldenCase) throws {
    let x = try stored.tensor("x")
    let f = try function(stored)
    if stored.name.hasPrefix("jacobian") {
      #expect(mismatch(try f(Variable(x)).value, try stored.tensor("value")) == nil)
      #expect(mismatch(try jacobian(at: x, of: f), try stored.tensor("jacobian")) == nil)
      return
    }
    let (value, gradient) = try valueAndGradient(at: x, of: f)
    #expect(mismatch(value, Tensor(try stored.number("value"))) == nil)
    #expect(mismatch(gradient, try stored.tensor("gradient")) == nil)
    #expect(mismatch(try hessian(at: x, of: f), try stored.tensor("hessian")) == nil)
    let product = try hessianVectorProduct(at: x, vector: try stored.tensor("vector"), of: f)
    #expect(mismatch(product, try stored.tensor("hessianVectorProduct")) == nil)
  }

  @Test("second derivatives of a product with zeros among its factors")
  func productOfZeros() throws {
    let one = try hessian(at: Tensor([0.0, 2.0, 3.0])) { $0.product() }
    #expect(one.scalars(as: Double.self) == [0, 3, 2, 3, 0, 0, 2, 0, 0])
    let two = try hessian(at: Tensor([0.0, 0.0, 3.0])) { $0.product() }
    #expect(two.scalars(as: Double.self) == [0, 3, 0, 3, 0, 0, 0, 0, 0])
  }

  @Test("the derivatives of the sigmoid cross-entropy at the logit 0, where its formula has a kink")
  func crossEntropyAtZero() throws {
    let target = Variable(Tensor([0.25]))
    let f = { (z: Variable) in z.sigmoidCrossEntropy(target).sum() }
    #expect(try gradient(at: Tensor([0.0]), of: f).item() == 0.25)
    #expect(try hessian(at: Tensor([0.0]), of: f).item() == 0.25)
    let operands = [Tensor([0.0, 0.0]), Tensor([0.25, 1.0])]
    #expect(try checkComposition(of: SigmoidCrossEntropyFromLogits(), at: operands) == [])
  }
}
