import Foundation

/// The toolchain's documentation compiler.
struct DocC {
  let executable: URL
  let hostingBasePath: String?
  let warningsAsErrors: Bool

  /// Makes the archive of one module.
  ///
  /// - Parameters:
  ///   - module: The module.
  ///   - catalog: The folder of its articles, if any.
  ///   - symbolGraph: The folder of its symbol graphs.
  ///   - dependencies: The archives that its pages may link to, as in ``` ``/AviaryCore/Tensor`` ```.
  ///   - archive: Where to put the archive; must not exist yet.
  /// - Returns: Whether docc succeeded; its messages go to standard error.
  /// - Throws: `Failure` if docc could not be started.
  func convert(
    _ module: Module, catalog: URL?, symbolGraph: URL, dependencies: [URL], into archive: URL
  ) throws -> Bool {
    var arguments = ["convert"]
    if let catalog { arguments.append(catalog.path) }
    arguments += [
      "--additional-symbol-graph-dir", symbolGraph.path,
      "--fallback-display-name", module.name,
      "--fallback-bundle-identifier", module.name,
      "--fallback-default-module-kind", "Module",
      "--output-path", archive.path,
      "--transform-for-static-hosting",
      // Despite its name, this is the only way to write and read links between modules.
      "--enable-experimental-external-link-support",
    ]
    for dependency in dependencies { arguments += ["--dependency", dependency.path] }
    if let hostingBasePath { arguments += ["--hosting-base-path", hostingBasePath] }
    if warningsAsErrors { arguments.append("--warnings-as-errors") }
    return try run(arguments) == 0
  }

  /// Merges the archives into one site.
  func merge(_ archives: [URL], titled title: String, into site: URL) throws {
    let arguments =
      ["merge"] + archives.map(\.path) + ["--synthesized-landing-page-name", title, "--output-path", site.path]
    let status = try run(arguments)
    guard status == 0 else { throw Failure("docc merge failed with status \(status)") }
  }

  private func run(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    do {
      try process.run()
    } catch {
      throw Failure("\(executable.path) cannot be started: \(error)")
    }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
