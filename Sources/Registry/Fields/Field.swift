/// A hyper-parameter, declared once: its name is the property's, its default the property's initial value, with its
/// meaning and allowed range beside it.
///
/// ```swift
/// @Field("Number of output channels", .positive, example: 32) var filters: Int       // required
/// @Field("Whether to add a trained bias b") var bias = true
/// @Field(.activation, "Function f applied to each output") var activation: any Activation = Identity()
/// @Field(.regularizer, "Penalty of the weights") var weightRegularizer: (any Regularizer)?
/// @Field(.schedule, "Step size η", .positive) var learningRate: any Schedule = 0.001
/// ```
///
/// A field holds any ``FieldValue``, a ``FieldGroup``, a product of a registry, or optionals and lists of these. The
/// text is one line for `describe`, the documentation and the JSON Schema; the rule's description is appended to it.
///
/// A field costs one pointer, and reading it one indirection.
@propertyWrapper
public struct Field<Value: Sendable>: Sendable {
  let box: FieldBox<Value>

  public var wrappedValue: Value {
    get { box.value }
    set { self = Field(FieldBox(newValue, box.declaration)) }
  }

  private init(_ box: FieldBox<Value>) { self.box = box }

  private init(
    _ value: Value, _ text: String, _ rule: Rule?, isRequired: Bool = false, _ coding: FieldCoding<Value>
  ) {
    box = FieldBox(value, FieldDeclaration(text: text, rule: rule, isRequired: isRequired, coding: coding))
  }
}

extension Field where Value: FieldValue {
  /// A field of plain data with a default.
  public init(wrappedValue: Value, _ text: String, _ rule: Rule? = nil) {
    self.init(wrappedValue, text, rule, .plain())
  }

  /// A required field. The example stands in for it in lists and descriptions.
  public init(_ text: String, _ rule: Rule? = nil, example: Value) {
    self.init(example, text, rule, isRequired: true, .plain())
  }

  /// An optional field; nil by default.
  public init<Wrapped: FieldValue>(_ text: String, _ rule: Rule? = nil) where Value == Wrapped? {
    self.init(nil, text, rule, .plain())
  }
}

extension Field where Value: FieldGroup {
  /// A field that is an object with fields of its own.
  public init(wrappedValue: Value, _ text: String) { self.init(wrappedValue, text, nil, .group()) }
}

extension Field {
  /// A field that is a list of objects with fields of their own.
  public init<Group: FieldGroup>(wrappedValue: [Group], _ text: String, _ rule: Rule? = nil) where Value == [Group] {
    self.init(wrappedValue, text, rule, .list(.group()))
  }

  /// A required list of objects with fields of their own.
  public init<Group: FieldGroup>(_ text: String, _ rule: Rule? = nil, example: [Group]) where Value == [Group] {
    self.init(example, text, rule, isRequired: true, .list(.group()))
  }

  /// A registered thing with a default. A number is also accepted if the kind's products include `Double`, as those of
  /// schedules do.
  public init(wrappedValue: Value, _ kind: Kind<Value>, _ text: String, _ rule: Rule? = nil) {
    self.init(wrappedValue, text, rule, .registered(kind))
  }

  /// A required registered thing.
  public init(_ kind: Kind<Value>, _ text: String, _ rule: Rule? = nil, example: Value) {
    self.init(example, text, rule, isRequired: true, .registered(kind))
  }

  /// An optional registered thing; nil by default.
  public init<Product>(_ kind: Kind<Product>, _ text: String, _ rule: Rule? = nil) where Value == Product? {
    self.init(nil, text, rule, .optional(.registered(kind)))
  }

  /// A list of registered things with a default.
  public init<Product>(
    wrappedValue: [Product], _ kind: Kind<Product>, _ text: String, _ rule: Rule? = nil
  ) where Value == [Product] {
    self.init(wrappedValue, text, rule, .list(.registered(kind)))
  }

  /// A required list of registered things.
  public init<Product>(
    _ kind: Kind<Product>, _ text: String, _ rule: Rule? = nil, example: [Product]
  ) where Value == [Product] {
    self.init(example, text, rule, isRequired: true, .list(.registered(kind)))
  }
}

extension Field {
  /// A list of lists of registered things, with a default.
  public init<Product>(
    wrappedValue: [[Product]], _ kind: Kind<Product>, _ text: String, _ rule: Rule? = nil
  ) where Value == [[Product]] {
    self.init(wrappedValue, text, rule, .list(.list(.registered(kind))))
  }

