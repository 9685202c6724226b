import AviaryAutograd
import AviaryCore
import AviaryTestSupport
import Testing

/// The cube y = x³, with its own rule.
private struct Cube: DifferentiablePrimitive {
  let name = "cube"

  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { [inputs[0]] }

  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    inputs[0].dtype == .float64
      ? [Tensor(inputs[0].scalars(as: Double.self).map { $0 * $0 * $0 }, shape: specs[0].shape)] : nil
  }

  func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? { [inputs[0] * inputs[0] * inputs[0]] }

  func pullback(_ pullback: Pullback) throws -> [Variable?] {
    [pullback.inputs[0].square() * 3 * pullback.cotangent()]
  }
}

/// Sum and difference, only as a composition: differentiated through it.
private struct Butterfly: Primitive {
  let name = "butterfly"

  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
    guard inputs[0] == inputs[1] else { throw ShapeError(name, inputs, "both operands are alike") }
    return inputs
  }

  func composition<Value: TensorProtocol>(of inputs: [Value]) -> [Value]? {
    [inputs[0] + inputs[1], inputs[0] - inputs[1]]
  }
}

/// Sorts, without a derivative and without a composition.
private struct Sorted: Primitive {
  let name = "sorted"

  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { inputs }

  func evaluate(_ inputs: [Tensor], _ specs: [TensorSpec]) -> [Tensor]? {
    [Tensor(inputs[0].scalars(as: Double.self).sorted(), shape: specs[0].shape)]
  }
}

@Suite("Primitives from outside the package")
struct OutsidePrimitiveTests {
  private let x = Tensor([0.5, -1.5, 2.0])

  @Test("with a rule: values, gradients, second derivatives")
  func withRule() throws {
    #expect(Tensor.applying(Cube(), x).scalars(as: Double.self) == [0.125, -3.375, 8])
    #expect(try checkPrimitive(PrimitiveOperation(Cube()), at: [x]) == [])
    #expect(try checkComposition(of: Cube(), at: [x]) == [])
    let hessian = try hessian(at: x) { Variable.applying(Cube(), $0).sum() }
    #expect(mismatch(hessian, Tensor.identity(3, dtype: .float64) * x * 6) == nil)
  }

  @Test("with a composition alone, of two results")
  func withComposition() throws {
    #expect(try checkPrimitive(PrimitiveOperation(Butterfly()), at: [x, x.exp()]) == [])
    #expect(try checkComposition(of: Butterfly(), at: [x, x.exp()]) == [])
    let v = [Variable(tracking: x), Variable(tracking: x.exp())]
    let difference = Variable.apply(Butterfly(), to: v)[1].sum()
    let found = try difference.gradients(withRespectTo: v).map(\.value)
    #expect(found == [Tensor([1.0, 1.0, 1.0]), Tensor([-1.0, -1.0, -1.0])])
    // A tracked operand whose derivative is not requested, while the derivative is recorded.
    let third = Variable(tracking: x)
    let product = Variable.apply(Butterfly(), to: [third * third, v[1] * 2])[0] * third
    let first = try product.sum().gradients(withRespectTo: [third], recording: true)[0]
    let second = try first.sum().gradients(withRespectTo: [v[1], third]).map(\.value)
    #expect(mismatches(second, [Tensor([2.0, 2.0, 2.0]), x * 6], "derivative") == [])
  }

  @Test("without a derivative: values yes, a gradient throws and names it")
  func withoutDerivative() throws {
    let variable = Variable(tracking: x)
    let sorted = Variable.applying(Sorted(), variable)
    #expect(sorted.value.scalars(as: Double.self) == [-1.5, 0.5, 2])
    let error = #expect(throws: DifferentiationError.self) { try sorted.sum().gradients(withRespectTo: [variable]) }
    #expect(error == .noDerivative(primitive: "sorted"))
    #expect(error?.description.contains("'sorted'") == true)
    // It is no obstacle where no derivative flows through it.
    let beside = (variable * Variable.applying(Sorted(), variable.detached())).sum()
    #expect(try beside.gradients(withRespectTo: [variable])[0].value == Tensor([-1.5, 0.5, 2.0]))
  }

  @Test("a shape rule that does not hold is an error with operation, operands and rule")
  func shapeError() {
    let error = #expect(throws: ShapeError.self) { try Tensor.backend.run(Butterfly(), on: [x, Tensor(1.0)]) }
    #expect(error?.description == "butterfly(float64[3], float64[]): both operands are alike")
    #expect(throws: ShapeError.self) { try Tensor.backend.run(Sorting(), on: [x]) }
  }
}

/// Computes nothing: neither evaluation nor composition.
private struct Sorting: Primitive {
  let name = "sorting"
  func outputSpecs(for inputs: [TensorSpec]) throws(ShapeError) -> [TensorSpec] { inputs }
}
