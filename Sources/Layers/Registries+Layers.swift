import AviaryRegistry

extension Registries {
  /// Registers this module's layers, activations, initializers, losses, regularizers and constraints.
  public mutating func registerLayers() throws(RegistrationError) {
    try register(Sequential.self)
    try register(Residual.self)
    try register(CheckpointedLayers.self)
    try register(Graph.self)
    try register(Add.self)
    try register(Multiply.self)
    try register(Attention.self)
    try register(PositionalEncoding.self)
    try register(TransformerBlock.self)
    try register(Concatenate.self)
    try register(TimeDistributed.self)
    try register(Dense.self)
    try register(Maxout.self)
    try registerImageLayers()
    try registerSequenceLayers()
    try register(Flatten.self)
    try register(Reshape.self)
    try register(Dropout.self)
    try register(SpatialDropout.self)
    try register(AlphaDropout.self)
    try register(DropConnect.self)
    try register(Standout.self)
    try register(MaskingNoise.self)
    try register(SaltAndPepperNoise.self)
    try register(GaussianNoise.self)
    try registerNormalizations()
    try register(AutoencoderLayer.self)
    try register(ActivationLayer.self)
    try register(Prelu.self)
    try register(GatedLinearUnit.self)

    try registerActivation(Identity.self)
    try registerActivation(Step.self)
    try registerActivation(Sigmoid.self)
    try registerActivation(Tanh.self)
    try registerActivation(Relu.self)
    try registerActivation(LeakyRelu.self)
    try registerActivation(Elu.self)
    try registerActivation(Selu.self)
    try registerActivation(Gelu.self)
    try registerActivation(Silu.self)
    try registerActivation(Softplus.self)
    try registerActivation(Mish.self)
    try registerActivation(Softsign.self)
    try registerActivation(HardSigmoid.self)
    try registerActivation(HardTanh.self)
    try registerActivation(Softmax.self)
    try registerActivation(LogSoftmax.self)
    try registerActivation(Sparsemax.self)

    try register(Zeros.self)
    try register(Constant.self)
    try register(Uniform.self)
    try register(Normal.self)
    try register(TruncatedNormal.self)
    try register(GlorotUniform.self)
    try register(GlorotNormal.self)
    try register(HeUniform.self)
    try register(HeNormal.self)
    try register(LecunNormal.self)
    try register(VarianceScaling.self)
    try register(Orthogonal.self)
    try register(IdentityMatrix.self)
    try register(Sparse.self)
    try register(Values.self)

    try register(MeanSquaredError.self)
    try register(MeanAbsoluteError.self)
    try register(Huber.self)
    try register(SoftmaxCrossEntropy.self)
    try register(SigmoidCrossEntropy.self)
    try register(NegativeLogLikelihood.self)
    try register(KLDivergence.self)
    try register(Focal.self)
    try register(SigmoidFocal.self)
    try register(LogCosh.self)
    try register(Quantile.self)
    try register(Gaussian.self)
    try register(Poisson.self)
    try register(CosineDistance.self)
    try register(Hinge.self)
    try register(SquaredHinge.self)
    try register(MultiClassHinge.self)

    try register(ActivityPenalty.self)
    try register(SparsityPenalty.self)
    try register(Contractive.self)

    try register(L1.self)
    try register(L2.self)
    try register(L1L2.self)
    try register(Orthogonality.self)

    try register(MaxNorm.self)
    try register(NonNegative.self)
    try register(UnitNorm.self)
    try register(OrthogonalWeights.self)
  }

  /// Registers the layers that take images.
  private mutating func registerImageLayers() throws(RegistrationError) {
    try register(Conv2D.self)
    try register(MaxoutConv2D.self)
    try register(DepthwiseConv2D.self)
    try register(SeparableConv2D.self)
    try register(Conv2DTransposed.self)
    try register(MaxPool2D.self)
    try register(AveragePool2D.self)
    try register(AdaptiveMaxPool2D.self)
    try register(AdaptiveAveragePool2D.self)
    try register(GlobalMaxPool.self)
    try register(LastStep.self)
    try register(GlobalAveragePool.self)
    try register(Pad2D.self)
    try register(Crop2D.self)
    try register(Upsample2D.self)
  }

  /// Registers the layers that take sequences.
  private mutating func registerSequenceLayers() throws(RegistrationError) {
    try register(RNN.self)
    try register(LSTM.self)
    try register(GRU.self)
    try register(Embedding.self)
    try register(Conv1D.self)
    try register(MaxPool1D.self)
    try register(AveragePool1D.self)
    try register(AdaptiveMaxPool1D.self)
    try register(AdaptiveAveragePool1D.self)
    try register(Pad1D.self)
    try register(Crop1D.self)
    try register(Upsample1D.self)
  }

  /// Registers the layers that normalize.
  private mutating func registerNormalizations() throws(RegistrationError) {
    try register(BatchNorm.self)
    try register(LayerNorm.self)
    try register(GroupNorm.self)
    try register(InstanceNorm.self)
    try register(RMSNorm.self)
  }

  /// Registers an activation, and under the same name a layer that applies it: `"relu"` in a list of layers.
  public mutating func registerActivation<Function: Activation & Registrable>(
    _ type: Function.Type
  ) throws(RegistrationError) {
    var registries = self
    try registries.register(type)
    try registries.register(type, as: .layer) { ActivationLayer($0) }
    self = registries
  }
}
