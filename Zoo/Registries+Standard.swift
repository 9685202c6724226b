import AviaryCore
import AviaryData
import AviaryLayers
import AviaryOptimizers
import AviaryRegistry
import AviaryTraining

extension Registries {
  /// Everything in Aviary by name: the zoo's models, and layers, optimizers, data sets and more.
  ///
  /// ```swift
  /// var registries = Registries.standard
  /// try registries.register(MyModel.self)
  /// ```
  public static let standard: Registries = {
    var registries = Registries()
    do {
      try registries.registerZoo()
      try registries.registerLayers()
      try registries.registerOptimizers()
      try registries.registerData()
      try registries.registerTraining()
    } catch {
      trap("Aviary's built-in names clash: \(error)")
    }
    return registries
  }()

  /// Registers the zoo's models, with the layers and objectives that only they use.
  public mutating func registerZoo() throws {
    try register(Perceptron.self)
    try register(PerceptronRule.self)
    try register(Adaline.self)
    try register(WidrowHoffRule.self)
    try register(LinearRegression.self)
    try register(LeastSquares.self)
    try register(GaussianPosterior.self)
    try register(LogisticRegression.self)
    try register(SoftmaxRegression.self)
    try register(DecisionTree.self)
    try register(RandomForest.self)
    try register(TreeGrowing.self)
    try register(NaiveBayes.self)
    try register(NaiveBayesCounting.self)
    try register(KMeans.self)
    try register(Clustering.self)
    try register(PCA.self)
    try register(PrincipalComponents.self)
    try register(MLP.self)
    try register(CNN.self)
    try register(LeNet.self)
    try register(VGG.self)
    try register(ResNet.self)
    try register(MaxoutNetwork.self)
    try register(RNNNetwork.self)
    try register(LSTMNetwork.self)
    try register(GRUNetwork.self)
    try register(Transformer.self)
    try register(CharacterModel.self)
    try register(SequenceToSequence.self)
    try register(Network.self)
    try register(RBM.self)
    try register(DBN.self)
    try register(RestrictedBoltzmannMachine.self)
    try register(ContrastiveDivergence.self)
    try register(Autoencoder.self)
    try register(ConvolutionalAutoencoder.self)
    try register(DenoisingAutoencoder.self)
    try register(VariationalAutoencoder.self)
    try register(VariationalBound.self)
    try register(GaussianCode.self)
    try register(StackedDenoisingAutoencoder.self)
    try register(DeepAutoencoder.self)
  }
}
