import AviaryAutograd
import AviaryCore

extension Model {
  /// Mean and variance of the model's predictions over several passes with active dropout.
  ///
  /// The mean approximates the average over all thinned networks better than a single pass with scaled weights; the
  /// variance measures the model's uncertainty. (Srivastava et al.: Dropout, 2014, section 7.5; Gal, Ghahramani:
  /// Dropout as a Bayesian approximation, 2016.)
  ///
  /// - Parameters:
  ///   - input: a batch, [batch] + `inputShape`.
  ///   - samples: the number of passes, at least 1.
  ///   - random: the random numbers.
  ///   - progress: the progress of the training, for rates that follow a schedule; by default its beginning.
  ///   - answer: the quantity to average, computed from the outputs; by default the outputs. For class probabilities
  ///     pass `{ $0.softmax() }`.
  ///   - file: the caller's file, for a trap's message.
  ///   - line: the caller's line.
  /// - Returns: mean and variance (divided by the number of passes), shaped as the answers.
  public func monteCarlo(
    _ input: Tensor, samples: Int, random: RandomSource, progress: TrainingProgress = TrainingProgress(),
    of answer: (Tensor) -> Tensor = { $0 }, file: StaticString = #fileID, line: UInt = #line
  ) -> (mean: Tensor, variance: Tensor) {
    require(samples > 0, "Monte Carlo inference needs at least 1 sample, not \(samples)", file, line)
    let variables = parameters.variables { _ in false }
    func draw(_ index: Int) -> Tensor {
      var context = Context(.monteCarlo, random: random.at(step: index), progress: progress)
      return answer(forward(Variable(input), variables, &context, file: file, line: line).value)
    }
    // Welford's algorithm, which avoids cancellation for small variances.
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
