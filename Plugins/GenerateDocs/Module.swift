import Foundation
import PackagePlugin

/// A library module to document.
struct Module {
  /// The module as SwiftPM describes it.
  let target: any SourceModuleTarget

  /// The name to import it by, which pages use in links.
  let name: String

  /// The names of all Swift modules below it, direct or indirect.
  let dependencies: [String]

  /// The Swift modules of the package's library products and their dependencies, each after its own dependencies.
  ///
  /// - Parameters:
  ///   - package: The package in which the command was called.
  ///   - names: The requested modules; their dependencies are included, since pages link to them. Empty for all.
  /// - Returns: At least one module.
  /// - Throws: `Failure` if a name is not a module of the package, or there are no modules.
  static func documented(in package: Package, only names: [String]) throws -> [Module] {
    var modules: [Module] = []
    for product in package.products(ofType: LibraryProduct.self) {
      for target in product.targets {
        for target in target.recursiveTargetDependencies + [target] {
          guard let module = Module(target), !modules.contains(where: { $0.name == module.name }) else { continue }
          modules.append(module)
        }
      }
    }
    guard !modules.isEmpty else {
      throw Failure("package '\(package.displayName)' has no library product, so there is nothing to document")
    }
    for name in names where !modules.contains(where: { $0.name == name }) {
      let known = modules.map(\.name).joined(separator: ", ")
      throw Failure("--target: expected one of \(known), found '\(name)'")
    }
    if names.isEmpty { return modules }
    let wanted = Set(modules.filter { names.contains($0.name) }.flatMap { $0.dependencies + [$0.name] })
    return modules.filter { wanted.contains($0.name) }
  }

  /// `nil` unless the target is a library written in Swift.
  private init?(_ target: any Target) {
    guard let source = target as? SwiftSourceModuleTarget, source.kind == .generic else { return nil }
    self.target = source
    name = source.moduleName
    dependencies = source.recursiveTargetDependencies.compactMap { ($0 as? SwiftSourceModuleTarget)?.moduleName }
  }

  /// The module's `.docc` catalog of articles, if its folder has one at the top.
  var catalog: URL? {
    let entries = try? FileManager.default.contentsOfDirectory(at: target.directoryURL, includingPropertiesForKeys: nil)
    return entries?.filter { $0.pathExtension == "docc" }.min { $0.path < $1.path }
  }

  /// Whether there is anything to document: the umbrella, for example, declares nothing but has a catalog.
  func hasContent(in symbolGraph: URL) throws -> Bool {
    struct Symbols: Decodable {
      struct Symbol: Decodable {}
      let symbols: [Symbol]
    }
    if catalog != nil { return true }
    return try FileManager.default.contentsOfDirectory(at: symbolGraph, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasSuffix(".symbols.json") }
      .contains { try !JSONDecoder().decode(Symbols.self, from: Data(contentsOf: $0)).symbols.isEmpty }
  }
}
