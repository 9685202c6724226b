/// How a loss interprets a model's outputs, which determines how the last layer must end.
public enum OutputForm: Sendable, Hashable {
  /// Values like the targets, or scores.
  case values
  /// Inputs of a sigmoid or softmax, which is part of the loss.
  case logits
  /// Logarithms of probabilities, from a log-softmax.
  case logProbabilities
  /// Logarithms of rates.
  case logRates
}
