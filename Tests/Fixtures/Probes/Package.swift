// swift-tools-version: 6.1
import PackageDescription

// One executable for each library product of Aviary, which depends on that product alone.

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

let package = Package(
  name: "probes",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "aviary", path: "../../..")],
  targets: products.map { product in
    .executableTarget(name: "Probe\(product)", dependencies: [.product(name: product, package: "aviary")])
  },
  swiftLanguageModes: [.v6]
)
