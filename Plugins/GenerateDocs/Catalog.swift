import Foundation

/// What docc reads beside the symbols: the module's catalog, and the pages that lie beside its code.
///
/// A folder of the module that holds a page of its own name, as `MLP/MLP.md` beside `MLP/MLP.swift`, has it on the site as an article,
/// `MLPCard`. So a page is read where its code is, and needs no copy in the catalog.
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

  /// The folder to give to docc.
  ///
  /// - Parameter copy: Where a copy goes; nothing is there yet.
  /// - Returns: The module's own catalog where there are no pages, else a copy of it with them; `nil` where there is neither.
  /// - Throws: Where a file cannot be read or written.
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

  /// Links to files of the repository, which are not on the site, become their words.
  private func article(_ text: String) -> String {
    text.replacingOccurrences(of: #"\[([^\]]*)\]\(\.\.?/[^)]*\)"#, with: "$1", options: .regularExpression)
  }
}
