import AviaryCore

extension Model {
  /// One layer of the model's chain as a model of its own, and what feeds it: what a greedy stage trains.
  ///
  /// ```swift
  /// let (before, second) = try model.part("1.rbm")
  /// let features = before(images)                      // what the second machine sees
  /// ```
  ///
  /// Both keep all of this model's parameters, by their full names and indices, in stores of the same layout.
  ///
  /// - Parameter name: the layer's place and label in the model's ``Sequential``: `"1.rbm"`.
  /// - Returns: the layers before it, the identity where it is the first, and the layer.
  /// - Throws: ``LayerError`` where the model is no chain or has no such layer.
  public func part(_ name: String) throws -> (before: Model, part: Model) {
    guard let chain = layer as? Sequential else {
      throw LayerError(path: "", "only a chain of layers has parts, and this model is one '\(layer.label)'")
    }
    let names = chain.layers.indices.map(chain.name(of:))
    guard let place = names.firstIndex(of: name) else {
      throw LayerError(path: "", "the model has no layer '\(name)'; it has: \(names.joined(separator: ", "))")
    }
    let before = ParameterScope(
      path: scope.path, entries: scope.entries, children: Array(scope.children.prefix(place)), input: scope.input,
      output: scope.children[place].input)
    return (
      Model(chain.prefix(place), before, parameters), Model(chain.layers[place], scope.children[place], parameters)
    )
  }

  /// The index in the store of a parameter that the model's own layer has declared: `"weight"`. Traps where it has none.
  public func index(of name: String) -> Int { Parameters(scope: scope, values: []).index(of: name) }

  /// The value of a parameter that the model's own layer has declared. Traps where it has none.
  public func value(named name: String) -> Tensor { parameters.value(of: parameters.entries[index(of: name)]) }

  /// The indices in the store of all parameters that the model's layers use.
  public var parameterIndices: [Int] { scope.indices }
}
