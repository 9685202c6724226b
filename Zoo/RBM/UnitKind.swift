import AviaryRegistry

/// What values the units of a restricted Boltzmann machine take.
public enum UnitKind: String, CaseIterable, FieldValue {
  /// 0 or 1, with the probability σ(a) of a 1 for the total input a.
  case binary
  /// Any number, normal with the mean a and the variance 1.
  case gaussian
}
