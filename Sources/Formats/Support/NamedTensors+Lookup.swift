import AviaryCore

extension NamedTensors {
  /// The tensor with this name.
  ///
  /// - Throws: ``FormatError`` of kind `noSuchName`, with the nearest name.
  public func tensor(named name: String) throws -> Tensor {
    if let tensor = self[name] { return tensor }
    throw noSuchName(name, among: names, what: "a tensor", source: source)
  }
}
