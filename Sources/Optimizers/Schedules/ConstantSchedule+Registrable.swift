import AviaryCore
import AviaryRegistry

/// The constant as an entry of the registries. Where a schedule may stand so may the bare number, which means the same.
extension ConstantSchedule: Registrable {
  /// The configuration.
  public struct Configuration: ConfigurationFields {
    /// The number.
    public var value = 0.01

    /// An example.
    public init() {}
  }

  /// `"constant"`.
  public static let name = "constant"
  /// `value` has to be given.
  public static let required: Set = ["value"]
  /// What is worth knowing.
  public static let card = Card(
    "The same number always; writing the bare number means the same.", formula: "v(t) = value",
    fields: ["value": "The number."])

  /// The schedule of a configuration.
  public init(_ configuration: Configuration, in registries: Registries) { self.init(configuration.value) }
}
