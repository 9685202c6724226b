import AviaryAutograd
import AviaryCore
import AviaryRegistry

/// The sum of squares, rate·Σw², which keeps weights small; without the factor ½, as in Keras.
///
/// An optimizer's weight decay λ·w corresponds to a rate of λ/2. (Hoerl and Kennard: Ridge regression, 1970.)
public struct L2: Regularizer, Registrable {
  public static let name = "l2"
  public static let card = Card(
    "The sum of squares, which keeps weights small; without the factor ½.", formula: "rate·Σw²",
    references: ["Hoerl, Kennard: Ridge regression (1970)"])

  @Field("Factor of the sum of squares", .nonNegative) var rate = 0.01

  public init() {}

  /// Traps on a negative or infinite rate.
  public init(_ rate: Double = 0.01, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = rate
    self = required(file: file, line: line)
  }

  public func callAsFunction(_ parameter: Variable) -> Variable { parameter.square().sum() * rate }
}
