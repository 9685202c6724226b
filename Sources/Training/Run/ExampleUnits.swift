/// The units and shape of a model's samples.
public enum ExampleUnits: String, Sendable, CaseIterable {
  /// Those of the stored data, such as pixels from 0 to 255 or centimeters. Transforms are inverted; nothing is
  /// rounded.
  case stored
  /// Those of the model's inputs, after the transforms.
  case model
}
