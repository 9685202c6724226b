import AviaryCore

/// The state of Gibbs chains after some steps, one row per chain.
public struct GibbsState: Sendable {
  /// The means of the visible units given the previous hidden units, as shown in pictures.
  public var visibleMeans: Tensor
  /// The visible units: sampled from their means, or the means themselves.
  public var visible: Tensor
  /// The means of the hidden units given the visible units.
  public var hiddenMeans: Tensor
  /// The hidden units, sampled from their means, from which the chains continue.
  public var hidden: Tensor
  /// The means of the visible units after the first step: the reconstruction, if the chains started at data.
  public var firstMeans: Tensor
}
