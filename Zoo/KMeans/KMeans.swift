import AviaryCore
import AviaryData
import AviaryLayers
import AviaryRegistry
import AviaryTraining

/// k centers, each the mean of the rows that are nearest to it: clusters without labels.
public struct KMeans: ReconstructingModel, Registrable {
  public static let name = "k-means"
  public static let card = Card(
    "Clusters: k centers, each the mean of its nearest rows.", formula: "min Σᵢ minₖ ‖xᵢ − cₖ‖²",
    references: Clustering.card.references, tags: ["unsupervised", "clustering", "classical"])

  @Field("Number of clusters k", .in(1...100_000)) var clusters = 10

  public init() {}

  /// Clusters. Traps unless their number is positive.
  public init(clusters: Int = 10) {
    self.clusters = clusters
    self = required()
  }

  public func network(for task: LearningTask) throws -> any Layer { Sequential([NearestCenter(clusters: clusters)]) }

  /// One stage, an epoch of which is a step of Lloyd's algorithm.
  public var stages: [StageProposal] {
    [
      StageProposal(
        "train",
        [
          "objective": ["name": "k-means"], "batchSize": nil, "shuffle": false, "epochs": 100, "metrics": [],
          "stopping": ["name": "tolerance", "monitor": "train.loss", "change": 0],
        ])
    ]
  }

  /// The nearest centers.
  public func reconstructions(_ model: Model, of inputs: Tensor) throws -> Tensor {
    let nearest = try model.checkedOutputs(of: inputs).argmax(axis: 1)
    let centers = model.parameters.value(of: model.parameters.entries[model.index(in: 0, of: "weight")])
    return centers.gather(nearest).reshaped(to: inputs.shape)
  }
}
