extension Collection where Element == String {
  /// The names for a message: `a, b, c`, or the first of very many and how many more there are: `a, b and 391 more`.
  package func listed(atMost limit: Int = 40) -> String {
    // A single remaining name takes no more room than its count.
    let shown = count > limit + 1 ? limit : count
    let list = prefix(shown).joined(separator: ", ")
    return shown < count ? "\(list) and \(count - shown) more" : list
  }
}
