import Foundation

/// The documentation compiler of the toolchain.
struct DocC {
  let executable: URL
  let hostingBasePath: String?
  let warningsAsErrors: Bool

  /// Makes one module's archive.
  ///
  /// - Parameters:
  ///   - module: The module.
  ///   - catalog: The folder of its articles, if there are any.
  ///   - symbolGraph: The folder of its symbol graphs.
  ///   - dependencies: The archives that its pages may link to, as in ``` ``/AviaryCore/Tensor`` ```.
  ///   - archive: Where the archive goes; nothing is there yet.
  /// - Returns: Whether docc was content; its messages have gone to standard error.
  /// - Throws: `Failure` when docc could not be started.
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
      // Despite its name the only way to write, and read, what links from one module to another need.
      "--enable-experimental-external-link-support",
    ]
    for dependency in dependencies { arguments += ["--dependency", dependency.path] }
    if let hostingBasePath { arguments += ["--hosting-base-path", hostingBasePath] }
    if warningsAsErrors { arguments.append("--warnings-as-errors") }
    return try run(arguments) == 0
  }

  /// Makes one site of the archives.
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
      throw Failure("\(executable.path) could not be started: \(error)")
    }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
