import AviaryCore
import AviaryRegistry

/// Collects the parameters that layers declare while a model is built, and creates their initial values.
public struct ParameterBuilder {
  private let random: RandomSource
  /// The dtype of all parameters.
  public let dtype: DType
  /// Whether the input's first axis is steps and rows may differ in their number. A layer that removes the step axis
  /// sets it to false.
  public var stepsVary = false
  /// The model's further inputs, by name.
  public internal(set) var furtherInputs: [String: InputShape] = [:]
  /// The declarations so far, in order.
  private(set) var entries: [ParameterStore.Entry] = []
  private var indices: [String: Int] = [:]
  private var initials: [Initial] = []
  private var lengths = (trainable: 0, state: 0)
  /// The layers inside the root in post-order, without pure containers: path, output shape, and the number of elements
  /// that each declared.
  private(set) var outline: [(path: String, output: Shape, parameters: Int)] = []
  private var open: [(path: String, entries: [(name: String, index: Int)], children: [ParameterScope])]

  /// The source of a parameter's initial value, which is created after everything is declared and known to fit.
  private enum Initial {
    case drawn(any Initializer, Fans, path: String, name: String)
    case given(Tensor)
  }

  init(dtype: DType, random: RandomSource) {
    self.dtype = dtype
    self.random = random
    open = [("", [], [])]
  }

  /// The path of the layer being declared: `"2.dense"`.
  public var path: String { open[open.count - 1].path }

  /// Declares a trained parameter.
  ///
  /// - Parameters:
  ///   - name: unique in the layer: `"weight"`.
  ///   - shape: the parameter's shape.
  ///   - initializer: creates the initial values.
  ///   - fans: the inputs and outputs per unit, for initializers that scale with them; by default from the shape: [in,
  ///     out], or [height, width, in, out] times the window's area.
  ///   - regularizer: the penalty on the parameter, added to the loss.
  ///   - constraint: the constraint after each update.
  /// - Throws: ``LayerError`` if the name is taken or memory is insufficient. If the initializer returns the wrong
  ///   shape or type, building the model throws it.
  public mutating func parameter(
    _ name: String, shape: Shape, initializer: any Initializer, fans: Fans? = nil,
    regularizer: (any Regularizer)? = nil, constraint: (any Constraint)? = nil
  ) throws {
    try check(shape, "the parameter '\(name)'")
    let initial = Initial.drawn(initializer, fans ?? Fans(shape), path: path, name: name)
    try add(name, shape, initial, isTrainable: true, regularizer, constraint)
  }

  /// Declares state: values that are saved but not trained. Throws ``LayerError`` if the name is taken.
  public mutating func state(_ name: String, initial value: Tensor) throws {
    try add(name, value.shape, .given(value), isTrainable: false, nil, nil)
  }

  /// Ties a name of the layer to a parameter of an earlier layer.
  ///
  /// - Parameters:
  ///   - name: the name in this layer: `"weight"`.
  ///   - other: the full name, `"0.dense.weight"`.
  /// - Returns: the parameter's shape.
  /// - Throws: ``LayerError`` if no earlier layer declared it.
  public mutating func tie(_ name: String, to other: String) throws -> Shape {
    guard let index = indices[other] else {
      let hint = Suggestion.hint(for: other, known: entries.map(\.name))
      throw LayerError(path: path, "it ties '\(name)' to '\(other)', which no earlier layer declares; \(hint)")
    }
    open[open.count - 1].entries.append((name, index))
    return entries[index].shape
  }

  /// Declares a nested layer, whose parameter names start with `name`.
  ///
  /// - Returns: the shape of its output.
  ///
  /// Throws ``LayerError`` if the layer cannot be used in its place.
  public mutating func declare(_ layer: some Layer, as name: String, input: Shape) throws -> Shape {
    open.append((fullName(name), [], []))
    let stepsVary = stepsVary
    let output = try checkedOutput(of: layer, input: input)
    let closed = open.removeLast()
    open[open.count - 1].children.append(
      ParameterScope(
        layer, path: closed.path, entries: closed.entries, children: closed.children, input: input, output: output,
        stepsVary: stepsVary))
    let own = closed.entries.filter { entries[$0.index].name == "\(closed.path).\($0.name)" }
    if closed.children.isEmpty || !own.isEmpty {
      outline.append((closed.path, output, own.reduce(0) { $0 + entries[$1.index].elementCount }))
    }
    return output
  }

