import AviaryCore
import AviaryRegistry

/// Collects the parameters that layers declare while a model is built, and draws their initial values.
public struct ParameterBuilder {
  private let random: RandomSource
  /// The dtype of all parameters.
  public let dtype: DType
  /// What was declared so far, in order.
  private(set) var entries: [ParameterStore.Entry] = []
  private var indices: [String: Int] = [:]
  private var initials: [Initial] = []
  private var lengths = (trainable: 0, state: 0)
  /// The layers declared inside the root, in the order of their ends, and those that only hold others left out: path,
  /// output shape, and how many numbers each declared itself.
  private(set) var outline: [(path: String, output: Shape, parameters: Int)] = []
  private var open: [(path: String, entries: [(name: String, index: Int)], children: [ParameterScope])]

  /// Where a parameter's initial value comes from. It is drawn once everything is declared, and so known to fit.
  private enum Initial {
    case drawn(any Initializer, Fans, path: String, name: String)
    case given(Tensor)
  }

  init(dtype: DType, random: RandomSource) {
    self.dtype = dtype
    self.random = random
    open = [("", [], [])]
  }

  /// The path of the layer that is being declared: `"2.dense"`.
  public var path: String { open[open.count - 1].path }

  /// Declares a trained parameter of the layer.
  ///
  /// - Parameters:
  ///   - name: unique in the layer: `"weight"`.
  ///   - shape: the parameter's shape.
  ///   - initializer: gives the initial values.
  ///   - fans: how many inputs and outputs a unit has, for initializers that scale with them; by default taken from the
  ///     shape: of [in, out] both, of [height, width, in, out] times the window's area.
  ///   - regularizer: what is added to the loss for the parameter.
  ///   - constraint: what is imposed on the parameter after each update.
  /// - Throws: ``LayerError`` where the name is taken, or where the machine has not enough memory for the shape. Where the
  ///   initializer gives something else than it is asked for, building the model throws it.
  public mutating func parameter(
    _ name: String, shape: Shape, initializer: any Initializer, fans: Fans? = nil,
    regularizer: (any Regularizer)? = nil, constraint: (any Constraint)? = nil
  ) throws {
    try check(shape, "the parameter '\(name)'")
    let initial = Initial.drawn(initializer, fans ?? Fans(shape), path: path, name: name)
    try add(name, shape, initial, isTrainable: true, regularizer, constraint)
  }

  /// Declares state of the layer: numbers that are saved but not trained. Throws ``LayerError`` where the name is taken.
  public mutating func state(_ name: String, initial value: Tensor) throws {
    try add(name, value.shape, .given(value), isTrainable: false, nil, nil)
  }

  /// Ties a name of the layer to a parameter that an earlier layer has declared: both are one.
  ///
  /// - Parameters:
  ///   - name: what the layer calls it: `"weight"`.
  ///   - other: the full name, `"0.dense.weight"`.
  /// - Returns: the parameter's shape.
  /// - Throws: ``LayerError`` where no layer before this one has declared it.
  public mutating func tie(_ name: String, to other: String) throws -> Shape {
    guard let index = indices[other] else {
      let hint = Suggestion.hint(for: other, known: entries.map(\.name))
      throw LayerError(path: path, "it ties '\(name)' to '\(other)', which no layer before it has declared; \(hint)")
    }
    open[open.count - 1].entries.append((name, index))
    return entries[index].shape
  }

  /// Declares a layer inside this one; its parameters' names begin with `name`.
  ///
  /// - Returns: the shape of its output.
  ///
  /// Throws ``LayerError`` where the layer does not fit.
  public mutating func declare(_ layer: some Layer, as name: String, input: Shape) throws -> Shape {
    open.append((fullName(name), [], []))
    let output = try checkedOutput(of: layer, input: input)
    let closed = open.removeLast()
    open[open.count - 1].children.append(
      ParameterScope(
        layer, path: closed.path, entries: closed.entries, children: closed.children, input: input, output: output))
    let own = closed.entries.filter { entries[$0.index].name == "\(closed.path).\($0.name)" }
    if closed.children.isEmpty || !own.isEmpty {
      outline.append((closed.path, output, own.reduce(0) { $0 + entries[$1.index].elementCount }))
    }
    return output
  }

