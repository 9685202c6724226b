import AviaryCore
import AviaryData
import AviaryLayers

extension FinishedRun {
  /// Whether the model generates text: it predicts the next symbol of a sequence.
  public var writesText: Bool {
    let task = task
    return task.labelsSteps && task.symbols != nil && task.symbols == classNames?.count && model.layer.isCausal
  }

  /// Generates text symbol by symbol, each drawn from the probabilities that the model predicts.
  ///
  /// ```swift
  /// print(try FinishedRun("runs/sonnets-lstm", in: .standard).text(length: 400, temperature: 0.7))
  /// ```
  ///
  /// - Parameters:
  ///   - length: the number of symbols.
  ///   - prompt: the beginning of the text, which the model reads first.
  ///   - temperature: a divisor of the logits. Values below 1 favor probable symbols; 0 always takes the most probable
  ///     one.
  ///   - seed: seed of the random numbers.
  ///   - each: called with each symbol as soon as it is drawn.
  /// - Returns: the text after the prompt.
  /// - Throws: ``ModelError`` if the model does not generate text; `DataError` if the prompt has symbols that the model
  ///   does not know.
  @discardableResult
  public func text(
    length: Int, prompt: String = "\n", temperature: Double = 1, seed: UInt64 = 1, each: (String) -> Void = { _ in }
  ) throws -> String {
    guard writesText, let names = classNames else {
      throw ModelError("the model of '\(recipe.name)' does not generate text; models that do: character-model")
    }
    guard let source = recipe.data as? TextData else {
      throw ModelError("the run '\(recipe.name)' was not trained on the data set 'text'")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ModelError("the temperature is \(temperature), but must be 0 or positive")
    }
    var symbols = try source.numbers(of: prompt.isEmpty ? "\n" : prompt, in: names)
    var state = CarriedState()
    // A model trained on independent pieces sees only as many symbols as a piece has; one that carries state sees all.
    let window = recipe.stages.last?.objective.carriesState == true ? nil : model.inputShape[0]
    let random = RandomSource(seed: seed)["text"]
    var text = ""
    for step in 0..<length {
      if let window {
        symbols = symbols.suffix(window)
        state = CarriedState()
      }
      let input = Tensor(symbols.map(Double.init), shape: [1, symbols.count]).cast(to: model.dtype)
      let logits = try model.continuing(input, &state)[0][symbols.count - 1].cast(to: .float64)
      let next = Self.drawn(logits, temperature, random.at(step: step))
      symbols = window == nil ? [next] : symbols + [next]
      let symbol = source.unit == .words ? TextData.spaced(names[next], after: text) : names[next]
      text += symbol
      each(symbol)
    }
    return text
  }

  /// Draws a symbol.
  private static func drawn(_ logits: Tensor, _ temperature: Double, _ random: RandomSource) -> Int {
    guard temperature > 0 else { return Int(logits.argmax(axis: 0).item()) }
    let shares = (logits / temperature).softmax().scalars(as: Double.self)
    var left = random.uniform([1], dtype: .float64).item()
    for (symbol, share) in shares.enumerated() {
      left -= share
      if left < 0 { return symbol }
    }
    return shares.lastIndex { $0 > 0 } ?? 0
  }
}