  /// Declares parallel layers for the same input. Throws ``LayerError`` if one does not fit, or if only some of them
  /// output sequences of different lengths.
  mutating func declareBranches(_ branches: [(name: String, layer: Sequential)], input: Shape) throws -> [Shape] {
    let varied = stepsVary
    var left: Set<Bool> = []
    let outputs = try branches.map { name, layer in
      stepsVary = varied
      let output = try declare(layer, as: name, input: input)
      left.insert(stepsVary)
      return output
    }
    guard left.count <= 1 else {
      throw LayerError(
        path: path, "some of its branches output sequences of different lengths, but others remove the step axis")
    }
    return outputs
  }

  /// The output shape of a layer. Throws if a batch of such outputs is impossible.
  mutating func checkedOutput(of layer: some Layer, input: Shape) throws -> Shape {
    guard !stepsVary || layer.allowsPadding else {
      throw LayerError(
        path: path.isEmpty ? layer.label : path,
        "it cannot distinguish data from padding, but the sequences differ in length; use it in 'time-distributed', or "
          + "after a layer that removes the step axis, such as 'lstm' or 'global-average-pool'")
    }
    let output = try layer.declare(in: &self, input: input)
    try check(output, "its output")
    return output
  }

  /// Rejects empty axes, too many axes, and shapes that do not fit into memory.
  func check(_ shape: Shape, _ what: String) throws {
    guard shape.allSatisfy({ $0 > 0 }) else { throw LayerError(path: path, "\(what) \(shape) has an empty axis") }
    guard shape.rank < Shape.maximumRank else {
      throw LayerError(
        path: path, "\(what) \(shape) has more than \(Shape.maximumRank - 1) axes, not counting the batch axis")
    }
    let declared = (lengths.trainable + lengths.state) * dtype.byteCount
    guard let count = shape.checkedElementCount, count <= (MemoryLimit.byteCount - declared) / dtype.byteCount else {
      let others = declared >> 20 > 0 ? ", of which earlier parameters use \(declared >> 20)" : ""
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

  /// The initial value of an entry. Throws ``LayerError`` if the initializer returns the wrong shape or type.
  private func value(of entry: ParameterStore.Entry, _ initial: Initial) throws -> Tensor {
    switch initial {
    case .given(let value): return value.cast(to: dtype)
    case .drawn(let initializer, let fans, let path, let name):
      let value = initializer.values(shape: entry.shape, fans: fans, random: random[entry.name], dtype: dtype)
      let wanted = TensorSpec(entry.shape, dtype)
      guard value.spec == wanted else {
        throw LayerError(
          path: path, "the initializer of '\(name)' gives \(value.spec) instead of \(wanted)")
      }
      return value
    }
  }

  /// The store of all declarations with initial values, and the root's scope. Throws ``LayerError`` if an initializer
  /// returns the wrong shape or type.
  func finish(
    _ root: any Layer, input: Shape, output: Shape, stepsVary: Bool
  ) throws -> (store: ParameterStore, scope: ParameterScope) {
    var store = ParameterStore(
      dtype: dtype, entries: entries, trainable: Tensor.zeros([lengths.trainable], dtype: dtype),
      state: Tensor.zeros([lengths.state], dtype: dtype))
    for (entry, initial) in zip(entries, initials) { store.set(entry, to: try value(of: entry, initial)) }
    let scope = ParameterScope(
      root, path: "", entries: open[0].entries, children: open[0].children, input: input, output: output,
      stepsVary: stepsVary)
    return (store, scope)
  }
}
