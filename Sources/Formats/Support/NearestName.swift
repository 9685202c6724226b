/// The error for an unknown name, which lists the known ones, nearest first.
func noSuchName(_ name: String, among names: [String], what: String, source: String) -> FormatError {
  let ranked = names.map { (name: $0, distance: editDistance($0, name)) }.sorted { $0.distance < $1.distance }
  let shown = ranked.prefix(8).map { "'\($0.name)'" }.joined(separator: ", ")
  let found = names.isEmpty ? "none" : shown + (names.count > 8 ? " and \(names.count - 8) more" : "")
  let isNear = ranked.first.map { $0.distance <= max(1, name.count / 3) } ?? false
  return FormatError(
    .noSuchName, source: source, expected: "\(what) named '\(name)'", found: found,
    remedy: isNear ? "did you mean '\(ranked[0].name)'?" : nil)
}

/// The minimum number of insertions, deletions and replacements that turn one word into the other (Levenshtein, 1966).
private func editDistance(_ left: String, _ right: String) -> Int {
  // Names in files may have any length; nobody types longer ones.
  let left = Array(left.prefix(200))
  let right = Array(right.prefix(200))
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in right.enumerated() {
      let replaced = diagonal + (a == b ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[right.count]
}
