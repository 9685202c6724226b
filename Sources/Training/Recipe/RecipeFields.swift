import AviaryCore
import AviaryData
import AviaryRegistry

/// The keys of a recipe that do not belong to stages.
struct RecipeFields: FieldGroup {
  @Field("Version of the recipe's form") var version = 1
  @Field("Name, of which a run's folder and the columns of tables are made") var name = "recipe"
  @Field("What it trains, in a sentence") var summary = ""
  @Field("Seed of the initial values, the shuffles, the dropout masks, and drawn data", .nonNegative) var seed = 1
  @Field("Type of the numbers that are calculated with") var precision = Recipe.Precision.float32
  @Field(naming: .dataSet, "Where the data come from", example: "fonts") var data: Specification
  @Field(naming: .split, "How they are parted") var split: Specification = "stratified"
  @Field(naming: .transform, "How inputs are changed, in order") var transforms: [Specification] = []
  @Field(naming: .model, "What is trained", example: "logistic-regression") var model: Specification

  @Field(
    "Run or safetensors file whose parameters the training begins with: its path, or an object with from, parameters and trained"
  )
  var initial: InitialParameters?

  static let keys = RecipeFields().schema.map(\.name)

  func validate() throws {
    try Check.that(
      version == 1, "version", "1, the version of recipes that this release reads", found: version)
    try Recipe.checkName(name, "name", alsoAllowed: "._")
  }
}

extension Recipe {
  /// The type of the numbers that are calculated with.
  public enum Precision: String, CaseIterable, FieldValue {
    case float32
    case float64

    var dtype: DType { self == .float32 ? .float32 : .float64 }
  }
}
