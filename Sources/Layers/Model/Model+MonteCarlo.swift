import AviaryAutograd
import AviaryCore

extension Model {
  /// The mean and the variance of the model's answers when dropout goes on dropping, over a number of draws.
  ///
  /// The mean approximates the average over all thinned networks, which scaled weights only approximate by one pass;
  /// the variance tells how sure the model is. (Srivastava et al.: Dropout, 2014, section 7.5; Gal, Ghahramani: Dropout
  /// as a Bayesian approximation, 2016.)
  ///
  /// - Parameters:
  ///   - input: a batch, [batch] + `inputShape`.
  ///   - samples: how many draws, at least 1.
  ///   - random: their random numbers.
  ///   - progress: how far the training had come, for rates that follow a schedule; its beginning unless given.
  ///   - answer: what is averaged, given the outputs: the outputs themselves, unless given. For class probabilities
  ///     pass `{ $0.softmax() }`.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: mean and variance (of the draws, divided by their number), shaped as the answers.
  public func monteCarlo(
    _ input: Tensor, samples: Int, random: RandomSource, progress: TrainingProgress = TrainingProgress(),
    of answer: (Tensor) -> Tensor = { $0 }, file: StaticString = #fileID, line: UInt = #line
  ) -> (mean: Tensor, variance: Tensor) {
    require(samples > 0, "the mean of \(samples) draws", file, line)
    let variables = parameters.variables { _ in false }
    func draw(_ index: Int) -> Tensor {
      var context = Context(.monteCarlo, random: random.at(step: index), progress: progress)
      return answer(forward(Variable(input), variables, &context, file: file, line: line).value)
    }
    // Welford's sums: no cancellation where the variance is small.
    var mean = draw(0)
    var squares = Tensor.zeros(mean.shape, dtype: mean.dtype)
    for index in 1..<max(1, samples) {
      let value = draw(index)
      let change = value - mean
      mean = mean + change / Double(index + 1)
      squares = squares + change * (value - mean)
    }
    return (mean, squares / Double(samples))
  }
}
