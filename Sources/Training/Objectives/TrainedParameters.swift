import AviaryCore
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// The parameters of a store that a stage trains, and how they form the one vector that an optimizer sees.
public struct TrainedParameters: Sendable {
  /// The indices of the trained entries in the store, in the order of the vector.
  public let indices: [Int]
  /// Whether this is every trainable parameter; the vector is then the store's own buffer.
  public let isEverything: Bool
  /// The length of the vector.
  public let count: Int
  private let member: [Bool]
  /// Their range in the store's buffer, if they are contiguous.
  private let place: Range<Int>?

  /// The model's trainable parameters whose full names match `patterns` but not `frozen`; for a part of a model, only
  /// the part's. Throws ``ModelError`` if a pattern matches no parameter, or only frozen ones.
  public init(_ model: Model, matching patterns: [String], except frozen: [String] = []) throws {
    let store = model.parameters
    let kept = Set(frozen.flatMap { store.entries(matching: $0) }.map(\.name))
    let own = Set(model.parameterIndices.filter { store.entries[$0].isTrainable }.map { store.entries[$0].name })
      .subtracting(kept)
    var member = [Bool](repeating: false, count: store.entries.count)
    for pattern in patterns {
      let names = Set(store.entries(matching: pattern).map(\.name)).intersection(own)
      guard !names.isEmpty else {
        let known = store.entries.map(\.name).filter(own.contains).listed()
        throw ModelError(
          "no trained parameter matches '\(pattern)'; " + (known.isEmpty ? "the model has none" : "known: \(known)")
        )
      }
      for (index, entry) in store.entries.enumerated() where names.contains(entry.name) { member[index] = true }
    }
    self.member = member
    indices = member.indices.filter { member[$0] }
    isEverything = store.entries.indices.allSatisfy { member[$0] || !store.entries[$0].isTrainable }
    count = indices.reduce(0) { $0 + store.entries[$1].elementCount }
    place = TrainedParameters.place(of: indices.map { store.entries[$0] })
  }

  /// The range of the buffer that the entries fill, if they are contiguous.
  private static func place(of entries: [ParameterStore.Entry]) -> Range<Int>? {
    guard let first = entries.first else { return nil }
    var end = first.offset
    for entry in entries {
      guard entry.offset == end else { return nil }
      end += entry.elementCount
    }
    return first.offset..<end
  }

  /// Whether the entry with this index is trained.
  public func contains(_ index: Int) -> Bool { member[index] }

  /// The trained values as one vector.
  public func vector(of store: ParameterStore) -> Tensor {
    if isEverything { return store.trainable }
    if let place { return store.trainable.flatView(from: place.lowerBound, shape: [count]) }
    return joined(indices.map { store.value(of: store.entries[$0]) }, store.dtype)
  }

  /// The parameters in the vector, as an optimizer sees them.
  public func layout(of store: ParameterStore) -> [ParameterBlock] {
    var offset = 0
    return indices.map { index in
      let entry = store.entries[index]
      defer { offset += entry.elementCount }
      return ParameterBlock(entry.name, offset: offset, shape: entry.shape)
    }
  }

  /// The parameter that an element of the vector belongs to: `'0.dense.weight'`.
  func name(ofElement element: Int, in store: ParameterStore) -> String {
    var end = 0
    for index in indices {
      end += store.entries[index].elementCount
      if element < end { return "'\(store.entries[index].name)'" }
    }
    return "no parameter"
  }

  /// Concatenates one tensor per trained entry, each of the entry's size, into a vector. Traps if the sizes differ.
  public func joined(_ tensors: [Tensor], _ dtype: DType, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    // Written piece by piece: as operations, the flat views and their concatenation would cost a small model more than
    // the copying.
    var vector = Tensor(uninitialized: [count], dtype)
    var start = 0
    for tensor in tensors {
      vector.replace(from: start, with: tensor)
      start += tensor.elementCount
    }
    require(start == count, "\(start) numbers for a vector of \(count) trained ones", file, line)
    return vector
  }

  /// Ends a training step: updates the trained values as a vector, takes the penalties' proximal steps, stores the
  /// state computed by the step (such as running means), and imposes the constraints.
  ///
  /// ```swift
  /// try trained.update(&model.parameters, after: step) {
  ///   try optimizer.update(&$0, state: &state, from: Evaluation(gradient: step.gradient))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - store: the parameters.
  ///   - step: the objective's result.
  ///   - gradientStep: the optimizer's `gradientStep(at:)`. Traps if it is nil and a penalty is proximal.
  ///   - imposingConstraints: whether parameters are projected onto their constraints; false if the objective enforces
  ///     them.
  ///   - body: changes the vector.
  public func update(
    _ store: inout ParameterStore, after step: ObjectiveStep, gradientStep: Double? = nil,
    imposingConstraints: Bool = true,
    _ body: (inout Tensor) throws -> Void
  ) rethrows {
    try update(&store, body)
    shrink(&store, by: gradientStep)
    store.apply(step.stateUpdates)
    if imposingConstraints { store.applyConstraints() }
  }

  /// Changes the trained values of a store as a vector, in place if they are contiguous, as those of a layer are.
  public func update(_ store: inout ParameterStore, _ body: (inout Tensor) throws -> Void) rethrows {
    if isEverything { return try body(&store.trainable) }
    if let place { return try store.trainable.withFlatPiece(from: place.lowerBound, count: count, body) }
    var vector = vector(of: store)
    try body(&vector)
    var start = 0
    for index in indices {
      let entry = store.entries[index]
      store.set(entry, to: vector.flatView(from: start, shape: entry.shape))
      start += entry.elementCount
    }
  }
}
