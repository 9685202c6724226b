import AviaryCore
import AviaryTestSupport
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("from scalars and nested arrays")
  func creation() {
    #expect(Tensor(2.5).spec == TensorSpec([], .float64))
    #expect(Tensor([[1, 2, 3], [4, 5, 6]]).spec == TensorSpec([2, 3], .int64))
    #expect(Tensor([[1, 2], [3, 4]], dtype: .float32).scalars(as: Float.self) == [1, 2, 3, 4])
    #expect(Tensor([[[true]], [[false]]]).spec == TensorSpec([2, 1, 1], .bool))
    #expect(Tensor([[Int32]]()).spec == TensorSpec([0], .int32))
    #expect(Tensor([Float](), shape: [0, 3]).elementCount == 0)
    #expect(Tensor.range(from: 5, to: 0, step: -2, dtype: .int16).scalars(as: Int.self) == [5, 3, 1])
    #expect(Tensor.range(to: 0).elementCount == 0)
    #expect(Tensor.linearSpace(from: 0, to: 1, count: 5, dtype: .float64) == Tensor([0, 0.25, 0.5, 0.75, 1]))
    #expect(Tensor.identity(2, dtype: .float64) == Tensor([[1.0, 0.0], [0.0, 1.0]]))
    #expect(Tensor(repeating: -3, shape: [2], dtype: .int8).scalars(as: Int8.self) == [-3, -3])
    #expect(Tensor.zeros([2, 2], dtype: .bool) == Tensor([[false, false], [false, false]]))
  }

  @Test("a value: writing a copy leaves the original, and views, as they were")
  func copyOnWrite() {
    let original = Tensor([[1.0, 2.0], [3.0, 4.0]])
    var copy = original
    let row = original[1]
    copy.withMutableScalars(as: Double.self) { $0[2] = 30 }
    #expect(original == Tensor([[1.0, 2.0], [3.0, 4.0]]))
    #expect(copy == Tensor([[1.0, 2.0], [30.0, 4.0]]))
    #expect(row == Tensor([3.0, 4.0]))
    var view = original.transposed()
    view.withMutableScalars(as: Double.self) { $0[1] = 20 }
    #expect(view == Tensor([[1.0, 20.0], [2.0, 4.0]]))
    #expect(original == Tensor([[1.0, 2.0], [3.0, 4.0]]))
  }

  @Test("alone with its memory, it is written where it lies")
  func inPlace() {
    var tensor = Tensor([1.0, 2.0])
    let before = tensor.withMutableScalars(as: Double.self) { UnsafeRawPointer($0.baseAddress!) }
    let after = tensor.withMutableScalars(as: Double.self) { UnsafeRawPointer($0.baseAddress!) }
    #expect(before == after)
  }

  @Test("equality: of views, of every type, of NaN")
  func equality() {
    let matrix = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.transposed() == Tensor([[1, 4], [2, 5], [3, 6]]))
    #expect(matrix.slice(starts: [1, 2], counts: [2, 2], steps: [-1, -2]) == Tensor([[6, 4], [3, 1]]))
    #expect(matrix != matrix.transposed())
    #expect(matrix != matrix.cast(to: .int32))
    #expect(Tensor([1]).broadcast(to: [2, 2]) == Tensor([[1, 1], [1, 1]]))
    #expect(Tensor([Double.nan]) != Tensor([Double.nan]))
    #expect(Tensor.zeros([0, 3]) == Tensor.zeros([0, 3]))
    #expect(Tensor.zeros([0, 3]) != Tensor.zeros([3, 0]))
    for dtype in DType.allCases {
      let ones = Tensor.ones([3], dtype: dtype)
      #expect(ones == Tensor.ones([3], dtype: dtype), "\(dtype)")
      #expect(ones != Tensor.zeros([3], dtype: dtype), "\(dtype)")
    }
  }

  @Test("scalars in another type, in row-major order of a view")
  func scalars() {
    let matrix = Tensor([[-1.5, 2.0], [300.0, .nan]]).transposed()
    #expect(matrix.scalars(as: Int8.self) == [-1, 127, 2, 0])
    #expect(matrix.scalars(as: UInt16.self) == [0, 300, 2, 0])
    #expect(matrix.scalars(as: Bool.self) == [true, true, true, true])
    #expect(matrix.scalars(as: Float.self).prefix(3) == [-1.5, 300, 2])
    #expect(Tensor([UInt64.max]).scalars(as: UInt64.self) == [.max])
    #expect(matrix[0, 1].item() == 300)
    #expect(matrix.scalar(at: 0, 1) == 300)
    #expect(Tensor([[7]]).item() == 7)
  }

  @Test("bytes in and out")
  func bytes() {
    let numbers: [Int16] = [1, -2, 3]
    let tensor = numbers.withUnsafeBytes { Tensor(bytes: $0, shape: [3, 1], dtype: .int16) }
    #expect(tensor == Tensor(numbers, shape: [3, 1]))
    #expect(tensor.withBytes { Array($0) } == [1, 0, 0xfe, 0xff, 3, 0])
    #expect(tensor.withScalars(as: Int16.self) { $0.reduce(0, +) } == 2)
  }

  @Test("float16 and bfloat16 store: rounded to even, infinite beyond the range, exact for what they hold")
  func storageTypes() {
    let numbers = [1.0, -2.5, 65504, 65520, 1e-8, 1 + 0x1p-11, 1 + 0x3p-11, .infinity, 0x1p-24]
    let half = Tensor(numbers).cast(to: .float16)
    #expect(half.spec.byteCount == 18)
    let halves: [Double] = [1, -2.5, 65504, .infinity, 0, 1, 1 + 0x2p-10, .infinity, 0x1p-24]
    #expect(half.scalars(as: Double.self) == halves)
    let brain = Tensor([1.0, 1 + 0x1p-8, 1 + 0x3p-8, 3e38, -0.0]).cast(to: .bfloat16)
    let kept: [Float] = [1, 1, 1 + 0x1p-6, 226 * 0x1p120, 0]
    #expect(brain.cast(to: .float32).scalars(as: Float.self) == kept)
    #expect(brain[4].item().sign == .minus)
    #expect(half[0..<2] == Tensor([1.0, -2.5]).cast(to: .float16))
    #expect(Tensor.concatenate([half[0..<1], half[1..<2]]).scalars(as: Double.self) == [1, -2.5])
    #expect(throws: ShapeError.self) { try Tensor.backend.run(Binary(.add), on: [half, half]) }
    let error = #expect(throws: ShapeError.self) { try Tensor.backend.run(Unary(.exp), on: [brain]) }
    #expect(error?.description == "exp(bfloat16[5]): it is not defined for bfloat16; cast the operand")
  }

  @Test("subscripts: positions, ranges, several axes")
  func subscripts() {
    let cube = Tensor.range(to: 24, dtype: .int64).reshaped(to: [2, 3, 4])
    #expect(cube[1].shape == [3, 4])
    #expect(cube[-1] == cube[1])
    #expect(cube[1, 2, 3].item() == 23)
    #expect(cube[-1, -1, -1].item() == 23)
    #expect(cube[0..<1].shape == [1, 3, 4])
    #expect(cube[0, 1...] == Tensor([[4, 5, 6, 7], [8, 9, 10, 11]]))
    #expect(cube[0..., 1, ..<2] == Tensor([[4, 5], [16, 17]]))
    #expect(cube[0..., 0...1, ...0].shape == [2, 2, 1])
    #expect(cube[0, 3...].shape == [0, 4])
  }

  @Test("movement of empty tensors and of scalars")
  func emptyTensors() {
    let empty = Tensor.zeros([0, 3])
    #expect(empty.sum().item() == 0)
    #expect(empty.sum(axes: [0]) == Tensor([0, 0, 0], dtype: .float32))
    #expect(empty.product(axes: [0]) == Tensor([1, 1, 1], dtype: .float32))
    #expect(empty.max(axes: [1]).shape == [0])
    #expect(empty.mean().item().isNaN)
    #expect((empty + 1).exp().transposed().contiguous().shape == [3, 0])
    #expect(empty.matmul(Tensor.ones([3, 2])).shape == [0, 2])
    #expect(Tensor.ones([2, 0]).matmul(Tensor.ones([0, 2])) == Tensor.zeros([2, 2]))
    #expect(empty.softmax().shape == [0, 3])
    #expect(empty.gather(Tensor([Int](), shape: [0])).shape == [0, 3])
    #expect(Tensor.concatenate([empty, Tensor.ones([1, 3])]) == Tensor.ones([1, 3]))
    #expect(empty.reversed(axis: 0).shape == [0, 3])
    #expect(Tensor(3.0).sum().item() == 3)
    #expect(Tensor(3.0).reshaped(to: [1, 1]).shape == [1, 1])
    #expect(throws: ShapeError.self) {
      try Tensor.backend.run(Reduce(.max, axes: [0], keepingDimensions: false), on: [empty])
    }
  }

  @Test("a flat view reads and reshapes without a copy")
  func flatView() {
    let base = Tensor.range(to: 10, dtype: .float64)
    #expect(base.flatView(from: 4, shape: [2, 3]) == Tensor([[4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]))
    #expect(base.flatView(from: 10, shape: [0]).elementCount == 0)
  }

  @Test("numbers beside tensors take their type")
  func numbersBesideTensors() {
    let integers = Tensor([1, 2, 3])
    #expect(integers * 2 + 1 == Tensor([3, 5, 7]))
    #expect(10 - integers == Tensor([9, 8, 7]))
    #expect((integers .> 1) == Tensor([false, true, true]))
    #expect(throws: ShapeError.self) { try Tensor.backend.run(BinaryScalar(.multiply, scalar: 0.5), on: [integers]) }
    let x = Tensor([0.5, -2.0, 3.0])
    let others: [Binary.Function] = [.integerDivide, .logicalAnd, .logicalOr, .logicalXor]
    for function in Binary.Function.allCases where !others.contains(function) {
      for dtype in [DType.float32, .float64] {
        let operand = x.cast(to: dtype)
        let number = Tensor(0.7).cast(to: dtype)
        let right = Tensor.elementwise(BinaryScalar(function, scalar: 0.7), operand)
        #expect(sameBitsOrNaN(right, Tensor.applying(Binary(function), operand, number)), "\(function) \(dtype)")
        let left = Tensor.elementwise(BinaryScalar(function, scalar: 0.7, isScalarLeft: true), operand)
        #expect(sameBitsOrNaN(left, Tensor.applying(Binary(function), number, operand)), "\(function) \(dtype)")
      }
    }
  }

  private func sameBitsOrNaN(_ a: Tensor, _ b: Tensor) -> Bool {
    guard a.spec == b.spec else { return false }
    let pairs = zip(a.scalars(as: Double.self), b.scalars(as: Double.self))
    return pairs.allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
  }
}
