// swift-tools-version: 6.1
import PackageDescription

// A package such as a user of Aviary writes: a model, a layer, an activation and an optimizer of its own, a recipe that
// nests them, and an executable that is the whole command line with them in it. And the program of the documentation's
// first article.

let package = Package(
  name: "third-party",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "aviary", path: "../../..")],
  targets: [
    .executableTarget(
      name: "ThirdParty",
      dependencies: [
        .product(name: "Aviary", package: "aviary"),
        .product(name: "AviaryCommandLine", package: "aviary"),
      ]),
    .executableTarget(name: "FirstModel", dependencies: [.product(name: "Aviary", package: "aviary")]),
  ],
  swiftLanguageModes: [.v6]
)
