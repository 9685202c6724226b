import AviaryCore

/// The targets read from a file.
struct FoundTargets {
  /// int64 labels [n], or floating-point values [n, …].
  var targets: Tensor
  /// The class names, in the order of the labels.
  var names: [String]?
  /// What was guessed, for the user.
  var note: String?

  init(_ targets: Tensor, names: [String]? = nil, note: String? = nil) {
    (self.targets, self.names, self.note) = (targets, names, note)
  }
}
