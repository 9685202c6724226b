/// In what units and shape examples are given that a model has drawn.
public enum ExampleUnits: String, Sendable, CaseIterable {
  /// Those of the stored data: pixels from 0 to 255, centimetres. The transforms are undone; nothing is rounded.
  case stored
  /// Those of the model's inputs, as the transforms make them.
  case model
}
