// swift-tools-version: 6.1
import PackageDescription

// One executable for each library product of Aviary, which depends on that product alone; and the README's training
// loop by hand, on two of them.

let products = [
  "AviaryCore",
  "AviaryAutograd",
  "AviaryRegistry",
  "AviaryLayers",
  "AviaryOptimizers",
  "AviaryFormats",
  "AviaryData",
  "AviaryTraining",
  "AviaryZoo",
  "Aviary",
  "AviaryCommandLine",
]

// The articles that are programs; see .ci/check-articles.
let articles = ["Numerics"]

let package = Package(
  name: "probes",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "aviary", path: "../../..")],
  targets: products.map { product in
    .executableTarget(name: "Probe\(product)", dependencies: [.product(name: product, package: "aviary")])
  } + [
    .executableTarget(
      name: "TrainingByHand",
      dependencies: [
        .product(name: "AviaryLayers", package: "aviary"), .product(name: "AviaryOptimizers", package: "aviary"),
      ])
  ]
    + articles.map { article in
      .executableTarget(name: "Article\(article)", dependencies: [.product(name: "Aviary", package: "aviary")])
    },
  swiftLanguageModes: [.v6]
)
