extension Double {
  /// A duration in seconds as text: `0.8 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
  package var duration: String {
    guard isFinite, self < 1e12 else { return "\(self) s" }
    if self < 9.95 { return "\(fixed(1)) s" }
    let whole = Int(rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
