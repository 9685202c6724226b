/// Finds the likely meaning of a mistyped word.
public enum Suggestion {
  /// The candidate nearest to a mistyped word, or `nil` if none is near.
  ///
  /// A candidate is near if its edit distance (insert, delete, replace, swap neighbors; ignoring case, `-` and `_`) is
  /// at most a third of the word's length, but at least 1; otherwise if one begins with the other. The first of equally
  /// near candidates wins.
  ///
  /// ```swift
  /// Suggestion.nearest(to: "adamm", in: ["sgd", "adam"])          // "adam"
  /// Suggestion.nearest(to: "lr", in: ["learningRate"])            // nil
  /// ```
  public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let word = folded(word)
    guard !word.isEmpty, word.count <= 100 else { return nil }
    let limit = max(1, word.count / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let other = folded(candidate)
      // The distance is at least the difference in length.
      guard abs(other.count - word.count) <= limit else { continue }
      let distance = distance(word, other)
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
      ?? (word.count < 3
        ? nil
        : candidates.first { candidate in
          let candidate = folded(candidate)
          return candidate.starts(with: word) || (candidate.count >= 3 && word.starts(with: candidate))
        })
  }

  /// `did you mean 'adam'? (known: adam, sgd)`, or only the list if nothing is near.
  package static func hint(for word: String, known: [String]) -> String {
    let list = known.isEmpty ? "none is known" : "known: " + known.listed()
    return nearest(to: word, in: known).map { "did you mean '\($0)'? (\(list))" } ?? list
  }

  private static func folded(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "-" && $0 != "_" }.map { $0 }
  }

  /// The Damerau–Levenshtein distance, swapping each pair of neighbors at most once.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforePrevious = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 1...a.count {
      var current = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        current[j] = min(substitution, previous[j] + 1, current[j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          current[j] = min(current[j], beforePrevious[j - 2] + 1)
        }
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[b.count]
  }
}
