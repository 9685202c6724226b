extension ConfigurationValue {
  /// This value overlaid with another.
  ///
  /// Objects merge key by key; anything else is replaced. With one exception: if the overlay's `name` differs from this
  /// object's, it replaces the whole object, because the keys of one optimizer mean nothing to another. A bare string
  /// against an object with a name (or the reverse) counts as `{"name": string}`.
  ///
  /// ```
  /// base                                      overlay                result
  /// {"name": "sgd", "momentum": 0.9}          {"learningRate": 1}    {"name": "sgd", "momentum": 0.9, "learningRate": 1}
  /// {"name": "sgd", "momentum": 0.9}          "adam"                 {"name": "adam"}
  /// "sgd"                                     {"learningRate": 1}    {"name": "sgd", "learningRate": 1}
  /// ```
  public func overlaid(with overlay: ConfigurationValue) -> ConfigurationValue {
    switch (self, overlay) {
    case (.object(var base), .object(let overlay)):
      if let name = overlay["name"], let old = base["name"], name != old { return .object(overlay) }
      for (key, value) in overlay { base[key] = base[key]?.overlaid(with: value) ?? value }
      return .object(base)
    case (.string(let name), .object):
      return ConfigurationValue.object(["name": .string(name)]).overlaid(with: overlay)
    case (.object(let base), .string(let name)) where base["name"] != nil:
      return base["name"] == .string(name) ? self : ["name": .string(name)]
    default: return overlay
    }
  }
}
