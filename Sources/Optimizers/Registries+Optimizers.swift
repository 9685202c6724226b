import AviaryCore
import AviaryRegistry

extension Registries {
  /// Registers this module's optimizers, schedules and gradient clippings.
  ///
  /// Throws `RegistrationError` if a name is taken.
  public mutating func registerOptimizers() throws(RegistrationError) {
    try register(SGD.self)
    try register(Adagrad.self)
    try register(RMSProp.self)
    try register(Adadelta.self)
    try register(Adam.self)
    try register(AdamW.self)
    try register(Adamax.self)
    try register(NAdam.self)
    try register(RAdam.self)
    try register(Lion.self)
    try register(AveragedSGD.self)
    try register(LARS.self)
    try register(LAMB.self)
    try register(Muon.self)
    try register(Rprop.self)
    try register(AdaSecant.self)
    try register(VSGD.self)
    try register(LineSearch.self)
    try register(LBFGS.self)
    try register(ConjugateGradient.self)
    try register(Newton.self)
    try register(GaussNewton.self)
    try register(Lookahead.self)
    try register(WeightAverage.self)
    try register(GradientAccumulation.self)
    try register(SharpnessAware.self)

    try register(ConstantSchedule.self)
    try register(StepSchedule.self)
    try register(ExponentialSchedule.self)
    try register(InverseTimeSchedule.self)
    try register(InverseSquareRootSchedule.self)
    try register(LinearSchedule.self)
    try register(CosineSchedule.self)
    try register(MultiStepSchedule.self)
    try register(PolynomialSchedule.self)
    try register(CosineRestartsSchedule.self)
    try register(OneCycleSchedule.self)
    try register(CyclicSchedule.self)
    try register(WarmUpSchedule.self)
    try register(ScheduleSequence.self)
    try register(ReduceOnPlateauSchedule.self)

    try register(ClippingByValue.self)
    try register(ClippingByGlobalNorm.self)
  }
}
