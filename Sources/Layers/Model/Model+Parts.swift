import AviaryCore
import AviaryRegistry

extension Model {
  /// One layer of the model's chain as a model, and a model of the layers before it, for greedy stages.
  ///
  /// ```swift
  /// let (before, second) = try model.part("1.rbm")
  /// let features = before(images)                      // the input of the second RBM
  /// ```
  ///
  /// Both keep all of this model's parameters, with their full names and indices, in stores of the same layout.
  ///
  /// - Parameter name: the layer's position and label in the model's ``Sequential``: `"1.rbm"`.
  /// - Returns: the layers before it (the identity if it is the first), and the layer.
  /// - Throws: ``LayerError`` if the model is not a chain or has no such layer.
  public func part(_ name: String) throws -> (before: Model, part: Model) {
    let chain = try chain()
    let names = chain.layers.indices.map { chain.name(of: $0) }
    guard let place = names.firstIndex(of: name) else {
      throw LayerError(path: "", "the model has no layer '\(name)'; its layers are \(names.listed())")
    }
    return (try layers(0..<place), Model(chain.layers[place], scope.children[place], parameters))
  }

  /// Some layers of the chain as a model, such as an autoencoder's encoder or decoder.
  ///
  /// It keeps all of this model's parameters, with their full names and indices.
  ///
  /// - Parameters:
  ///   - places: the positions; none gives the identity. Traps on positions beyond the chain.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: the layers.
  /// - Throws: ``LayerError`` if the model is not a chain.
  public func layers(_ places: Range<Int>, file: StaticString = #fileID, line: UInt = #line) throws -> Model {
    let chain = try chain()[places, file: file, line: line]
    let children = Array(scope.children[places])
    let start = places.lowerBound == 0 ? scope.input : scope.children[places.lowerBound - 1].output
    let scope = ParameterScope(
      chain, path: scope.path, entries: scope.entries, children: children, input: start,
      output: children.last?.output ?? start,
      stepsVary: children.first?.stepsVary ?? scope.stepsVary)
    return Model(chain, scope, parameters)
  }

  private func chain() throws -> Sequential {
    guard let chain = layer as? Sequential else {
      throw LayerError(path: "", "only a chain of layers has parts, but this model is a single '\(layer.label)'")
    }
    return chain
  }

  /// The index in the store of a parameter that the model's root layer declared: `"weight"`. Traps if there is none.
  public func index(of name: String, file: StaticString = #fileID, line: UInt = #line) -> Int {
    Parameters(scope: scope, values: []).index(of: name, file, line)
  }

  /// The value of a parameter that the model's root layer declared. Traps if there is none.
  public func value(named name: String, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    parameters.value(of: parameters.entries[index(of: name, file: file, line: line)])
  }

  /// The indices in the store of all parameters that the model's layers use.
  public var parameterIndices: [Int] { scope.indices }

  /// A layer that needs several rows in a training batch, with its path and the number; nil if there is none.
  package var demandingLayer: (path: String, rows: Int)? { scope.demanding }

  /// The scheduled hyper-parameters of the model's layers, with the layers' paths.
  public var scheduledNumbers: [(path: String, number: DeclaredValue<any Schedule>)] { scope.allSchedules }
}
