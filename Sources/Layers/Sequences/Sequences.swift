import AviaryAutograd
import AviaryCore

extension Window2D {
  /// A window over sequences, which are treated as images of one row.
  init(steps: Int, stride: Int, dilation: Int = 1, padding: Padding1D) {
    self.init(height: 1, width: steps, strides: (1, stride), dilation: dilation, padding: padding.inPlane)
  }

  /// The steps that a causal window lacks before the first one.
  func stepsBefore(_ padding: Padding1D) -> Int { padding == .causal ? reach.width - 1 : 0 }

  /// The output shape for sequences [steps, channels].
  ///
  /// Throws ``LayerError`` if the input is not a sequence or the window does not fit.
  func outputSequence(
    for input: Shape, padding: Padding1D, channels: Int? = nil, at path: String
  ) throws -> Shape {
    guard input.rank == 2 else {
      throw LayerError(
        path: path, "it takes sequences [steps, channels], not \(input); put a 'reshape' layer before it")
    }
    guard let output = outputSize(height: 1, width: input[0] + stepsBefore(padding)) else {
      if case .border(let steps) = padding, steps >= reach.width {
        throw LayerError(
          path: path,
          "windows of \(reach.width) steps could lie entirely in its padding of \(steps); use padding smaller than the window"
        )
      }
      throw LayerError(
        path: path,
        "its window spans \(reach.width) steps, which do not fit into sequences of \(input[0]); make it smaller, or use "
          + "padding 'same'")
    }
    return [output.width, channels ?? input[1]]
  }
}

extension Variable {
  /// Sequences [n, steps, channels] as images [n, 1, steps, channels].
  var asRows: Variable { expandingDimension(at: 1) }

  /// Images [n, 1, steps, channels] as sequences [n, steps, channels].
  var asSequences: Variable { squeezed(axis: 1) }
}
