/// The documentation of a registered thing, for `describe`, the documentation site and the tests. Its fields document
/// themselves; see ``Field``.
public struct Card: Sendable, Equatable {
  /// One sentence: what it is and what it is good for.
  public var summary: String
  /// The formula in Unicode, such as `θ ← θ − η·∇f`; may have several lines.
  public var formula: String?
  /// Papers and books: `"Kingma, Ba: Adam (2015), arXiv:1412.6980"`.
  public var references: [String]
  /// Words to find it by.
  public var tags: [String]

  public init(_ summary: String, formula: String? = nil, references: [String] = [], tags: [String] = []) {
    self.summary = summary
    self.formula = formula
    self.references = references
    self.tags = tags
  }
}
