import Aviary
import Foundation

/// `aviary optimize`: compares optimizers on a function of two variables.
struct OptimizeCommand: Command {
  static let name = "optimize"
  static let summary = "Draws the paths of optimizers on a test function and counts their steps."
  static let usage = """
    aviary optimize FUNCTION [options]

    FUNCTION is a name or JSON with settings: rosenbrock, '{"name": "bowl", "condition": 1000}'. 'aviary list
    test-functions' lists them.

      --optimizer WHICH  a name or JSON with settings: adam, '{"name": "sgd", "learningRate": 0.01, "momentum": 0.9}';
                         repeatable (default: sgd, sgd with momentum, adam, lbfgs, newton)
      --start X,Y        common starting point (default: the function's)
      --steps N          steps per optimizer, up to 100000 (default: 200)
      --tolerance T      distance from the minimum value that counts as converged (default: 1e-6)
      --seed N           seed of the noise, for functions with noise (default: 1)
      --output FILE      an .html page or an .svg picture (default: FUNCTION.html)
    """

  private let arguments: Arguments
  private let function: String
  private let start: [Double]?
  private let tolerance: Double

  init(parsing arguments: [String]) throws {
    let options = [
      "start": false, "steps": false, "tolerance": false, "seed": false, "output": false, "optimizer": true,
    ]
    self.arguments = try Arguments(arguments, valued: options, flags: [])
    guard self.arguments.positional.count == 1 else {
      throw UsageError("expected one test function; list them with 'aviary list test-functions'")
    }
    function = self.arguments.positional[0]
    _ = try self.arguments.integer("steps", atLeast: 1, atMost: 100_000)
    _ = try self.arguments.integer("seed", atLeast: 0)
    start = try self.arguments.value("start").map { text in
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
      guard numbers.count == 2, numbers.allSatisfy(\.isFinite) else {
        throw UsageError("--start: expected two numbers such as -1.2,1, found '\(text)'")
      }
      return numbers
    }
    let text = self.arguments.value("tolerance") ?? "1e-6"
    guard let tolerance = Double(text), tolerance > 0, tolerance.isFinite else {
      throw UsageError("--tolerance: expected a number above 0, found '\(text)'")
    }
    self.tolerance = tolerance
    if let output = self.arguments.value("output"), !output.hasSuffix(".html"), !output.hasSuffix(".svg") {
      throw UsageError("--output: expected a name that ends in .html or .svg, found '\(output)'")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    let registries = surroundings.registries
    let specification = try Self.specification(function)
    let function = try registries.make(.testFunction, specification)
    let given = try arguments.all("optimizer").map(Self.specification)
    let optimizers = given.isEmpty ? Self.standard(function.learningRate) : given
    let descents = try optimizers.map { optimizer -> (name: String, descent: Descent) in
      let name = optimizer.configuration.isEmpty ? optimizer.name : Self.label(optimizer)
      return try ConfigurationError.locating(in: name) {
        let rule = try registries.make(.optimizer, optimizer)
        let descent = try Descent(
          down: function, by: rule, from: start, steps: arguments.integer("steps", atLeast: 1) ?? 200,
          seed: UInt64(arguments.integer("seed", atLeast: 0) ?? 1))
        return (name: name, descent: descent)
      }
    }
    let page = DescentPage(of: function, title: Self.label(specification), descents, tolerance: tolerance)
    let output = arguments.value("output") ?? "\(specification.name).html"
    let text = try output.hasSuffix(".svg") ? page.svg() + "\n" : page.html()
    try AtomicFile.write(text, to: output)
    let table = try [page.heading] + page.rows()
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    for row in table { Terminal.print(zip(row, widths).map { $0.padded($1) }.joined(separator: "  ")) }
    Terminal.print(try page.conditioning())
    Terminal.print("see \(output)")
  }

  /// Optimizers that show the differences, with the learning rate that suits gradient descent.
  private static func standard(_ rate: Double) -> [Specification] {
    [
      Specification("sgd", ["learningRate": .number(rate)]),
      Specification("sgd", ["learningRate": .number(rate), "momentum": 0.9]),
      Specification("adam", ["learningRate": 0.1]), "lbfgs", "newton",
    ]
  }

  /// A name, or JSON with a name.
  private static func specification(_ text: String) throws -> Specification {
    guard text.hasPrefix("{") else { return Specification(text) }
    return try Specification(ConfigurationValue(parsing: [UInt8](text.utf8), source: text))
  }

  /// `sgd learningRate=0.01 momentum=0.9`.
  private static func label(_ specification: Specification) -> String {
    ([specification.name] + specification.configuration.map { "\($0.key)=\($0.value.json())" }).joined(separator: " ")
  }
}
