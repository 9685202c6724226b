import AviaryCore

/// What an optimizer keeps between steps: part of a checkpoint.
///
/// It is the whole state: an optimizer with equal hyper-parameters that continues from a copy makes the same steps, bit
/// for bit. The trainer saves the tensors by name, the numbers and the step.
public struct OptimizerState: Sendable, Equatable {
  /// The number of steps taken.
  public var step = 0
  /// Vectors by name, such as `"velocity"`, each as long as the parameters.
  public var tensors: [String: Tensor] = [:]
  /// Numbers by name, such as `"stepSize"`.
  public var numbers: [String: Double] = [:]

  /// The state before the first step.
  public init() {}
}

extension OptimizerState {
  /// One pass over the parameters and a state vector, which is initially zero; see `Tensor.update(_:reading:_:)` in
  /// AviaryCore.
  ///
  /// ```swift
  /// state.update(&parameters, "velocity", reading: evaluation.gradient) { θ, v, g in
  ///   v = μ * v + g
  ///   θ -= η * v
  /// }
  /// ```
  public mutating func update(
    _ parameters: inout Tensor, _ name: String, reading gradient: Tensor,
    _ body: (_ θ: inout FusedValue, _ vector: inout FusedValue, _ g: FusedValue) -> Void
  ) {
    var vector = take(name, like: parameters)
    Tensor.update(&parameters, &vector, reading: gradient, body)
    put(vector, name)
  }

  /// One pass over the parameters and two state vectors, which are initially zero.
  public mutating func update(
    _ parameters: inout Tensor, _ first: String, _ second: String, reading gradient: Tensor,
    _ body: (
      _ θ: inout FusedValue, _ first: inout FusedValue, _ second: inout FusedValue, _ g: FusedValue
    ) -> Void
  ) {
    var (a, b) = (take(first, like: parameters), take(second, like: parameters))
    Tensor.update(&parameters, &a, &b, reading: gradient, body)
    put(a, first)
    put(b, second)
  }

  /// One pass over the parameters and three state vectors, which are initially zero.
  public mutating func update(
    _ parameters: inout Tensor, _ first: String, _ second: String, _ third: String, reading gradient: Tensor,
    _ body: (
      _ θ: inout FusedValue, _ first: inout FusedValue, _ second: inout FusedValue, _ third: inout FusedValue,
      _ g: FusedValue
    ) -> Void
  ) {
    var a = take(first, like: parameters)
    var b = take(second, like: parameters)
    var c = take(third, like: parameters)
    Tensor.update(&parameters, &a, &b, &c, reading: gradient, body)
    put(a, first)
    put(b, second)
    put(c, third)
  }

  /// One pass over the parameters and any number of state vectors, which are initially zero; at most 16 arrays in
  /// total.
  ///
  /// - Parameters:
  ///   - parameters: the parameters, or another array to change.
  ///   - names: the names of the state vectors.
  ///   - inputs: arrays that are only read.
  ///   - body: assigns new values to the parameters, and to the vectors in the order of their names.
  public mutating func update(
    _ parameters: inout Tensor, _ names: [String], reading inputs: [Tensor],
    _ body: (_ θ: inout FusedValue, _ vectors: inout [FusedValue], _ read: [FusedValue]) -> Void
  ) {
    var arrays = [Self.nothing]
    arrays.reserveCapacity(names.count + 1)
    for name in names { arrays.append(take(name, like: parameters)) }
    swap(&parameters, &arrays[0])
    Tensor.update(&arrays, reading: inputs) { values, read in
      var vectors = Array(values[1...])
      body(&values[0], &vectors, read)
      values.replaceSubrange(1..., with: vectors)
    }
    swap(&parameters, &arrays[0])
    for (index, name) in names.enumerated() {
      var vector = Self.nothing
      swap(&vector, &arrays[index + 1])
      put(vector, name)
    }
  }

  /// Lends a state vector, initially zero, to be changed in place, along with the rest of the state.
  mutating func withVector<Result>(
    _ name: String, like parameters: Tensor,
    _ body: (_ vector: inout Tensor, _ rest: inout OptimizerState) throws -> Result
  ) rethrows -> Result {
    var vector = take(name, like: parameters)
    defer { put(vector, name) }
    return try body(&vector, &self)
  }

  /// Takes a vector out, so that its memory is uniquely owned and can be changed in place. An empty entry stays, so
  /// that putting the vector back does not allocate.
  private mutating func take(_ name: String, like parameters: Tensor) -> Tensor {
    guard let index = tensors.index(forKey: name) else {
      return Tensor.zeros(parameters.shape, dtype: parameters.dtype)
    }
    var taken = Self.nothing
    swap(&taken, &tensors.values[index])
    return taken
  }

  private mutating func put(_ vector: Tensor, _ name: String) {
    if let index = tensors.index(forKey: name) {
      tensors.values[index] = vector
    } else {
      tensors[name] = vector
    }
  }

  private static let nothing = Tensor.zeros([0])

  /// A number that counts, from 0; 0 if there is none or it is not below the limit, as in a damaged file.
  func whole(_ name: String, below limit: Int = .max) -> Int {
    guard let count = numbers[name].flatMap(Int.init(exactly:)), 0..<limit ~= count else { return 0 }
    return count
  }

  /// Lends the state of a wrapped optimizer: the entries whose names begin with the prefix and a period.
  package mutating func withInner<Result>(
    _ prefix: String = "inner", _ body: (inout OptimizerState) throws -> Result
  ) rethrows -> Result {
    let (stepName, prefix) = ("\(prefix).step", "\(prefix).")
    var inner = OptimizerState()
    inner.step = whole(stepName)
    numbers[stepName] = nil
    for name in tensors.keys where name.hasPrefix(prefix) {
      inner.tensors[String(name.dropFirst(prefix.count))] = tensors.removeValue(forKey: name)
    }
    for name in numbers.keys where name.hasPrefix(prefix) {
      inner.numbers[String(name.dropFirst(prefix.count))] = numbers.removeValue(forKey: name)
    }
    defer {
      numbers[stepName] = Double(inner.step)
      for name in Array(inner.tensors.keys) { tensors[prefix + name] = inner.tensors.removeValue(forKey: name) }
      for (name, number) in inner.numbers { numbers[prefix + name] = number }
    }
    return try body(&inner)
  }

  /// The state of a wrapped optimizer.
  package func inner(_ prefix: String = "inner") -> OptimizerState {
    var copy = self
    return copy.withInner(prefix) { $0 }
  }
}
