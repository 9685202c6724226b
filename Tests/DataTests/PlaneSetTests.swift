import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

/// Computed points in the plane, without noise where their formulas put them.
@Suite struct PlaneSetTests {
  private func points(_ name: String, _ configuration: String) throws -> (x: [Double], y: [Double], labels: [Int]) {
    let set = try dataRegistries().make(.dataSet, Specification(name, object(configuration))).load()
    let inputs = set.inputs.cast(to: .float64)
    func column(_ index: Int) -> [Double] { inputs.slice(axis: 1, index..<index + 1).flattened().scalars() }
    return (column(0), column(1), try #require(set.labels).scalars())
  }

  @Test func moonsAreHalfCircles() throws {
    let (x, y, labels) = try points("moons", #"{"count": 50, "noise": 0}"#)
    #expect(labels == [Int](repeating: 0, count: 50) + [Int](repeating: 1, count: 50))
    for row in 0..<100 {
      let (dx, dy) = labels[row] == 0 ? (x[row], y[row]) : (x[row] - 1, y[row] - 0.5)
      #expect(abs(dx * dx + dy * dy - 1) < 1e-6 && (labels[row] == 0 ? dy > -1e-6 : dy < 1e-6))
    }
  }

  @Test func ringsHaveTheirRadii() throws {
    let (x, y, labels) = try points("rings", #"{"count": 40, "noise": 0, "classes": 3}"#)
    for row in 0..<120 {
      let radius = (x[row] * x[row] + y[row] * y[row]).squareRoot()
      #expect(abs(radius - Double(labels[row] + 1)) < 1e-5)
    }
  }

  @Test func spiralsGrowByTheTurn() throws {
    let (x, y, labels) = try points("spirals", #"{"count": 41, "noise": 0, "turns": 2}"#)
    for row in 0..<82 {
      let radius = (x[row] * x[row] + y[row] * y[row]).squareRoot()
      #expect(abs(radius - Double(row % 41) / 40) < 1e-6)
      // After half the way one turn is done.
      if row % 41 == 20 { #expect(abs(x[row] - (labels[row] == 0 ? 0.5 : -0.5)) < 1e-6 && abs(y[row]) < 1e-6) }
    }
  }

  /// Sizes within each range whose product is beyond any machine.
  @Test(arguments: [
    ("adding-problem", #"{"count": 10000000, "steps": 100000}"#),
    ("sine-waves", #"{"count": 10000000, "steps": 100000}"#),
    ("copy-memory", #"{"count": 10000000, "delay": 100000}"#), ("rings", #"{"count": 10000000, "classes": 100}"#),
  ])
  func setsBeyondTheMemoryAreRefused(_ name: String, _ configuration: String) throws {
    let source = try dataRegistries().make(.dataSet, Specification(name, object(configuration)))
    #expect(dataError { _ = try source.load() }.contains("computing it needs about"))
  }

  @Test func blobsAreAsWideAsAsked() throws {
    let (x, _, labels) = try points("blobs", #"{"count": 5000, "noise": 0.5, "classes": 4, "seed": 3}"#)
    for label in 0..<4 {
      let own = zip(x, labels).filter { $1 == label }.map(\.0)
      let mean = own.reduce(0, +) / 5000
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5000
      #expect(abs(variance.squareRoot() - 0.5) < 0.02 && (-10.2...10.2).contains(mean))
    }
  }
}
