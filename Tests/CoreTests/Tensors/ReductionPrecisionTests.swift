import AviaryCore
import Testing

@Suite struct ReductionPrecisionTests {
  @Test(arguments: [1, 2, 3, 7, 20, 100])
  func sumsOfManyRowsAreAddedPairwise(columns: Int) {
    // Numbers near 1, whose float32 sum in order would lose four digits.
    let rows = 600_000 / columns
    let scalars = (0..<rows * columns).map { Float(1 + Double($0 * 7919 % 1009) / 1009) }
    let sums = Tensor(scalars).reshaped(to: [rows, columns]).sum(axes: [0]).scalars(as: Float.self)
    for column in 0..<columns {
      let wanted = (0..<rows).reduce(0.0) { $0 + Double(scalars[$1 * columns + column]) }
      #expect(abs(Double(sums[column]) / wanted - 1) < 3e-7, "column \(column)")
    }
  }

  @Test func aVarianceKeepsItsDigitsFarFromZero() {
    // The mean 10⁵ + ⅓ lies between two numbers of float32, 1/128 apart; the variance is 2/9.
    let rows = 30_000
    let scalars = (0..<rows * 2).map { Float($0 / 2 % 3 == 0 ? 100_001 : 100_000) }
    let x = Tensor(scalars).reshaped(to: [rows, 2])
    for variance in x.variance(axes: [0]).scalars(as: Float.self) { #expect(abs(variance * 4.5 - 1) < 1e-6) }
    #expect(abs(x.variance().item() * 4.5 - 1) < 1e-6)
    // Equal numbers have none, and none below 0.
    #expect((Tensor([Float](repeating: 100_000.1, count: 1001)).variance().item()) >= 0)
  }
}
