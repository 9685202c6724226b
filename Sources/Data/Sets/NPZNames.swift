import AviaryCore
import AviaryFormats

/// Which arrays of a file are inputs and targets.
struct NPZNames {
  var inputs: String
  var targets: String?
  var testInputs: String?
  var testTargets: String?

  private static let pairs = [
    ("x_train", "y_train"), ("x", "y"), ("X", "y"), ("inputs", "targets"), ("images", "labels"), ("data", "target"),
    ("arr_0", "arr_1"),
  ]

  /// The configured names, completed by those that the file holds.
  init(_ configuration: NPZData.Configuration, in arrays: NamedTensors) throws {
    testInputs = configuration.testInputs
    testTargets = configuration.testTargets
    if let inputs = configuration.inputs {
      self.inputs = inputs
      // Whoever names the inputs alone may well have none.
      targets = configuration.targets ?? Self.pairs.first { $0.0 == inputs && arrays[$0.1] != nil }?.1
    } else if let pair = Self.pairs.first(where: { arrays[$0.0] != nil && arrays[configuration.targets ?? $0.1] != nil }
    ) {
      inputs = pair.0
      targets = configuration.targets ?? pair.1
    } else {
      guard let first = arrays.names.first(where: { $0 != configuration.targets }) else {
        throw DataError(arrays.source, "the file holds no array of inputs; its arrays: \(arrays.names)")
      }
      inputs = first
      targets = configuration.targets ?? arrays.names.first { $0 != first }
    }
    guard testInputs == nil, inputs == "x_train", arrays["x_test"] != nil else {
      if testInputs != nil, testTargets == nil, targets != nil {
        throw DataError(arrays.source, "the targets of '\(testInputs ?? "")' are not named; set testTargets")
      }
      return
    }
    testInputs = "x_test"
    if targets != nil { testTargets = "y_test" }
  }
}
