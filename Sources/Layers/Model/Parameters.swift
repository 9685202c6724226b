import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The parameters of one layer during a pass, by the names that the layer declared.
public struct Parameters {
  let scope: ParameterScope
  /// One variable per entry of the store.
  let values: [Variable]

  package init(scope: ParameterScope, values: [Variable]) {
    self.scope = scope
    self.values = values
  }

  /// The layer's path in the model: `"2.dense"`.
  public var path: String { scope.path }

  /// The parameter or state with a name. Traps if the layer declared none.
  public subscript(name: String, file file: StaticString = #fileID, line line: UInt = #line) -> Variable {
    values[index(of: name, file, line)]
  }

  /// The parameters of the i-th nested layer.
  public subscript(child index: Int) -> Parameters { Parameters(scope: scope.children[index], values: values) }

  func index(of name: String, _ file: StaticString = #fileID, _ line: UInt = #line) -> Int {
    for entry in scope.entries where entry.name == name { return entry.index }
    trap(
      "the layer '\(path)' declared no parameter '\(name)'; \(Suggestion.hint(for: name, known: scope.entries.map(\.name)))",
      file, line)
  }
}
