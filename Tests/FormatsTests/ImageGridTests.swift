import AviaryCore
import AviaryFormats
import Testing

@Suite struct ImageGridTests {
  @Test func imagesStandInRowsWithGaps() {
    let images = Tensor((0..<12).map { Double($0) / 11 }, shape: [3, 2, 2, 1])
    let grid = ImageGrid.tiled(images, columns: 2)
    #expect(grid.shape == [5, 5, 1] && grid.dtype == .uint8)
    let rows = grid.reshaped(to: [5, 5]).scalars(as: Int.self)
    #expect(
      rows == [
        0, 23, 128, 93, 116,
        46, 70, 128, 139, 162,
        128, 128, 128, 128, 128,
        185, 209, 128, 128, 128,
        232, 255, 128, 128, 128,
      ])
  }

  @Test func valuesOutsideOfTheRangeAreCutOff() {
    let grid = ImageGrid.tiled(Tensor([-9.0, 2, 3, 99], shape: [1, 2, 2, 1]), columns: 5, range: 2...4, gap: 3)
    #expect(grid.scalars(as: Int.self) == [0, 0, 128, 255] && grid.shape == [2, 2, 1])
  }
}
