import AviaryCore
import AviaryData
import AviaryRegistry
import AviaryTestSupport
import Testing

@Suite struct LawTests {
  @Test func everyEntryKeepsTheLaws() throws {
    let registries = try dataRegistries()
    #expect(registries.kinds.map(\.name) == ["data-set", "split", "transform"])
    for entry in registries.entries { #expect(checkRegistrable(entry, in: registries) == []) }
  }

  @Test func noTwoSplitsAreTheSame() throws {
    var set = countingSet(40)
    set.parts = ["train": 0..<30, "test": 30..<40]
    let required: [String: ConfigurationObject] = ["indices": ["test": [3, 1]], "ranges": ["test": "5..<7"]]
    let violations = checkDistinct(.split, in: try dataRegistries(), required: required) { split in
      let partition = try split.partition(set, random: RandomSource(seed: 1))
      return [partition.train, partition.validation, partition.test]
    }
    #expect(violations == [])
  }

  @Test func noTwoTransformsAreTheSame() throws {
    let inputs = Tensor([1, 2, 4, 8, 16, 32, 64, 128], shape: [2, 2, 2]).cast(to: .float64)
    let required: [String: ConfigurationObject] = ["reshape": ["shape": [1, 4]], "scale": ["divisor": 255]]
    let violations = checkDistinct(.transform, in: try dataRegistries(), required: required) { transform in
      let result = try transform(inputs, transform.fitted(to: inputs))
      return result.shape.map(Double.init) + result.scalars(as: Double.self)
    }
    #expect(violations == [])
  }

  @Test func noTwoComputedSetsAreTheSame() throws {
    let registries = try dataRegistries()
    var seen: Set<[Double]> = []
    for name in ["fonts", "digits", "gates", "two-class"] {
      let set = try registries.make(.dataSet, name).load()
      #expect(seen.insert(set.inputs.shape.map(Double.init) + set.inputs[0].scalars(as: Double.self)).inserted)
    }
  }

  @Test(arguments: [
    ("fractions", #"{"test": 0.6, "validation": 0.5}"#, "validation: expected a fraction below 0.4"),
    ("stratified", #"{"test": 1}"#, "test: expected a number in [0, 1), found 1"),
    ("given", #"{"validation": 0.1, "validationCount": 3}"#, "validationCount: set either"),
    ("indices", #"{"test": [1], "testFile": "rows.txt"}"#, "testFile: set either test or testFile"),
    ("indices", #"{"train": [2, -7]}"#, "train.1: expected a whole number of at least 0, found -7"),
  ])
  func splitsRefuse(_ name: String, _ configuration: String, _ message: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try dataRegistries().make(.split, name, object(configuration))
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("gates", #"{"gate": "nxor"}"#, "gate: expected"),
    ("two-class", #"{"means": [[0], [1, 2]]}"#, "means: expected two lists of equal length"),
    (
      "two-class", #"{"covariance": [[1, 2], [2, 1]]}"#,
      "covariance: a covariance must be symmetric and positive definite"
    ),
    ("two-class", #"{"covariance": [[1, 0.5], [0, 1]]}"#, "covariance: a covariance must be symmetric"),
    ("npz", #"{"testTargets": "y"}"#, "testInputs: missing"),
    ("csv", #"{"delimiter": ";;"}"#, "delimiter: expected one ASCII character"),
    ("csv", #"{"target": 1.5}"#, "target: expected a column's name or index"),
    ("csv", #"{"targetKind": "classes"}"#, "targetKind: expected one of"),
  ])
  func setsRefuse(_ name: String, _ configuration: String, _ message: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try dataRegistries().make(.dataSet, name, object(configuration))
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
