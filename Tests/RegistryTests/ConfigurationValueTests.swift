import AviaryRegistry
import Testing

@Suite struct ConfigurationValueTests {
  @Test func literalsAndAccess() {
    var value: ConfigurationValue = ["a": [1, 2.5, "x", true, nil], "b": ["c": -3]]
    #expect(value["a"]?[0] == .integer(1))
    #expect(value["a"]?[1] == .number(2.5))
    #expect(value["a"]?[2]?.stringValue == "x")
    #expect(value["a"]?[3]?.booleanValue == true)
    #expect(value["a"]?[4] == .null)
    #expect(value["a"]?[5] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["b"]?["c"]?.integerValue == -3)
    #expect(value["b"]?["c"]?.numberValue == -3)
    #expect(value[path: "b.c"] == -3)
    #expect(value[path: "a.2"] == "x")
    #expect(value[path: "a.x"] == nil)
    #expect(value[path: ""] == value)
    #expect(ConfigurationValue.number(4).integerValue == 4)
    #expect(ConfigurationValue.number(4.5).integerValue == nil)
    #expect(ConfigurationValue.number(1e300).integerValue == nil)
    #expect(ConfigurationValue.number(0x1p63).integerValue == nil)
    value["b"] = nil
    #expect(value.objectValue?.keys == ["a"])
  }

  @Test func objectsKeepTheOrderOfKeysButCompareWithout() {
    var object: ConfigurationObject = ["b": 1, "a": 2, "c": 3]
    #expect(object.keys == ["b", "a", "c"])
    #expect(object == ["a": 2, "c": 3, "b": 1])
    object["a"] = nil
    object["b"] = 5
    object["a"] = 6
    #expect(object.map(\.key) == ["b", "c", "a"])
    #expect(object != ["b": 5, "c": 3])
    #expect(object.count == 3 && !object.isEmpty)
  }

  @Test func paths() {
    let path: ConfigurationPath = "stages.0.optimizer"
    #expect(path.components == [.key("stages"), .index(0), .key("optimizer")])
    #expect(path.description == "stages.0.optimizer")
    #expect(path.appending("name").appending(2).description == "stages.0.optimizer.name.2")
    #expect(ConfigurationPath(parsing: "-1.+2").components == [.key("-1"), .key("+2")])
    #expect(ConfigurationPath(parsing: "").isEmpty)
  }
}

@Suite struct OverlayTests {
  @Test func objectsMergeAndEverythingElseIsReplaced() {
    let base: ConfigurationValue = ["a": 1, "b": ["c": 2, "d": [1, 2]], "e": nil]
    #expect(base.overlaid(with: ["b": ["d": [3]]]) == ["a": 1, "b": ["c": 2, "d": [3]], "e": nil])
    #expect(base.overlaid(with: ["b": 7, "f": [:]]) == ["a": 1, "b": 7, "e": nil, "f": [:]])
    #expect(base.overlaid(with: ["b": nil]) == ["a": 1, "b": nil, "e": nil])
    #expect(base.overlaid(with: [1]) == [1])
    #expect(base.overlaid(with: [:]) == base)
  }

  @Test func anotherNameReplacesTheObject() {
    let base: ConfigurationValue = ["optimizer": ["name": "sgd", "momentum": 0.9]]
    #expect(
      base.overlaid(with: ["optimizer": ["name": "sgd", "nesterov": true]])
        == ["optimizer": ["name": "sgd", "momentum": 0.9, "nesterov": true]])
    #expect(
      base.overlaid(with: ["optimizer": ["nesterov": true]])
        == ["optimizer": ["name": "sgd", "momentum": 0.9, "nesterov": true]])
    #expect(
      base.overlaid(with: ["optimizer": ["name": "adam", "beta1": 0.8]])
        == ["optimizer": ["name": "adam", "beta1": 0.8]])
    #expect(base.overlaid(with: ["optimizer": "adam"]) == ["optimizer": ["name": "adam"]])
    #expect(base.overlaid(with: ["optimizer": "sgd"]) == base)
  }

  @Test func aBareStringIsAName() {
    let base: ConfigurationValue = ["optimizer": "sgd", "title": "x"]
    #expect(
      base.overlaid(with: ["optimizer": ["momentum": 0.9]])
        == ["optimizer": ["name": "sgd", "momentum": 0.9], "title": "x"])
    #expect(base.overlaid(with: ["optimizer": ["name": "adam"]]) == ["optimizer": ["name": "adam"], "title": "x"])
    #expect(base.overlaid(with: ["title": "y"]) == ["optimizer": "sgd", "title": "y"])
  }
}

