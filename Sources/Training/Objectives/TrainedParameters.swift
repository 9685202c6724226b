import AviaryCore
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry

/// Which parameters of a store a stage trains, and how they lie in the one vector that an optimizer sees.
public struct TrainedParameters: Sendable {
  /// The indices of the trained entries in the store, in the order of the vector.
  public let indices: [Int]
  /// Whether these are all that can be trained; the vector is then the store's own buffer.
  public let isEverything: Bool
  /// How many numbers the vector has.
  public let count: Int
  private let member: [Bool]
  /// Where they lie in the store's buffer, if side by side.
  private let place: Range<Int>?

  /// The model's trainable parameters whose full names match one of the patterns, and none of those of frozen ones; of a
  /// part of a model only the part's. Throws ``ModelError`` where a pattern matches none that is not frozen.
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
          "no trained parameter matches '\(pattern)'; " + (known.isEmpty ? "the model has none" : "there are: \(known)")
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

  /// The part of the buffer that entries fill, if they lie side by side.
  private static func place(of entries: [ParameterStore.Entry]) -> Range<Int>? {
    guard let first = entries.first else { return nil }
    var end = first.offset
    for entry in entries {
      guard entry.offset == end else { return nil }
      end += entry.elementCount
    }
    return first.offset..<end
  }

  /// Whether the entry of an index is trained.
  public func contains(_ index: Int) -> Bool { member[index] }

  /// The trained numbers, as one vector.
  public func vector(of store: ParameterStore) -> Tensor {
    if isEverything { return store.trainable }
    if let place { return store.trainable.flatView(from: place.lowerBound, shape: [count]) }
    return joined(indices.map { store.value(of: store.entries[$0]) }, store.dtype)
  }

  /// The parameters that the vector is made of, as an optimizer sees them.
  public func layout(of store: ParameterStore) -> [ParameterBlock] {
    var offset = 0
    return indices.map { index in
      let entry = store.entries[index]
      defer { offset += entry.elementCount }
      return ParameterBlock(entry.name, offset: offset, shape: entry.shape)
    }
  }

  /// Whose value an element of the vector is: `'0.dense.weight'`.
  func name(ofElement element: Int, in store: ParameterStore) -> String {
    var end = 0
    for index in indices {
      end += store.entries[index].elementCount
      if element < end { return "'\(store.entries[index].name)'" }
    }
    return "no parameter"
  }

  /// One vector of tensors given for each trained entry, of that entry's size. Traps where the sizes differ.
  public func joined(_ tensors: [Tensor], _ dtype: DType, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    // Written piece by piece: as operations, a flat view of each and their concatenation would cost a small model more
    // than the copying.
    var vector = Tensor(uninitialized: [count], dtype)
    var start = 0
    for tensor in tensors {
      vector.replace(from: start, with: tensor)
      start += tensor.elementCount
    }
    require(start == count, "\(start) numbers for a vector of \(count) trained ones", file, line)
    return vector
  }

  /// The update that a step ends with: changes the trained numbers as a vector, goes the penalties' proximal steps, takes
  /// in the state that the step has computed, such as running means, and imposes the constraints.
  ///
  /// ```swift
  /// try trained.update(&model.parameters, after: step) {
  ///   try optimizer.update(&$0, state: &state, from: Evaluation(gradient: step.gradient))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - store: the parameters.
  ///   - step: what the objective has found.
  ///   - gradientStep: the optimizer's `gradientStep(at:)`. Traps where it is nil and a penalty is proximal.
  ///   - body: changes the vector.
  public func update(
    _ store: inout ParameterStore, after step: ObjectiveStep, gradientStep: Double? = nil,
    _ body: (inout Tensor) throws -> Void
  ) rethrows {
    try update(&store, body)
    shrink(&store, by: gradientStep)
    store.apply(step.stateUpdates)
    store.applyConstraints()
  }

  /// Changes the trained numbers of a store as a vector; in place where they lie side by side, as those of a layer do.
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
