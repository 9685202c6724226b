import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// A residual network for small images: a convolution, stages of residual blocks, global average pooling, and one
/// linear output per class.
///
///     block: y = f(norm(w₂ ∗ f(norm(w₁ ∗ x))) + x)
///
/// Each stage but the first starts by halving height and width and doubling the filters, with a 1×1 convolution in the
/// block's shortcut. n blocks in each of three stages make 6n + 2 layers; n = 3 is the published ResNet-20.
/// Convolutions have no biases, because the normalization would cancel them.
public struct ResNet: ModelDefinition, Registrable {
  public static let name = "resnet"
  public static let card = Card(
    "A residual network for images: blocks of convolutions with shortcut connections.",
    formula: "h ← f(norm(w₂ ∗ f(norm(w₁ ∗ h))) + h),  p = softmax(mean h·W + b)",
    references: ["He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015), arXiv:1512.03385"],
    tags: ["classifier", "image"])

  @Field("Number of residual blocks in each stage", .in(1...1000).nonEmpty) var blocks = [1, 1, 1]
  @Field("Filters of the first stage; they double with each further stage", .in(1...65_536)) var filters = 16
  @Field(.layer, "Normalization after each convolution, such as batch-norm or group-norm; identity for none")
  var normalization: any Layer = BatchNorm(momentum: 0.9)
  @Field(.activation, "Activation f") var activation: any Activation = Relu()
  @Field(.initializer, "Initializer of the convolutions' weights") var weightInitializer: any Initializer =
    HeNormal()

  public init() {}

  /// Throws `ConfigurationError` for values out of range.
  public init(
    blocks: [Int] = [1, 1, 1], filters: Int = 16, normalization: any Layer = BatchNorm(momentum: 0.9),
    activation: any Activation = Relu(), weightInitializer: any Initializer = HeNormal()
  ) throws {
    self.blocks = blocks
    self.filters = filters
    self.normalization = normalization
    self.activation = activation
    self.weightInitializer = weightInitializer
    self = try checked()
  }

  public func validate() throws {
    try Check.that(blocks.count <= 16, "blocks", "at most 16 stages, each with twice the filters", found: blocks.count)
  }

  public var targetKind: TargetKind { .labels }

  public func network(for task: LearningTask) throws -> any Layer {
    let classes = try task.classCount(of: Self.name)
    _ = try task.imageChannels(of: Self.name)
    return Sequential {
      convolution(filters)
      ActivationLayer(activation)
      for (stage, count) in blocks.enumerated() {
        for place in 0..<count {
          block(filters << stage, isSmaller: stage > 0 && place == 0)
          ActivationLayer(activation)
        }
      }
      GlobalAveragePool()
      Dense(classes)
    }
  }

  @LayerBuilder private func convolution(_ filters: Int, window: Size2D = 3, strides: Size2D = 1) -> [any Layer] {
    Conv2D(
      filters, window: window, strides: strides, padding: .same, bias: false,
      weightInitializer: weightInitializer)
    normalization
  }

  private func block(_ filters: Int, isSmaller: Bool) -> Residual {
    Residual {
      convolution(filters, strides: isSmaller ? 2 : 1)
      ActivationLayer(activation)
      convolution(filters)
    } shortcut: {
      if isSmaller { convolution(filters, window: 1, strides: 2) }
    }
  }
}
