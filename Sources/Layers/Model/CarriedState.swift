import AviaryAutograd
import AviaryCore

/// What layers remember of the steps before these, where sequences come in pieces: the states of recurrent layers, the keys
/// and values of attention.
///
/// ```swift
/// var state: CarriedState? = CarriedState()
/// for symbol in text {                                        // one step at a time
///   let next = try model.continuing(symbol, &state)              // sees all steps before it
/// }
/// ```
public struct CarriedState: Sendable {
  /// By the layer's path and a name of the layer's own: `"0.lstm.h"` [rows, units].
  public var tensors: [String: Tensor] = [:]

  /// Nothing yet: sequences begin.
  public init() {}
}

extension Context {
  private func key(_ name: String, _ parameters: Parameters) -> String {
    parameters.path.isEmpty ? name : "\(parameters.path).\(name)"
  }

  /// What a layer has kept of the piece before; nil at the beginning. Of a batch with fewer rows than that the first ones go on.
  public func carried(_ name: String, of parameters: Parameters, rows: Int) -> Tensor? {
    guard let kept = carried?.tensors[key(name, parameters)] else { return nil }
    require(
      rows <= kept.shape[0], "a batch of \(rows) rows after one of \(kept.shape[0]), whose state it would go on from")
    return rows == kept.shape[0] ? kept : kept[0..<rows]
  }

  /// Keeps what a layer goes on from with the next piece; nothing where sequences are whole. Of a batch with fewer rows than the
  /// one before the others' state stays.
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
  /// The outputs for the next steps of sequences whose steps before have been given already, in inference.
  ///
  /// - Parameters:
  ///   - input: the next steps, [batch, steps, …].
  ///   - state: what was carried from the steps before; takes what the next ones go on from.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: [batch, steps, …].
  /// - Throws: ``LayerError`` for values that a layer refuses, such as more steps than it has learned positions. Traps
  ///   where a layer sees later steps than its own, as ``Layer/isCausal`` tells.
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
