import AviaryRegistry

extension Registries {
  /// Registers objectives, metrics and stopping rules.
  public mutating func registerTraining() throws {
    try register(Supervised.self)
    try register(Accuracy.self)
    try register(EarlyStopping.self)
  }
}
