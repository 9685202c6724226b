// swift-tools-version: 6.1
import PackageDescription

// One product per module, so that a package depends on what it uses and builds nothing else.
// The dependencies between modules are those in Docs/Design.md; `.ci/check-imports` enforces them.

/// The zoo's folders, one per model; Zoo/Assets embeds their files that are not Swift.
let zoo = [
  "Adaline", "Autoencoder", "CNN", "CharacterModel", "ConvolutionalAutoencoder", "DBN", "DecisionTree",
  "DeepAutoencoder",
  "DenoisingAutoencoder", "GRU", "KMeans", "LSTM", "LeNet", "LinearRegression", "LogisticRegression", "MLP",
  "MaxoutNetwork",
  "NaiveBayes", "Network", "PCA", "Perceptron", "RBM", "RNN", "RandomForest", "ResNet", "SequenceToSequence",
  "SoftmaxRegression",
  "StackedDenoisingAutoencoder", "Transformer", "VGG", "VariationalAutoencoder",
]

let package = Package(
  name: "aviary",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "AviaryCore", targets: ["AviaryCore"]),
    .library(name: "AviaryAutograd", targets: ["AviaryAutograd"]),
    .library(name: "AviaryRegistry", targets: ["AviaryRegistry"]),
    .library(name: "AviaryLayers", targets: ["AviaryLayers"]),
    .library(name: "AviaryOptimizers", targets: ["AviaryOptimizers"]),
    .library(name: "AviaryFormats", targets: ["AviaryFormats"]),
    .library(name: "AviaryData", targets: ["AviaryData"]),
    .library(name: "AviaryTraining", targets: ["AviaryTraining"]),
    .library(name: "AviaryZoo", targets: ["AviaryZoo"]),
    .library(name: "Aviary", targets: ["Aviary"]),
    .library(name: "AviaryCommandLine", targets: ["AviaryCommandLine"]),
    .executable(name: "aviary", targets: ["AviaryTool"]),
    .plugin(name: "GenerateDocs", targets: ["GenerateDocs"]),
  ],
  dependencies: [],
  targets: [
    // Nothing else links the C mathematics on Linux for a program that imports neither Foundation nor Glibc.
    .target(
      name: "AviaryKernels", path: "Sources/Kernels",
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "AviaryCore", dependencies: ["AviaryKernels"], path: "Sources/Core"),
    .target(name: "AviaryAutograd", dependencies: ["AviaryCore"], path: "Sources/Autograd"),
    .target(name: "AviaryRegistry", path: "Sources/Registry"),
    .target(name: "AviaryLayers", dependencies: ["AviaryAutograd", "AviaryRegistry"], path: "Sources/Layers"),
    .target(name: "AviaryOptimizers", dependencies: ["AviaryCore", "AviaryRegistry"], path: "Sources/Optimizers"),
    .systemLibrary(name: "AviaryZlib", path: "Sources/Zlib"),
    .target(name: "AviaryFormats", dependencies: ["AviaryCore", "AviaryZlib"], path: "Sources/Formats"),
    .target(name: "AviaryDataAssets", path: "Sources/Data/Assets", exclude: ["Digits", "Fonts", "Sonnets"]),
    .target(
      name: "AviaryData", dependencies: ["AviaryCore", "AviaryRegistry", "AviaryFormats", "AviaryDataAssets"],
      path: "Sources/Data", exclude: ["Assets"]),
    .target(
      name: "AviaryTraining", dependencies: ["AviaryLayers", "AviaryOptimizers", "AviaryData"],
      path: "Sources/Training"),
    .target(name: "AviaryZooAssets", path: "Zoo/Assets"),
    .target(
      name: "AviaryZoo", dependencies: ["AviaryTraining", "AviaryZooAssets"], path: "Zoo",
      exclude: ["Assets"] + zoo.flatMap { ["\($0)/Recipes", "\($0)/\($0).md"] }),
    .target(name: "Aviary", dependencies: ["AviaryZoo"], path: "Sources/Aviary"),
    .target(name: "AviaryCurl", path: "Sources/Curl"),
    .target(name: "AviaryCommandLine", dependencies: ["Aviary", "AviaryCurl"], path: "Sources/CommandLine"),
    .executableTarget(name: "AviaryTool", dependencies: ["AviaryCommandLine"], path: "Sources/Tool"),
    .plugin(
      name: "GenerateDocs",
      capability: .command(
        intent: .custom(verb: "generate-docs", description: "Generate the documentation site of all modules."),
        permissions: []),
      path: "Plugins/GenerateDocs"),

    .target(
      name: "AviaryTestSupport",
      dependencies: ["AviaryKernels", "AviaryAutograd", "AviaryRegistry", "AviaryOptimizers"],
      path: "Tests/TestSupport"),
    .testTarget(
      name: "AviaryCoreTests", dependencies: ["AviaryCore", "AviaryKernels", "AviaryTestSupport"],
      path: "Tests/CoreTests", exclude: ["Golden"]),
    .testTarget(
      name: "AviaryAutogradTests", dependencies: ["AviaryAutograd", "AviaryTestSupport"], path: "Tests/AutogradTests",
      exclude: ["Golden"]),
    .testTarget(
      name: "AviaryRegistryTests", dependencies: ["AviaryRegistry", "AviaryTestSupport"], path: "Tests/RegistryTests"),
    .testTarget(
      name: "AviaryLayersTests", dependencies: ["AviaryLayers", "AviaryTestSupport"], path: "Tests/LayersTests",
      exclude: ["Golden"]),
    .testTarget(
      name: "AviaryOptimizersTests", dependencies: ["AviaryOptimizers", "AviaryTestSupport"],
      path: "Tests/OptimizersTests", exclude: ["Golden"]),
    .testTarget(
      name: "AviaryFormatsTests", dependencies: ["AviaryFormats", "AviaryTestSupport"], path: "Tests/FormatsTests",
      exclude: ["Golden"]),
    .testTarget(name: "AviaryDataTests", dependencies: ["AviaryData", "AviaryTestSupport"], path: "Tests/DataTests"),
    .testTarget(
      name: "AviaryTrainingTests", dependencies: ["AviaryTraining", "AviaryTestSupport"], path: "Tests/TrainingTests"),
    .testTarget(
      name: "AviaryZooTests", dependencies: ["AviaryZoo", "AviaryTestSupport"], path: "Tests/ZooTests",
      exclude: ["Golden"]),
    .testTarget(
      name: "AviaryCommandLineTests", dependencies: ["AviaryCommandLine", "AviaryTestSupport"],
      path: "Tests/CommandLineTests"),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
