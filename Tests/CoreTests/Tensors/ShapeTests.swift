import AviaryCore
import Testing

@Suite("Shapes")
struct ShapeTests {
  @Test("axes from both ends, axes put in and taken out")
  func axes() {
    let shape: Shape = [2, 3, 4]
    #expect(shape[-1] == 4 && shape[0] == 2 && shape.rank == 3 && shape.elementCount == 24)
    #expect(shape.removing(axis: -2) == [2, 4])
    #expect(shape.inserting(1, at: 0) == [1, 2, 3, 4])
    #expect(shape.inserting(1, at: -1) == [2, 3, 4, 1])
    #expect(shape.inserting(1, at: 3) == [2, 3, 4, 1])
    #expect(Shape().elementCount == 1)
    #expect(Array(shape) == [2, 3, 4])
    #expect(shape != [2, 3] && shape.hashValue == Shape([2, 3, 4]).hashValue)
    #expect("\(shape)" == "[2, 3, 4]")
    #expect(Shape([Int.max, 2]).checkedElementCount == nil)
    #expect(Shape([5, 0, 3]).checkedElementCount == 0)
  }

  @Test("errors name operation, operands and rule")
  func errors() {
    let (a, b) = (Tensor.zeros([2, 3]), Tensor.zeros([4, 5]))
    let product = #expect(throws: ShapeError.self) { try Tensor.backend.run(MatMul(), on: [a, b]) }
    #expect(
      product?.description
        == "matmul(float32[2, 3], float32[4, 5]): the inner dimensions must agree, but are 3 and 4")
    let sum = #expect(throws: ShapeError.self) { try Tensor.backend.run(Binary(.add), on: [a, b]) }
    #expect(sum?.rule.contains("broadcast") == true)
    let types = #expect(throws: ShapeError.self) {
      try Tensor.backend.run(Binary(.add), on: [a, a.cast(to: .float64)])
    }
    #expect(
      types?.description
        == "add(float32[2, 3], float64[2, 3]): both operands must have the same dtype; use cast(to:) on one")
  }
}