@Suite struct OverrideTests {
  let recipe: ConfigurationValue = [
    "optimizer": "sgd", "epochs": 3,
    "stages": [["name": "pretrain", "optimizer": ["name": "sgd", "momentum": 0.9]], ["name": "finetune"]],
    "units": [10, 20], "twins": [["name": "a"], ["name": "a"]],
  ]

  func changed(_ arguments: String...) throws -> ConfigurationValue {
    var value = recipe
    for argument in arguments { try value.set(argument) }
    return value
  }

  @Test func setsByPath() throws {
    #expect(try changed("epochs=10")["epochs"] == 10)
    #expect(try changed("epochs=1e-3")["epochs"] == 0.001)
    #expect(try changed("optimizer=adam")["optimizer"] == "adam")
    #expect(try changed("optimizer=\"adam\"")["optimizer"] == "adam")
    #expect(try changed("units.1=30")["units"] == [10, 30])
    #expect(try changed("units.2=30")["units"] == [10, 20, 30])
    #expect(try changed("units=[1, 2]")["units"] == [1, 2])
    #expect(try changed("units=null")["units"] == .null)
    #expect(try changed("a.b.c=x=y")["a"] == ["b": ["c": "x=y"]])
    #expect(try changed("title=")["title"] == "")
    #expect(try changed("data.7=x")["data"] == ["7": "x"])
  }

  @Test func aNameInShortBecomesAnObject() throws {
    #expect(try changed("optimizer.momentum=0.5")["optimizer"] == ["name": "sgd", "momentum": 0.5])
    #expect(try changed("optimizer.name=sgd")["optimizer"] == ["name": "sgd"])
    #expect(try changed("optimizer.name=adam", "optimizer.beta1=0.8")["optimizer"] == ["name": "adam", "beta1": 0.8])
  }

  @Test func elementsAreFoundByNameToo() throws {
    let value = try changed("stages.finetune.optimizer.name=adam", "stages.0.optimizer.momentum=0")
    #expect(value["stages"]?[1] == ["name": "finetune", "optimizer": ["name": "adam"]])
    #expect(value["stages"]?[0]?["optimizer"] == ["name": "sgd", "momentum": 0])
  }

  @Test func anotherNameDropsTheKeysOfTheOldOne() throws {
    #expect(try changed("stages.pretrain.optimizer.name=adam")["stages"]?[0]?["optimizer"] == ["name": "adam"])
    #expect(try changed("stages.pretrain.optimizer.name=sgd")["stages"] == recipe["stages"])
  }

  @Test(arguments: [
    ("epochs", "expected path=value, found \"epochs\""),
    ("=3", "expected path=value, found \"=3\""),
    ("epochs.x=3", "epochs: expected an object with 'x', found 3"),
    ("units.5=3", "units: expected an index from 0 to 2, found 5"),
    ("units.first=3", "units: expected an index in the list, found 'first'"),
    ("stages.finetun.x=1", "stages: unknown element 'finetun'; did you mean 'finetune'? (known: pretrain, finetune)"),
    ("twins.a.x=1", "twins.a: several elements have this name; use an index (0, 1)"),
    ("a..b=1", "a.: an empty key"),
  ])
  func wrongOverrides(_ argument: String, _ expected: String) {
    var value = recipe
    #expect(message { try value.set(argument) } == expected)
    #expect(value == recipe)
  }
}
