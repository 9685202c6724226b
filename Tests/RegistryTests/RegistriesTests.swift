import AviaryRegistry
import Testing

@Suite struct RegistriesTests {
  let registries: Registries

  init() throws { registries = try kitchen() }

  @Test func makesByNameAliasKindAndType() throws {
    #expect(try registries.make(.cook, "baker").time == 60)
    let name = "boiler"
    #expect(try registries.make(.cook, name).time == 5)
    #expect(try registries.make(.cook, "bread-baker", ["loaves": 3]).time == 90)
    #expect(try registries.make((any Cook).self, "baker", ["minutes": 1.5]).time == 3)
    #expect(try registries.make(Dish.self, "meal", ["label": "x"]) == Dish(label: "x", minutes: 10))
    let specification = try Specification(["name": "baker", "minutes": 2])
    #expect(try registries.make(.cook, specification).time == 4)
  }

  @Test func nestedSpecificationsResolveAndErrorsNameTheWholePath() throws {
    let nested: ConfigurationObject = ["helper": ["name": "baker", "helper": ["name": "baker", "loaves": 1]]]
    #expect(try registries.make(.cook, "baker", nested).time == 150)
    let wrong: ConfigurationObject = ["helper": ["name": "baker", "helper": ["name": "baker", "loaves": 0]]]
    #expect(
      message { _ = try registries.make(.cook, "baker", wrong) }
        == "helper.helper.loaves: expected a whole number above 0, found 0")
    let meal: ConfigurationObject = ["label": "x", "courses": [["cook": "boiler"], ["cook": ["name": "bakr"]]]]
    #expect(
      message { _ = try registries.make(.dish, "meal", meal) }
        == "courses.1.cook: unknown cook 'bakr'; did you mean 'baker'? (known: baker, boiler)")
  }

  @Test func wrongKeysTypesAndValues() throws {
    func failure(_ configuration: ConfigurationObject) -> String {
      message { _ = try registries.make(.cook, "baker", configuration) }
    }
    #expect(
      failure(["minuts": 3]) == "minuts: unknown key; did you mean 'minutes'? (known: minutes, loaves, oven, helper)")
    #expect(failure(["minutes": "fast"]) == "minutes: expected a number, found \"fast\"")
    #expect(failure(["loaves": 1.5]) == "loaves: expected a whole number, found 1.5")
    #expect(failure(["loaves": 2.0]) == "no error")
    #expect(failure(["minutes": -1]) == "minutes: expected a number above 0, found -1.0")
    #expect(
      failure(["oven": "gaz"])
        == "oven: expected one of \"electric\", \"gas\", found \"gaz\"; did you mean 'gas'?")
    #expect(message { _ = try registries.make(.dish, "meal") } == "label: missing; expected a string")
  }
}
