/// What something registered is, for people: `describe`, the documentation site and the tests read it. Its fields document
/// themselves, see ``Field``.
public struct Card: Sendable, Equatable {
  /// One sentence: what it is and what it is good for.
  public var summary: String
  /// The rule in Unicode mathematics, such as `θ ← θ − η·∇f`, one line or several.
  public var formula: String?
  /// The papers and books it comes from: `"Kingma, Ba: Adam (2015), arXiv:1412.6980"`.
  public var references: [String]
  /// Words to find it by.
  public var tags: [String]

  /// Creates a card.
  public init(_ summary: String, formula: String? = nil, references: [String] = [], tags: [String] = []) {
    self.summary = summary
    self.formula = formula
    self.references = references
    self.tags = tags
  }
}
