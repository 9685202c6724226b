import AviaryCore
import AviaryRegistry

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
    let chain = try chain()
    let names = chain.layers.indices.map { chain.name(of: $0) }
    guard let place = names.firstIndex(of: name) else {
      throw LayerError(path: "", "the model has no layer '\(name)'; it has: \(names.listed())")
    }
    return (try layers(0..<place), Model(chain.layers[place], scope.children[place], parameters))
  }

  /// Some of the chain's layers, one after another, as a model of its own: an autoencoder's way to the codes, or back.
  ///
  /// It keeps all of this model's parameters, by their full names and indices.
  ///
  /// - Parameters:
  ///   - places: which layers; none make the identity. Traps on places beyond the chain.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: the layers.
  /// - Throws: ``LayerError`` where the model is no chain.
  public func layers(_ places: Range<Int>, file: StaticString = #fileID, line: UInt = #line) throws -> Model {
    let chain = try chain()[places, file: file, line: line]
    let children = Array(scope.children[places])
    let start = places.lowerBound == 0 ? scope.input : scope.children[places.lowerBound - 1].output
    let scope = ParameterScope(
      chain, path: scope.path, entries: scope.entries, children: children, input: start,
      output: children.last?.output ?? start)
    return Model(chain, scope, parameters)
  }

  private func chain() throws -> Sequential {
    guard let chain = layer as? Sequential else {
      throw LayerError(path: "", "only a chain of layers has parts, and this model is one '\(layer.label)'")
    }
    return chain
  }

  /// The index in the store of a parameter that the model's own layer has declared: `"weight"`. Traps where it has none.
  public func index(of name: String, file: StaticString = #fileID, line: UInt = #line) -> Int {
    Parameters(scope: scope, values: []).index(of: name, file, line)
  }

  /// The value of a parameter that the model's own layer has declared. Traps where it has none.
  public func value(named name: String, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    parameters.value(of: parameters.entries[index(of: name, file: file, line: line)])
  }

  /// The indices in the store of all parameters that the model's layers use.
  public var parameterIndices: [Int] { scope.indices }

  /// A layer that needs more than one row in a batch of training, with its path, and how many; nil where none does.
  package var demandingLayer: (path: String, rows: Int)? { scope.demanding }

  /// The numbers of the model's layers that follow schedules, with the layers' paths.
  public var scheduledNumbers: [(path: String, number: DeclaredValue<any Schedule>)] { scope.allSchedules }
}
