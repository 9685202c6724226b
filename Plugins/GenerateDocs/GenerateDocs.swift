import Foundation
import PackagePlugin

/// `swift package generate-docs`: one static site for all library modules of the package in which it is called.
///
/// The steps are symbol graphs (made by SwiftPM, which builds the modules if necessary), `docc convert` for each module
/// in dependency order, so that a page can link to the modules below it, and `docc merge`.
///
/// The plugin declares no permission: the site goes to its own work directory, and a declared permission would make
/// SwiftPM ask for a flag or a confirmation at each call. An `--output-path` elsewhere needs
/// `--allow-writing-to-directory` if SwiftPM runs plugins in a sandbox (macOS).
@main
struct GenerateDocs: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) async throws {
    do {
      let options = try Options(arguments)
      if options.showsHelp {
        print(Options.help)
        return
      }
      try generate(options, in: context)
    } catch let failure as Failure {
      // Only an error reported here makes `swift package` exit with status 1 and a plain message; a thrown error would
      // print Swift's description of the value.
      Diagnostics.error(failure.message)
    }
  }

  private func generate(_ options: Options, in context: PluginContext) throws {
    let output = options.outputPath.map { URL(filePath: $0) }
    if let output { try Workspace.checkOutput(output) }
    let modules = try Module.documented(in: context.package, only: options.targets)
    let docc = DocC(
      executable: try context.tool(named: "docc").url, hostingBasePath: options.hostingBasePath,
      warningsAsErrors: options.warningsAsErrors)
    let workspace = try Workspace(directory: context.pluginWorkDirectoryURL)
    let graphs = try symbolGraphs(of: modules)

    var failed: [String] = []
    var archives: [String: URL] = [:]
    for module in modules {
      guard let graph = graphs[module.name], try module.hasContent(in: graph) else {
        say("\(module.name): nothing public and no catalog, skipped")
        continue
      }
      if let cause = module.dependencies.first(where: failed.contains) {
        say("\(module.name): skipped, because \(cause) failed")
        failed.append(module.name)
        continue
      }
      say("\(module.name): converting")
      let archive = workspace.archive(for: module.name)
      let dependencies = module.dependencies.compactMap { archives[$0] }
      let catalog = try Catalog(module: module).assembled(at: workspace.catalog(for: module.name))
      if try docc.convert(module, catalog: catalog, symbolGraph: graph, dependencies: dependencies, into: archive) {
        archives[module.name] = archive
      } else {
        failed.append(module.name)
      }
    }
    guard failed.isEmpty else {
      throw Failure("documentation of \(failed.joined(separator: ", ")) failed; see docc's messages above")
    }
    guard !archives.isEmpty else {
      throw Failure("there is nothing to document")
    }

    let package = context.package.displayName
    try docc.merge(modules.compactMap { archives[$0.name] }, titled: package, into: workspace.site)
    let landing = archives.keys.first { $0.lowercased() == package.lowercased() }
    try workspace.redirectRoot(to: landing)
    if let output { try workspace.publish(to: output) }
    let site = output ?? workspace.site
    print(
      """

      The site is complete: \(site.appending(path: "index.html").path)
      The pages need a web server. To read them:
        \(options.servingHint(for: site))
      """)
  }

  /// Asks for the last module first: building it builds all others, two at a time; asking bottom-up would build them
  /// one by one.
  private func symbolGraphs(of modules: [Module]) throws -> [String: URL] {
    var graphs: [String: URL] = [:]
    for module in modules.reversed() {
      do {
        let result = try packageManager.getSymbolGraph(
          for: module.target,
          options: .init(
            minimumAccessLevel: .public, includeSynthesized: true, includeSPI: false, emitExtensionBlocks: true))
        graphs[module.name] = result.directoryURL
      } catch {
        throw Failure("cannot extract the symbols of \(module.name), because it does not build: \(error)")
      }
    }
    return graphs
  }

  /// Prints at once, so that the line precedes docc's messages about the module.
  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
