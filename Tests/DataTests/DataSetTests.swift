import AviaryCore
import AviaryData
import Testing

@Suite struct DataSetTests {
  @Test func subsetsHoldTheRowsInOrder() {
    let set = countingSet(10)
    let part = set.subset([7, 2, 2])
    #expect(part.inputs.scalars(as: Int.self) == [70, 71, 20, 21, 20, 21])
    #expect(part.targets?.scalars(as: Int.self) == [1, 2, 2])
    let neighbors = set.subset([4, 5, 6])
    #expect(neighbors.inputs.scalars(as: Int.self) == [40, 41, 50, 51, 60, 61])
    #expect(neighbors.targets?.scalars(as: Int.self) == [1, 2, 0])
    #expect(set.subset([]).count == 0)
    #expect(set.subset([]).inputShape == [2])
  }

  @Test func classesAreCounted() {
    #expect(countingSet(10, classes: 4).classes == 4)
    var named = countingSet(4, classes: 2)
    named.classNames = ["a", "b", "c"]
    #expect(named.classes == 3)
    var values = countingSet(4)
    values.targets = Tensor([0.5, 1, 2, 3], shape: [4, 1])
    #expect(values.classes == nil)
    #expect(values.labels == nil)
  }

  @Test func soundSetsPass() throws {
    #expect(try countingSet(3).validated().count == 3)
    var bytes = countingSet(3)
    bytes.inputs = bytes.inputs.cast(to: .uint8)
    bytes.targets = nil
    #expect(try bytes.validated().inputs.dtype == .uint8)
  }

  @Test func whatIsNoNumberIsFound() {
    var set = countingSet(4)
    var inputs = set.inputs.scalars(as: Float.self)
    inputs[5] = .nan
    set.inputs = Tensor(inputs, shape: [4, 2])
    #expect(
      dataError { _ = try set.validated() }.hasPrefix(
        "counting: input of row 2, element 1 of 2: expected a number, found nan"))
    set = countingSet(3)
    set.targets = Tensor([1, 2, Double.infinity], shape: [3, 1])
    #expect(dataError { _ = try set.validated() }.hasPrefix("counting: target of row 2: expected a number, found inf"))
  }

  @Test func labelsOutOfRangeAreFound() {
    var set = countingSet(3)
    set.targets = Tensor([0, -1, 1], shape: [3])
    #expect(
      dataError { _ = try set.validated() }.contains("target of row 1: expected a label from 0 to 1023, found -1"))
    set.targets = Tensor([0, 1, Int.max], shape: [3])
    #expect(dataError { _ = try set.validated() }.contains("target of row 2"))
    set.targets = Tensor([0, 1, 2], shape: [3])
    set.classNames = ["a", "b"]
    #expect(dataError { _ = try set.validated() }.contains("from 0 to 1, as there are 2 class names, found 2"))
  }

  @Test func shapesThatDoNotFitAreFound() {
    var set = countingSet(3)
    set.targets = Tensor([0, 1], shape: [2])
    #expect(dataError { _ = try set.validated() }.contains("a target for each of the 3 inputs, found targets of [2]"))
    set.targets = Tensor([Int32(0), 1, 2], shape: [3])
    #expect(
      dataError { _ = try set.validated() }.contains(
        "int64 labels of shape [3], [3, steps] with one label per step, or values, found targets int32[3]"))
    set.targets = nil
    set.parts = ["train": 0..<4]
    #expect(dataError { _ = try set.validated() }.contains("the part 'train' is rows 0..<4, but the set has 3 rows"))
    set.inputs = Tensor.zeros([0, 2])
    #expect(dataError { _ = try set.validated() } == "counting: the set has no rows")
    set.inputs = Tensor.zeros([3, 0])
    #expect(dataError { _ = try set.validated() }.contains("no numbers"))
    set.inputs = Tensor.zeros([])
    #expect(dataError { _ = try set.validated() } == "counting: the set has no rows")
  }
}
