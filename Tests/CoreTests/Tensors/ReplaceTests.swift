import AviaryCore
import Testing

@Suite("Elements replaced in place")
struct ReplaceTests {
  @Test("by a tensor with gaps, by a scalar, by nothing")
  func sources() {
    var vector = Tensor.zeros([8], dtype: .float64)
    let matrix = Tensor([[1.0, 2, 3], [4, 5, 6]])
    vector.replace(from: 1, with: matrix.transposed())
    vector.replace(from: 7, with: Tensor(9.0))
    vector.replace(from: 8, with: Tensor.zeros([0, 3], dtype: .float64))
    vector.replace(from: 0, with: Tensor(7.0).broadcast(to: [2]))
    #expect(vector == Tensor([7.0, 7, 4, 2, 5, 3, 6, 9]))
  }

  @Test("by a part of itself, and without touching a copy")
  func sharedMemory() {
    var vector = Tensor([1.0, 2, 3, 4])
    let copy = vector
    vector.replace(from: 1, with: vector.flatView(from: 0, shape: [3]))
    #expect(vector == Tensor([1.0, 1, 2, 3]))
    #expect(copy == Tensor([1.0, 2, 3, 4]))
  }

  @Test("by more elements than a thread copies at once")
  func largeSource() {
    let count = 300_000
    var vector = Tensor.zeros([count + 2])
    let source = RandomSource(seed: 1).normal([count])
    vector.replace(from: 1, with: source)
    #expect(vector.flatView(from: 1, shape: [count]) == source)
    #expect(vector.scalar(at: 0) == 0 && vector.scalar(at: count + 1) == 0)
  }
}
