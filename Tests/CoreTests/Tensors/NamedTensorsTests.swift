import AviaryCore
import Testing

@Suite struct NamedTensorsTests {
  @Test func namesKeepTheirOrder() {
    var tensors: NamedTensors = ["b": Tensor([1.0]), "a": Tensor([2.0])]
    tensors["c"] = Tensor([3.0])
    tensors["b"] = Tensor([4.0])
    #expect(tensors.names == ["b", "a", "c"] && tensors["b"] == Tensor([4.0]))
    tensors["a"] = nil
    #expect(tensors.names == ["b", "c"] && tensors["a"] == nil && tensors["c"] == Tensor([3.0]))
    #expect(tensors.map(\.tensor) == [Tensor([4.0]), Tensor([3.0])])
  }

  @Test func equalMeansNamesAndTensorsInOrder() {
    let tensors: NamedTensors = ["b": Tensor([1.0]), "a": Tensor([2.0])]
    #expect(tensors == NamedTensors([("b", Tensor([1.0])), ("a", Tensor([2.0]))], source: "another"))
    #expect(tensors != ["a": Tensor([2.0]), "b": Tensor([1.0])])
    #expect(tensors != ["b": Tensor([1.0]), "a": Tensor([3.0])])
  }
}
