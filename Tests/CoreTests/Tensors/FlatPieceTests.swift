import AviaryCore
import AviaryKernels
import Testing

/// Pieces that are changed as separate vectors.
struct FlatPieceTests {
  private static func whole() -> Tensor { Tensor([[0.0, 1, 2], [3, 4, 5]]) }

  @Test func aPieceIsChangedInPlace() {
    var tensor = Self.whole()
    let place = tensor.pointer
    tensor.withFlatPiece(from: 1, count: 3) { piece in
      #expect(piece == Tensor([1.0, 2, 3]))
      let inside = piece.pointer
      Tensor.update(&piece) { $0 = $0 * 10.0 }
      #expect(piece.pointer == inside && inside == place + 8)
    }
    #expect(tensor == Tensor([[0.0, 10, 20], [30, 4, 5]]) && tensor.pointer == place)
  }

  /// Changes that the body makes in new memory count as well.
  @Test func aPieceIsReplaced() {
    var tensor = Self.whole()
    let sum = tensor.withFlatPiece(from: 4, count: 2) { piece in
      piece = piece + 1
      return piece.sum().item()
    }
    #expect(sum == 11 && tensor == Tensor([[0.0, 1, 2], [3, 5, 6]]))
  }

  @Test func copiesOfTheWholeStay() {
    var tensor = Self.whole()
    let (copy, view) = (tensor, tensor.transposed())
    tensor.withFlatPiece(from: 0, count: 6) { piece in Tensor.update(&piece) { $0 = -$0 } }
    #expect(tensor == -Self.whole() && copy == Self.whole() && view == Self.whole().transposed())
  }

  /// Values that the body keeps or copied before a change stay unchanged with later changes, and outlive the tensor.
  @Test(arguments: [false, true]) func copiesOfThePieceStay(_ isReplaced: Bool) {
    var kept: [Tensor] = []
    do {
      var tensor = Self.whole()
      tensor.withFlatPiece(from: 0, count: 4) { piece in
        kept.append(piece)
        kept.append(piece.flatView(from: 1, shape: [2]))
        Tensor.update(&piece) { $0 = $0 + 1.0 }
        kept.append(piece)
        if isReplaced { piece = piece * 2 }
      }
      let changed = isReplaced ? Tensor([[2.0, 4, 6], [8, 4, 5]]) : Tensor([[1.0, 2, 3], [4, 4, 5]])
      #expect(tensor == changed)
      tensor.withFlatPiece(from: 0, count: 6) { piece in
        kept.append(piece)
        Tensor.update(&piece) { $0 = $0 * 0.0 }
      }
      #expect(kept.removeLast() == changed.flattened())
      tensor.replace(from: 0, with: Tensor([7.0]))
    }
    #expect(kept == [Tensor([0.0, 1, 2, 3]), Tensor([1.0, 2]), Tensor([1.0, 2, 3, 4])])
  }

  /// Kept without a change, so that the tensor's memory has a second owner.
  @Test func aKeptPieceIsNoAlias() {
    var tensor = Self.whole()
    var kept = tensor.withFlatPiece(from: 2, count: 2) { $0 }
    Tensor.update(&kept) { $0 = $0 + 5.0 }
    #expect(tensor == Self.whole() && kept == Tensor([7.0, 8]))
    kept = tensor.withFlatPiece(from: 2, count: 2) { $0 }
    tensor.replace(from: 0, with: Tensor(repeating: 9, shape: [6], dtype: .float64))
    #expect(kept == Tensor([2.0, 3]))
  }

  @Test func anErrorLeavesWhatWasWritten() {
    struct Stop: Error {}
    var tensor = Self.whole()
    #expect(throws: Stop.self) {
      try tensor.withFlatPiece(from: 0, count: 2) { piece in
        Tensor.update(&piece) { $0 = $0 - 1.0 }
        throw Stop()
      }
    }
    #expect(tensor == Tensor([[-1.0, 0, 2], [3, 4, 5]]))
  }
}
