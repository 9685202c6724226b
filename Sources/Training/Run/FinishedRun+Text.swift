import AviaryCore
import AviaryData
import AviaryLayers

extension FinishedRun {
  /// Whether the model tells of a sequence of symbols the next one, so that it writes texts.
  public var writesText: Bool {
    let task = task
    return task.labelsSteps && task.symbols != nil && task.symbols == classNames?.count && model.layer.isCausal
  }

  /// A text that the model writes symbol by symbol, each drawn from the probabilities that it gives.
  ///
  /// ```swift
  /// print(try FinishedRun("runs/sonnets-lstm", in: .standard).text(length: 400, temperature: 0.7))
  /// ```
  ///
  /// - Parameters:
  ///   - length: how many symbols.
  ///   - prompt: how the text begins: what the model reads first.
  ///   - temperature: below 1 the probable becomes more probable, 0 takes the most probable always; 1 are the model's own.
  ///   - seed: of the random numbers.
  ///   - each: is given each symbol once it is drawn.
  /// - Returns: what follows the prompt.
  /// - Throws: ``ModelError`` where the model writes no texts; `DataError` where the prompt has symbols it does not know.
  @discardableResult
  public func text(
    length: Int, prompt: String = "\n", temperature: Double = 1, seed: UInt64 = 1, each: (String) -> Void = { _ in }
  ) throws -> String {
    guard writesText, let names = classNames else {
      throw ModelError("the model of '\(recipe.name)' writes no texts; models that do: character-model")
    }
    guard let source = recipe.data as? TextData else {
      throw ModelError("the run '\(recipe.name)' was not trained on the data set 'text'")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ModelError("a temperature of \(temperature); it is 0 or a positive number")
    }
    var symbols = try source.numbers(of: prompt.isEmpty ? "\n" : prompt, in: names)
    var state = CarriedState()
    // A model that has learned pieces by themselves sees as many symbols as a piece has; one that carries state sees all.
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

  /// A symbol by its probability.
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
