/// A value that is its own configuration: its fields, declared with ``Field``, are the keys of a document.
///
/// ```swift
/// public struct LeakyRelu: Activation, Registrable {
///   public static let name = "leaky-relu"
///   public static let card = Card("Passes a fraction of negative inputs.", formula: "f(x) = max(x, α·x)")
///
///   @Field("Slope α of the negative side", .in(0..<1)) var slope = 0.01
///
///   public init() {}
///   …
/// }
/// ```
///
/// Fields are found by reflection, in the order of declaration; their names are the keys in a document. Stored
/// properties without ``Field`` are not part of the configuration, so they must follow from the fields. A stored
/// ``FieldGroup`` contributes its fields as if they were declared in its place.
public protocol Configurable: Sendable {
  /// The default instance. Required fields hold an example.
  init()

  /// Checks what no field can check by itself. Throws `ConfigurationError` with the field's path; see ``Check``.
  /// Default: accepts everything.
  func validate() throws
}

/// Fields shared by several types, declared once and stored in each:
///
/// ```swift
/// struct WeightFields: FieldGroup {
///   @Field(.initializer, "Draws the initial weights") var weightInitializer: any Initializer = GlorotUniform()
///   @Field(.regularizer, "Penalty of the weights") var weightRegularizer: (any Regularizer)?
/// }
///
/// struct Dense: Layer, Registrable {
///   @Field("Number of outputs", .positive, example: 10) var units: Int
///   var weights = WeightFields()
/// }
/// ```
///
/// As the value of a field, a group is a nested object in the document.
public protocol FieldGroup: Configurable {}

extension Configurable {
  public func validate() throws {}

  /// Reads a configuration; missing fields keep their defaults.
  ///
  /// - Throws: `ConfigurationError`, with a path relative to `configuration`, for unknown and missing keys, wrong
  ///   types, and values refused by a rule or by ``validate()``; and what making a named thing throws.
  public init(_ configuration: ConfigurationObject, in registries: Registries = Registries()) throws {
    self.init()
    let fields = fields
    for key in configuration.keys where !fields.contains(where: { $0.key == key }) {
      throw ConfigurationError(.unknownKey(known: fields.map(\.key)), at: [.key(key)])
    }
    for (key, field) in fields {
      if let value = configuration[key] {
        try ConfigurationError.locating(at: [.key(key)]) { try field.fill(from: value, in: registries) }
      } else if field.isRequired {
        throw ConfigurationError(.missing(expected: field.schema(key).type.description), at: [.key(key)])
      }
    }
    for group in groups { try group.validate() }
    try validate()
  }

  /// The value as a configuration, from which ``init(_:in:)`` makes an equal value.
  ///
  /// - Parameter isComplete: whether to write every field at any depth, or only those that differ from their defaults.
  /// - Returns: its keys, in the order of the fields.
  /// - Throws: `ConfigurationError` if a field holds something unregistered, or a number that JSON cannot represent.
  public func configuration(isComplete: Bool = false) throws -> ConfigurationObject {
    let defaults = isComplete ? [] : Self().fields
    var object = ConfigurationObject()
    for (index, (key, field)) in fields.enumerated() {
      let value = try ConfigurationError.locating(at: [.key(key)]) { try field.encoded(isComplete: isComplete) }
      if !isComplete, !field.isRequired, try value == defaults[index].field.encoded(isComplete: false) { continue }
      object[key] = value
    }
    return object
  }

  /// The value itself, if every field obeys its rule. For throwing initializers.
  ///
  /// - Throws: `ConfigurationError` with the field's path, like ``init(_:in:)``.
  public func checked() throws -> Self {
    for (key, field) in fields { try ConfigurationError.locating(at: [.key(key)]) { try field.check() } }
    for group in groups { try group.validate() }
    try validate()
    return self
  }

  /// The value itself, if every field obeys its rule. For initializers whose arguments are written by a programmer:
  /// traps with the error's message, which names type and field.
  public func required(file: StaticString = #fileID, line: UInt = #line) -> Self {
    do { return try checked() } catch { trap("\(Self.self): \(error)", file: file, line: line) }
  }

  /// The schema of the configuration.
  public var schema: [SchemaField] { fields.map { $0.field.schema($0.key) } }
}

extension Configurable {
  /// The fields in order, including those of groups in their places.
  var fields: [(key: String, field: any AnyField)] {
    Mirror(reflecting: self).children.flatMap { label, child -> [(key: String, field: any AnyField)] in
      if let group = child as? any FieldGroup { return group.fields }
      guard let field = child as? any AnyField, let label else { return [] }
      return [(String(label.dropFirst()), field)]
    }
  }

  private var groups: [any FieldGroup] { Mirror(reflecting: self).children.compactMap { $0.value as? any FieldGroup } }
}
