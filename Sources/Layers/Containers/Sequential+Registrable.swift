import AviaryRegistry

extension Sequential: Registrable {
  /// The layer's configuration.
  public struct Configuration: ConfigurationFields {
    /// The layers in order.
    public var layers: [Specification] = ["flatten"]

    /// One layer, as an example.
    public init() {}
  }

  /// `"sequential"`.
  public static let name = "sequential"
  /// The layers have no default.
  public static let required: Set<String> = ["layers"]
  /// What is worth knowing.
  public static let card = Card(
    "Layers one after another.", formula: "y = fₙ(… f₂(f₁(x)))",
    fields: ["layers": "The layers in order: names, or objects with a name; at least one."])

  /// Makes the layers.
  public init(_ configuration: Configuration, in registries: Registries) throws {
    try self.init(from: Check.nonEmpty(configuration.layers, "layers"), in: registries)
  }

  /// Layers from a list made at run time: `[Specification("dense", ["units": 10]), "relu"]`.
  ///
  /// Throws what making a layer throws; a `ConfigurationError` names the place: `layers.2.units: …`.
  public init(from specifications: [Specification], in registries: Registries) throws {
    try self.init(from: specifications, in: registries, at: "layers")
  }

  /// Layers from a list that stands, unless its specifications know better, at a path.
  init(from specifications: [Specification], in registries: Registries, at path: ConfigurationPath) throws {
    self.init(
      try specifications.enumerated().map { place, specification in
        var located = specification
        if located.path.isEmpty { located.path = path.appending(place) }
        return try registries.make(.layer, located)
      })
  }
}
