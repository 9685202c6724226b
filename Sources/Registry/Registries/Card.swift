/// What is worth knowing about something registered. `describe`, the documentation site and the tests read it.
public struct Card: Sendable, Equatable {
  /// One sentence: what it is and what it is good for.
  public var summary: String
  /// The rule in Unicode mathematics, such as `θ ← θ − η·∇f`, one line or several.
  public var formula: String?
  /// A line for every field of the configuration: meaning, unit, range.
  public var fields: [String: String]
  /// The papers and books it comes from: `"Kingma, Ba: Adam (2015), arXiv:1412.6980"`.
  public var references: [String]
  /// Words to find it by.
  public var tags: [String]

  /// Creates a card.
  public init(
    _ summary: String, formula: String? = nil, fields: [String: String] = [:], references: [String] = [],
    tags: [String] = []
  ) {
    self.summary = summary
    self.formula = formula
    self.fields = fields
    self.references = references
    self.tags = tags
  }
}
