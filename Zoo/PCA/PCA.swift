import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// Principal component analysis: the linear code of a given length that loses least of the inputs' variance.
public struct PCA: EncodingModel, Registrable {
  public static let name = "pca"
  public static let card = Card(
    "Principal component analysis: the linear code that keeps most of the variance.",
    formula: "z = (x − μ)·Wᵀ;  x̂ = z·W + μ",
    references: [
      "Hotelling: Analysis of a complex of statistical variables into principal components (1933)",
      "Halko, Martinsson, Tropp: Finding structure with randomness (2011), arXiv:0909.4061",
    ], tags: ["unsupervised", "classical"])

  @Field("Number of components", .in(1...1000)) var components = 2
  @Field("Whether codes have a variance of 1 in each coordinate") var whitens = false

  public init() {}

  /// An analysis. Traps unless the number is from 1 to 1000.
  public init(components: Int = 2, whitens: Bool = false) {
    self.components = components
    self.whitens = whitens
    self = required()
  }

  public func network(for task: LearningTask) throws -> any Layer {
    Sequential([PrincipalCoordinates(components: components, whitens: whitens)])
  }

  /// One stage, which finds the components.
  public var stages: [StageProposal] { [.fitting(PrincipalComponents.name)] }

  public func codes(_ model: Model, of inputs: Tensor) throws -> Tensor { try model.checkedOutputs(of: inputs) }

  public func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    try Self.reconstructions(model, from: codes)
  }

  static func reconstructions(_ model: Model, from codes: Tensor) throws -> Tensor {
    guard let layer = (model.layer as? Sequential)?.layers.last as? PrincipalCoordinates else {
      throw ModelError("only 'pca' has principal components")
    }
    func value(_ name: String) -> Tensor {
      model.parameters.value(of: model.parameters.entries[model.index(in: 0, of: name)])
    }
    let z = layer.whitens ? codes * layer.deviations(value("variance")) : codes
    let made = z.matmul(value("weight")) + value("mean")
    return made.reshaped(to: model.inputShape.inserting(codes.shape[0], at: 0))
  }
}
