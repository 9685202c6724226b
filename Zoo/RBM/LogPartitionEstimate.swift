import AviaryCore

/// An estimate of log Z with an interval.
public struct LogPartitionEstimate: Sendable {
  /// The logarithm of the mean of the chains' weights, which is unbiased for Z.
  public let value: Double
  /// The logarithm of the mean minus three standard errors; −∞ if that is not above 0.
  public let lower: Double
  /// The logarithm of the mean plus three standard errors.
  public let upper: Double
  /// The logarithm of each chain's weight.
  public let logWeights: [Double]

  init(logWeights: [Double]) {
    self.logWeights = logWeights
    // Weights relative to the greatest do not overflow.
    let logs = Tensor(logWeights)
    let greatest = logs.max().item()
    let weights = (logs - greatest).exp()
    let (mean, count) = (weights.mean(), Double(logWeights.count))
    let margin = (weights.variance() / (count - 1)).sqrt() * 3
    value = greatest + mean.log().item()
    // log 0 is −∞.
    lower = greatest + (mean - margin).relu().log().item()
    upper = greatest + (mean + margin).log().item()
  }
}
