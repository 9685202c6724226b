import AviaryRegistry

extension Registries {
  /// Registers data sets, splits and transforms.
  public mutating func registerData() throws {}
}
