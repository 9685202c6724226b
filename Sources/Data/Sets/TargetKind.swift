import AviaryRegistry

/// How to interpret targets from a file.
public enum TargetKind: String, CaseIterable, FieldValue {
  /// As model and loss need them; without a preference, strings and few distinct integers are labels, anything else
  /// values.
  case automatic
  /// Classes, numbered from 0.
  case labels
  /// Numbers to predict.
  case values
}
