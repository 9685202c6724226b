/// The release that computes: what a run's files say that they were written by.
public enum AviaryVersion {
  /// `"0.1.0"`, by the rules of semantic versioning.
  public static let number = "0.1.0"

  /// `"aviary 0.1.0"`.
  public static let description = "aviary \(number)"
}
