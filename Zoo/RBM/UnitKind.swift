import AviaryRegistry

/// The type of the units of an RBM.
public enum UnitKind: String, CaseIterable, FieldValue {
  /// 0 or 1, where 1 has probability σ(a) for the total input a.
  case binary
  /// Any number, normal with mean a and variance 1.
  case gaussian
}
