import AviaryRegistry

extension Registries {
  /// Registers objectives, metrics, stopping rules and test functions.
  public mutating func registerTraining() throws {
    try register(Supervised.self)
    try register(Reconstruction.self)
    try register(LayerVariance.self)
    try register(Constrained.self)
    try register(Accuracy.self)
    try register(ErrorRate.self)
    try register(SquaredError.self)
    try register(AbsoluteError.self)
    try register(Bits.self)
    try register(ExactMatch.self)
    try register(EarlyStopping.self)
    try register(Patience.self)
    try register(Match.self)
    try register(Reached.self)
    try register(Tolerance.self)
    try register(Rosenbrock.self)
    try register(Beale.self)
    try register(Himmelblau.self)
    try register(Saddle.self)
    try register(Plateau.self)
    try register(Bowl.self)
    try register(NoisyValley.self)
  }
}
