import AviaryCore

/// Where Gibbs chains stand after a number of steps, a row each.
public struct GibbsState: Sendable {
  /// The means of the visible units, given the hidden units before: what a picture shows.
  public var visibleMeans: Tensor
  /// The visible units: drawn by their means, or the means themselves.
  public var visible: Tensor
  /// The means of the hidden units, given the visible ones.
  public var hiddenMeans: Tensor
  /// The hidden units, drawn by their means: where the chains go on.
  public var hidden: Tensor
  /// The means of the visible units after the first step: the reconstruction, where the chains began at data.
  public var firstMeans: Tensor
}