  /// The output shape of a layer, which is refused unless a batch of such outputs is possible.
  mutating func checkedOutput(of layer: some Layer, input: Shape) throws -> Shape {
    let output = try layer.declare(in: &self, input: input)
    try check(output, "its output")
    return output
  }

  /// Refuses empty axes, too many axes, and what would not fit into the machine's memory.
  func check(_ shape: Shape, _ what: String) throws {
    guard shape.allSatisfy({ $0 > 0 }) else { throw LayerError(path: path, "\(what) \(shape) has an empty axis") }
    guard shape.rank < Shape.maximumRank else {
      throw LayerError(
        path: path, "\(what) \(shape) has more than \(Shape.maximumRank - 1) axes, the batch's not counted")
    }
    let declared = (lengths.trainable + lengths.state) * dtype.byteCount
    guard let count = shape.checkedElementCount, count <= (MemoryLimit.byteCount - declared) / dtype.byteCount else {
      let others = declared >> 20 > 0 ? ", of which the parameters before it take \(declared >> 20)" : ""
      throw LayerError(
        path: path, "\(what) \(shape) does not fit into the \(MemoryLimit.byteCount >> 20) MiB of memory\(others)")
    }
  }

  private func fullName(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private mutating func add(
    _ name: String, _ shape: Shape, _ initial: Initial, isTrainable: Bool, _ regularizer: (any Regularizer)?,
    _ constraint: (any Constraint)?
  ) throws {
    let name = (short: name, full: fullName(name))
    guard indices.updateValue(entries.count, forKey: name.full) == nil else {
      throw LayerError(path: path, "it declares the parameter '\(name.short)' twice")
    }
    open[open.count - 1].entries.append((name.short, entries.count))
    entries.append(
      ParameterStore.Entry(
        name: name.full, shape: shape, isTrainable: isTrainable,
        offset: isTrainable ? lengths.trainable : lengths.state, regularizer: regularizer, constraint: constraint))
    initials.append(initial)
    if isTrainable { lengths.trainable += shape.elementCount } else { lengths.state += shape.elementCount }
  }

  /// The initial value of an entry. Throws ``LayerError`` where the initializer gives something else.
  private func value(of entry: ParameterStore.Entry, _ initial: Initial) throws -> Tensor {
    switch initial {
    case .given(let value): return value.cast(to: dtype)
    case .drawn(let initializer, let fans, let path, let name):
      let value = initializer.values(shape: entry.shape, fans: fans, random: random[entry.name], dtype: dtype)
      let wanted = TensorSpec(entry.shape, dtype)
      guard value.spec == wanted else {
        throw LayerError(
          path: path, "the initializer of '\(name)' gives \(value.spec) where \(wanted) is asked for")
      }
      return value
    }
  }

  /// The store of everything declared with its initial values, and the root's scope. Throws ``LayerError`` where an
  /// initializer gives something else than it is asked for.
  func finish(
    _ root: any Layer, input: Shape, output: Shape
  ) throws -> (store: ParameterStore, scope: ParameterScope) {
    var store = ParameterStore(
      dtype: dtype, entries: entries, trainable: Tensor.zeros([lengths.trainable], dtype: dtype),
      state: Tensor.zeros([lengths.state], dtype: dtype))
    for (entry, initial) in zip(entries, initials) { store.set(entry, to: try value(of: entry, initial)) }
    let scope = ParameterScope(
      root, path: "", entries: open[0].entries, children: open[0].children, input: input, output: output)
    return (store, scope)
  }
}
