import AviaryRegistry

extension Registries {
  /// Registers data sets, splits and transforms.
  public mutating func registerData() throws {
    try register(FontsData.self)
    try register(DigitsData.self)
    try register(MNISTData.self)
    try register(FashionMNISTData.self)
    try register(CIFAR10Data.self)
    try register(NPZData.self)
    try register(CSVData.self)
    try register(GatesData.self)
    try register(TwoClassData.self)
    try register(MoonsData.self)
    try register(RingsData.self)
    try register(SpiralsData.self)
    try register(BlobsData.self)
    try register(LinearData.self)
    try register(AddingProblemData.self)
    try register(CopyMemoryData.self)
    try register(SineWavesData.self)
    try register(WrittenNumbersData.self)
    try register(TextData.self)
    try register(TimeSeriesData.self)
    try register(MotionsData.self)
    try register(SeriesData.self)
    try register(SeasonalSeriesData.self)

    try register(StratifiedSplit.self)
    try register(KFoldSplit.self)
    try register(FractionSplit.self)
    try register(GivenSplit.self)
    try register(IndexSplit.self)
    try register(RangeSplit.self)
    try register(TimeSplit.self)
    try register(NumPyLegacySplit.self)
    try register(NoSplit.self)
    try register(SameSplit.self)

    try register(ScaleTransform.self)
    try register(StandardizeTransform.self)
    try register(NormalizeRangeTransform.self)
    try register(LogTransform.self)
    try register(DifferenceTransform.self)
    try register(FlattenTransform.self)
    try register(ReshapeTransform.self)
  }
}
