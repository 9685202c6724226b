import AviaryRegistry

extension Sequential {
  /// Layers from a list made at run time: `[Specification("dense", ["units": 10]), "relu"]`.
  ///
  /// Throws errors of making a layer; a `ConfigurationError` names the place: `layers.2.units: …`.
  public init(from specifications: [Specification], in registries: Registries) throws {
    self.init(
      try specifications.enumerated().map { place, specification in
        try registries.make(.layer, specification.standing(at: [.key("layers"), .index(place)]))
      })
  }
}
