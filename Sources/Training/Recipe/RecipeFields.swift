import AviaryCore
import AviaryData
import AviaryRegistry

/// The keys of a recipe that do not belong to stages.
struct RecipeFields: FieldGroup {
  @Field("Version of the recipe format") var version = 1
  @Field("Name, used for run folders and table columns") var name = "recipe"
  @Field("What it trains, in one sentence") var summary = ""
  @Field("Seed of initial values, shuffling, dropout masks and computed data", .nonNegative) var seed = 1
  @Field("Floating-point type") var precision = Recipe.Precision.float32
  @Field(naming: .dataSet, "Data set", example: "fonts") var data: Specification
  @Field(naming: .split, "How to split the data") var split: Specification = "stratified"
  @Field(naming: .transform, "Transforms of the inputs, in order") var transforms: [Specification] = []
  @Field(naming: .model, "Model", example: "logistic-regression") var model: Specification

  @Field(
    "Run or safetensors file with the initial parameters: its path, or an object with from, parameters and trained"
  )
  var initial: InitialParameters?

  static let keys = RecipeFields().schema.map(\.name)

  func validate() throws {
    try Check.that(
      version == 1, "version", "1, the recipe version that this release reads", found: version)
    try Recipe.checkName(name, "name", alsoAllowed: "._")
  }
}

extension Recipe {
  /// The floating-point type of a training.
  public enum Precision: String, CaseIterable, FieldValue {
    case float32
    case float64

    var dtype: DType { self == .float32 ? .float32 : .float64 }
  }
}
