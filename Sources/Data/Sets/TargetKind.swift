import AviaryRegistry

/// What the targets of a set from a file are.
public enum TargetKind: String, CaseIterable, FieldValue {
  /// What model and loss want; where that is open, labels where they are texts or few whole numbers, else values.
  case automatic
  /// Classes, numbered from 0.
  case labels
  /// Numbers to predict.
  case values
}
