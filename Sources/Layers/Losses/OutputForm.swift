/// What a loss takes a model's outputs for, and so what the model's last layer has to end with.
public enum OutputForm: Sendable, Hashable {
  /// Values of the targets' kind, or scores.
  case values
  /// Numbers before a sigmoid or softmax, which is part of the loss.
  case logits
  /// Logarithms of probabilities, which a log-softmax ends with.
  case logProbabilities
  /// Logarithms of rates.
  case logRates
}
