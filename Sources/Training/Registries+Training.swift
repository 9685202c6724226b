import AviaryRegistry

extension Registries {
  /// Registers objectives, metrics and stopping rules.
  public mutating func registerTraining() throws {
    try register(Supervised.self)
    try register(Reconstruction.self)
    try register(Accuracy.self)
    try register(ErrorRate.self)
    try register(SquaredError.self)
    try register(AbsoluteError.self)
    try register(EarlyStopping.self)
    try register(Patience.self)
    try register(Match.self)
  }
}
