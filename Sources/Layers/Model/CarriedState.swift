import AviaryAutograd
import AviaryCore

/// The state that layers carry from one piece of a sequence to the next: the states of recurrent layers, the keys and
/// values of attention.
///
/// ```swift
/// var state: CarriedState? = CarriedState()
/// for symbol in text {                                        // one step at a time
///   let next = try model.continuing(symbol, &state)              // sees all steps before it
/// }
/// ```
public struct CarriedState: Sendable {
  /// Tensors by the layer's path and the layer's own name for them: `"0.lstm.h"` [rows, units].
  public var tensors: [String: Tensor] = [:]

  /// The empty state at the beginning of sequences.
  public init() {}
}

extension Context {
  private func key(_ name: String, _ parameters: Parameters) -> String {
    parameters.path.isEmpty ? name : "\(parameters.path).\(name)"
  }

  /// The state that a layer kept from the previous piece; nil at the beginning. A batch with fewer rows than the
  /// previous one continues its first rows.
  public func carried(_ name: String, of parameters: Parameters, rows: Int) -> Tensor? {
    guard let kept = carried?.tensors[key(name, parameters)] else { return nil }
    require(
      rows <= kept.shape[0], "a batch of \(rows) rows cannot continue one of \(kept.shape[0])")
    return rows == kept.shape[0] ? kept : kept[0..<rows]
  }

  /// Keeps a layer's state for the next piece; does nothing if sequences come whole. If a batch has fewer rows than the
  /// previous one, the state of the other rows stays.
  public mutating func carry(_ name: String, of parameters: Parameters, _ value: Tensor) {
    guard carried != nil else { return }
    let key = key(name, parameters)
    var value = value
    if let kept = carried?.tensors[key], kept.shape[0] > value.shape[0],
      kept.shape.removing(axis: 0) == value.shape.removing(axis: 0)
    {
      value = Tensor.concatenate([value, kept[value.shape[0]...]])
    }
    carried?.tensors[key] = value
  }
}

extension Model {
  /// The outputs in inference for the next steps of sequences whose earlier steps were given before.
  ///
  /// - Parameters:
  ///   - input: the next steps, [batch, steps, …].
  ///   - state: the state after the earlier steps; becomes the state after these.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: [batch, steps, …].
  /// - Throws: ``LayerError`` for values that a layer refuses, such as more steps than it has learned positions. Traps
  ///   unless the model is causal, see ``Layer/isCausal``.
  public func continuing(
    _ input: Tensor, _ state: inout CarriedState, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    require(
      layer.isCausal, "sequences in pieces need a model whose outputs depend on no later steps; this one is not causal",
      file, line)
    var context = Context(.inference)
    context.carried = state
    let values = parameters.variables { _ in false }
    let output = try checkedForward(Variable(input), values, &context, file: file, line: line)
    state = context.carried ?? state
    return output.value
  }
}
