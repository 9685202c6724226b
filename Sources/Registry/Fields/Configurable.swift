/// A value that is its own configuration: its fields, declared by ``Field``, are what a document may say about it.
///
/// ```swift
/// public struct LeakyRelu: Activation, Registrable {
///   public static let name = "leaky-relu"
///   public static let card = Card("Lets a small share of negative inputs through.", formula: "f(x) = max(x, α·x)")
///
///   @Field("Slope α of the negative side", .in(0..<1)) var slope = 0.01
///
///   public init() {}
///   …
/// }
/// ```
///
/// Fields are found by reflection, in the order of their declaration; their names are the keys of a document. Stored
/// properties without a ``Field`` are not part of the configuration: what they hold has to follow from the fields.
/// A stored ``FieldGroup`` contributes its fields as if they were declared in its place.
public protocol Configurable: Sendable {
  /// The default instance. Fields without a default hold an example.
  init()

  /// Checks what no field can check by itself. Throws `ConfigurationError` with the field's path, see ``Check``. Default:
  /// all is well.
  func validate() throws
}

/// Fields that several things share, declared once and stored by each of them:
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
/// As the value of a field of its own, a group is an object of a document.
public protocol FieldGroup: Configurable {}

extension Configurable {
  /// All is well.
  public func validate() throws {}

  /// Reads a configuration: fields that it leaves out keep their defaults.
  ///
  /// - Throws: `ConfigurationError`, its path from here, for unknown and missing keys, wrong types, values that a rule or
  ///   ``validate()`` refuses, and what making a named thing throws.
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

  /// The value as a configuration, from which ``init(_:in:)`` makes an equal one.
  ///
  /// - Parameter isComplete: whether to write every field, at any depth; otherwise those are left out that are as by
  ///   default.
  /// - Returns: its keys, in the order of the fields.
  /// - Throws: `ConfigurationError` where a field holds something that is not registered, or a number that JSON cannot
  ///   hold.
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

  /// The value itself, if every field obeys its rule. For initializers that throw.
  ///
  /// - Throws: `ConfigurationError` with the field's path, as ``init(_:in:)``.
  public func checked() throws -> Self {
    for (key, field) in fields { try ConfigurationError.locating(at: [.key(key)]) { try field.check() } }
    for group in groups { try group.validate() }
    try validate()
    return self
  }

  /// The value itself, if every field obeys its rule. For initializers that take what a programmer wrote: traps with the
  /// error's words, which name type and field.
  public func required(file: StaticString = #fileID, line: UInt = #line) -> Self {
    do { return try checked() } catch { trap("\(Self.self): \(error)", file: file, line: line) }
  }

  /// What a document may say about the value.
  public var schema: [SchemaField] { fields.map { $0.field.schema($0.key) } }
}

extension Configurable {
  /// The fields in order, those of groups in their places.
  var fields: [(key: String, field: any AnyField)] {
    Mirror(reflecting: self).children.flatMap { label, child -> [(key: String, field: any AnyField)] in
      if let group = child as? any FieldGroup { return group.fields }
      guard let field = child as? any AnyField, let label else { return [] }
      return [(String(label.dropFirst()), field)]
    }
  }

  private var groups: [any FieldGroup] { Mirror(reflecting: self).children.compactMap { $0.value as? any FieldGroup } }
}
