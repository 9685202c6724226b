/// The release of Aviary, which a run's files record.
public enum AviaryVersion {
  /// `"0.1.0"`, a semantic version.
  public static let number = "0.1.0"

  /// `"aviary 0.1.0"`.
  public static let description = "aviary \(number)"
}
