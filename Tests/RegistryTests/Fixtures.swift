import AviaryRegistry

// Two kinds as a module would declare them: one whose product is the registered thing itself, one that is built by it.

protocol Cook: Sendable {
  var minutes: Double { get }
}

extension Kind where Product == any Cook {
  static var cook: Self { Kind("cook") }
}

extension Registrable where Self: Cook {
  static var kind: Kind<any Cook> { .cook }
  func product() -> any Cook { self }
}

struct Dish: Sendable, Equatable {
  var label: String
  var minutes: Double
}

protocol DishDefinition: Sendable {
  func dish() throws -> Dish
}

extension Kind where Product == Dish {
  static var dish: Self { Kind("dish", plural: "dishes") }
}

extension Registrable where Self: DishDefinition {
  static var kind: Kind<Dish> { .dish }
  func product() throws -> Dish { try dish() }
}

struct Baker: Cook, Registrable {
  struct Configuration: ConfigurationFields {
    enum Oven: String, Codable, CaseIterable { case electric, gas }

    var minutes = 30.0
    var loaves = 2
    var oven = Oven.electric
    var helper: Specification?
    init() {}
  }

  static let name = "baker"
  static let aliases = ["bread-baker"]
  static let card = Card(
    "Bakes.", formula: "t = loaves · minutes",
    fields: [
      "minutes": "Time for a loaf, positive.", "loaves": "How many, at least 1.", "oven": "The oven.",
      "helper": "Another cook, whose time is added.",
    ])

  let minutes: Double

  init(_ configuration: Configuration, in registries: Registries) throws {
    let minutes = try Check.positive(configuration.minutes, "minutes")
    let loaves = try Check.positive(configuration.loaves, "loaves")
    let helper = try configuration.helper.map { try registries.make(.cook, $0) }
    self.minutes = minutes * Double(loaves) + (helper?.minutes ?? 0)
  }
}

struct Boiler: Cook, Registrable {
  static let name = "boiler"
  static let card = Card("Boils an egg.")
  let minutes = 5.0
  init(_ configuration: EmptyConfiguration, in registries: Registries) {}
}

struct Meal: DishDefinition, Registrable {
  struct Course: ConfigurationFields {
    var title = "soup"
    var cook: Specification = "boiler"
    init() {}
  }

  struct Configuration: ConfigurationFields {
    var label = "lunch"
    var courses: [Course] = [Course()]
    var weights: [String: Double] = ["salt": 1]
    var table = Course()
    init() {}
  }

  static let name = "meal"
  static let required: Set = ["label"]
  static let card = Card(
    "Several courses.",
    fields: ["label": "Its name.", "courses": "The courses.", "weights": "Grams.", "table": "The last course."])

  let label: String
  let cooks: [any Cook]

  init(_ configuration: Configuration, in registries: Registries) throws {
    label = try Check.nonEmpty(configuration.label, "label")
    cooks = try (configuration.courses + [configuration.table]).map { try registries.make(.cook, $0.cook) }
  }

  func dish() -> Dish { Dish(label: label, minutes: cooks.reduce(0) { $0 + $1.minutes }) }
}

func kitchen() throws -> Registries {
  var registries = Registries()
  try registries.register(Baker.self)
  try registries.register(Boiler.self)
  try registries.register(Meal.self)
  return registries
}

/// The message of the error that `body` throws; "no error" if it throws none.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}
