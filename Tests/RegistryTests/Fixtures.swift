import AviaryRegistry

// Two kinds as a module would declare them: for one the product is the registered thing itself, for the other the thing
// builds it.

protocol Cook: Sendable {
  /// In minutes.
  var time: Double { get }
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
  enum Oven: String, CaseIterable, FieldValue { case electric, gas }

  static let name = "baker"
  static let aliases = ["bread-baker"]
  static let card = Card("Bakes.", formula: "t = loaves · minutes")

  @Field("Time for a loaf", .positive) var minutes = 30.0
  @Field("How many", .positive) var loaves = 2
  @Field("The oven") var oven = Oven.electric
  @Field(.cook, "Another cook, whose time is added") var helper: (any Cook)?

  var time: Double { minutes * Double(loaves) + (helper?.time ?? 0) }
}

struct Boiler: Cook, Registrable {
  static let name = "boiler"
  static let card = Card("Boils an egg.")
  let time = 5.0
}

struct Meal: DishDefinition, Registrable {
  struct Course: FieldGroup {
    @Field("What it is called", .nonEmpty) var title = "soup"
    @Field(.cook, "Who makes it") var cook: any Cook = Boiler()
  }

  static let name = "meal"
  static let card = Card("Several courses.")

  @Field("Its name", .nonEmpty, example: "lunch") var label: String
  @Field("The courses", .nonEmpty) var courses = [Course()]
  @Field("The last course") var table = Course()

  func dish() -> Dish { Dish(label: label, minutes: (courses + [table]).reduce(0) { $0 + $1.cook.time }) }
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
