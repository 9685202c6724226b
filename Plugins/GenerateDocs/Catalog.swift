import Foundation

/// What docc reads besides symbols: the module's catalog, and the pages beside its code.
///
/// A page with the name of its folder, such as `MLP/MLP.md` beside `MLP/MLP.swift`, becomes an article on the site,
/// `MLPCard`. So a page stays with its code, without a copy in the catalog.
struct Catalog {
  let module: Module

  /// The pages beside the code, in alphabetical order.
  var pages: [URL] {
    let folder = module.target.directoryURL
    let entries = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return entries.map { $0.appending(path: "\($0.lastPathComponent).md") }
      .filter { FileManager.default.fileExists(atPath: $0.path) }
      .sorted { $0.path < $1.path }
  }

  /// The folder to pass to docc.
  ///
  /// - Parameter copy: Where to put a copy; must not exist yet.
  /// - Returns: The module's own catalog if there are no pages, otherwise a copy of it with the pages; `nil` without
  ///   either.
  /// - Throws: If a file cannot be read or written.
  func assembled(at copy: URL) throws -> URL? {
    guard !pages.isEmpty else { return module.catalog }
    let files = FileManager.default
    if let catalog = module.catalog {
      try files.copyItem(at: catalog, to: copy)
    } else {
      try files.createDirectory(at: copy, withIntermediateDirectories: true)
    }
    for page in pages {
      let name = page.deletingPathExtension().lastPathComponent
      let text = try String(contentsOf: page, encoding: .utf8)
      try article(text).write(to: copy.appending(path: "\(name)Card.md"), atomically: true, encoding: .utf8)
    }
    return copy
  }

  /// Replaces links to files of the repository, which are not on the site, by their text.
  private func article(_ text: String) -> String {
    text.replacingOccurrences(of: #"\[([^\]]*)\]\(\.\.?/[^)]*\)"#, with: "$1", options: .regularExpression)
  }
}