  /// A required list of lists of registered things.
  public init<Product>(
    _ kind: Kind<Product>, _ text: String, _ rule: Rule? = nil, example: [[Product]]
  ) where Value == [[Product]] {
    self.init(example, text, rule, isRequired: true, .list(.list(.registered(kind))))
  }
}

extension Field where Value == Specification {
  /// The specification of something made later, with a default.
  public init<Product>(wrappedValue: Value, naming kind: Kind<Product>, _ text: String) {
    self.init(wrappedValue, text, nil, .naming(kind))
  }

  /// The required specification of something made later.
  public init<Product>(naming kind: Kind<Product>, _ text: String, example: Value) {
    self.init(example, text, nil, isRequired: true, .naming(kind))
  }
}

extension Field where Value == Specification? {
  /// The specification of something made later, with a default; null for none.
  public init<Product>(wrappedValue: Value, naming kind: Kind<Product>, _ text: String) {
    self.init(wrappedValue, text, nil, .optional(.naming(kind)))
  }

  /// The optional specification of something made later; nil by default.
  public init<Product>(naming kind: Kind<Product>, _ text: String) {
    self.init(nil, text, nil, .optional(.naming(kind)))
  }
}

extension Field where Value == [Specification]? {
  /// Optional specifications of things made later; nil by default.
  public init<Product>(naming kind: Kind<Product>, _ text: String) {
    self.init(nil, text, nil, .optional(.list(.naming(kind))))
  }
}

extension Field where Value == [Specification] {
  /// Specifications of things made later, with a default.
  public init<Product>(wrappedValue: Value, naming kind: Kind<Product>, _ text: String) {
    self.init(wrappedValue, text, nil, .list(.naming(kind)))
  }
}

/// A field's value, shared by copies of its owner; a changed copy gets its own box.
///
/// Mutated in one place only: while the owner is being made from a configuration and is not shared yet.
final class FieldBox<Value: Sendable>: @unchecked Sendable {
  fileprivate(set) var value: Value
  let declaration: FieldDeclaration<Value>

  init(_ value: Value, _ declaration: FieldDeclaration<Value>) {
    self.value = value
    self.declaration = declaration
  }
}

/// A field's declaration apart from its name and default.
final class FieldDeclaration<Value: Sendable>: Sendable {
  let text: String
  let rule: Rule?
  let isRequired: Bool
  let coding: FieldCoding<Value>

  init(text: String, rule: Rule?, isRequired: Bool, coding: FieldCoding<Value>) {
    self.text = text
    self.rule = rule
    self.isRequired = isRequired
    self.coding = coding
  }
}

/// Fields of any type, as found by reflection.
protocol AnyField: Sendable {
  var isRequired: Bool { get }
  var rule: Rule? { get }
  var value: any Sendable { get }
  /// The schema of the field under a key.
  func schema(_ key: String) -> SchemaField
  /// The value as a configuration; with every default of what it names if it must be complete.
  func encoded(isComplete: Bool) throws -> ConfigurationValue
  /// Throws if the rule does not allow the value, or a number is not finite.
  func check() throws
  /// Reads a value from a configuration, in place: for an owner that is not shared yet.
  func fill(from value: ConfigurationValue, in registries: Registries) throws
}

extension Field: AnyField {
  var isRequired: Bool { box.declaration.isRequired }
  var rule: Rule? { box.declaration.rule }
  var value: any Sendable { box.value }

  func schema(_ key: String) -> SchemaField {
    let declaration = box.declaration
    return SchemaField(
      name: key, type: declaration.coding.type, isOptional: declaration.coding.isOptional, isRequired: isRequired,
      defaultValue: try? encoded(isComplete: false), text: declaration.text, rule: declaration.rule)
  }

  func encoded(isComplete: Bool) throws -> ConfigurationValue {
    try box.declaration.coding.write(box.value, isComplete)
  }

  func check() throws {
    let coding = box.declaration.coding
    guard let rule else {
      if coding.isPlain { _ = try encoded(isComplete: false) }
      return
    }
    if let range = coding.range(box.value) {
      try rule.check(range)
    } else {
      try rule.check(encoded(isComplete: false))
    }
  }

  func fill(from value: ConfigurationValue, in registries: Registries) throws {
    box.value = try box.declaration.coding.read(value, isRequired ? nil : box.value, registries)
    try check()
  }
}
