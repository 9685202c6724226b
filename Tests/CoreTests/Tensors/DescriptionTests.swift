import AviaryCore
import AviaryTestSupport
import Testing

@Suite("Descriptions")
struct DescriptionTests {
  /// Brackets, numbers and gaps of a printed array, without its spacing.
  private func tokens(_ text: String) -> [String] {
    let spaced = text.replacing("...", with: " … ").replacing("[", with: " [ ").replacing("]", with: " ] ")
    return spaced.split { $0 == " " || $0 == "\n" || $0 == "," }.map { $0.lowercased() }
  }

  private func number(_ token: String) -> Double? {
    switch token {
    case "true": 1
    case "false": 0
    case "[", "]", "…": nil
    default: Double(token.hasSuffix(".") ? token + "0" : token.replacing(".e", with: ".0e"))
    }
  }

  /// NumPy shows eight digits after the point; we show enough to read back the same number.
  private func isShownAs(_ a: Double, _ b: Double) -> Bool {
    a == b || abs(a - b) <= 2e-7 * max(abs(b), 1) || (a.isNaN && b.isNaN)
  }

  private func tensor(_ stored: GoldenCase) throws -> Tensor {
    let dtype = try #require(DType(name: stored.field("dtype").stringValue ?? ""))
    let shape = Shape(try stored.numbers("shape").map { Int($0) })
    guard let formula = stored.value["formula"]?.stringValue else {
      return Tensor(try stored.numbers("values"), shape: shape).cast(to: dtype)
    }
    let index = Tensor.range(to: Double(shape.elementCount), dtype: .float64).reshaped(to: shape)
    switch formula {
    case "index": return index.cast(to: dtype)
    case "index-500": return (index - 500).cast(to: dtype)
    case "index/7": return (index / 7).cast(to: dtype)
    default: throw GoldenError("the formula \(formula)")
    }
  }

  @Test("show what NumPy shows", arguments: try GoldenDocument("printing").cases)
  func printing(_ stored: GoldenCase) throws {
    let tensor = try tensor(stored)
    let lines = tensor.description.split(separator: "\n", maxSplits: 1)
    #expect(lines[0] == tensor.spec.description)
    let (found, expected) = (tokens(String(lines[1])), tokens(try #require(try stored.field("str").stringValue)))
    #expect(found.count == expected.count)
    for (mine, theirs) in zip(found, expected) {
      let (a, b) = (number(mine), number(theirs))
      #expect(a == nil || b == nil ? mine == theirs : isShownAs(a!, b!), "\(mine), expected \(theirs)")
    }
  }

  @Test("align columns and show shortest numbers")
  func layout() {
    let matrix = Tensor([[0.1, -20], [300, 1e-5]], dtype: .float32)
    #expect(matrix.description == "float32[2, 2]\n[[  0.1,   -20],\n [  300, 1e-05]]")
    #expect(Tensor([1, 2]).reshaped(to: [1, 1, 2]).description == "int64[1, 1, 2]\n[[[1, 2]]]")
    #expect(Tensor([[[1], [2]], [[3], [4]]]).description == "int64[2, 2, 1]\n[[[1],\n  [2]],\n\n [[3],\n  [4]]]")
    #expect(Tensor(true).description == "bool[]\ntrue")
    #expect(Tensor([UInt64.max]).description == "uint64[1]\n[18446744073709551615]")
  }
}
