import Foundation

/// The folder where the site is made.
struct Workspace {
  /// The merged site.
  let site: URL

  private let archives: URL

  /// Removes the files of an earlier run, which docc refuses to overwrite.
  init(directory: URL) throws {
    site = directory.appending(path: "site")
    archives = directory.appending(path: "archives")
    let files = FileManager.default
    for folder in [site, archives] where files.fileExists(atPath: folder.path) {
      try files.removeItem(at: folder)
    }
    try files.createDirectory(at: archives, withIntermediateDirectories: true)
  }

  func archive(for module: String) -> URL {
    archives.appending(path: "\(module).doccarchive")
  }

  func catalog(for module: String) -> URL {
    archives.appending(path: "\(module).docc")
  }

  /// Redirects the site's root to the page of `module`, or to the list of modules, because docc makes no page for the
  /// root.
  func redirectRoot(to module: String?) throws {
    let page = module.map { "documentation/\($0.lowercased())/" } ?? "documentation/"
    let html = """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>Documentation</title><meta http-equiv="refresh" content="0; url=\(page)"></head>
      <body><a href="\(page)">Documentation</a></body>
      </html>

      """
    try html.write(to: site.appending(path: "index.html"), atomically: true, encoding: .utf8)
  }

  /// Checks, before any work is done, that `publish` would overwrite nothing but a site.
  ///
  /// - Throws: `Failure` if the directory has other files.
  static func checkOutput(_ directory: URL) throws {
    let files = FileManager.default
    let visible = (try? files.contentsOfDirectory(atPath: directory.path))?.filter { !$0.hasPrefix(".") } ?? []
    let isSite = files.fileExists(atPath: directory.appending(path: "data/documentation").path)
    guard visible.isEmpty || isSite else {
      throw Failure(
        "--output-path: expected an empty folder or an earlier site, found other files in \(directory.path)")
    }
  }

  /// Copies the site to `directory`, replacing an earlier one.
  ///
  /// Files that are not part of a site stay, such as `.git` or `CNAME` of a published branch.
  ///
  /// - Throws: `Failure` if the directory is not writable.
  func publish(to directory: URL) throws {
    let files = FileManager.default
    do {
      try files.createDirectory(at: directory, withIntermediateDirectories: true)
      for entry in try files.contentsOfDirectory(at: site, includingPropertiesForKeys: nil) {
        let destination = directory.appending(path: entry.lastPathComponent)
        if files.fileExists(atPath: destination.path) { try files.removeItem(at: destination) }
        try files.copyItem(at: entry, to: destination)
      }
    } catch {
      throw Failure(
        """
        cannot write the site to \(directory.path) (\(error.localizedDescription)); if plugins run in a \
        sandbox, call `swift package --allow-writing-to-directory \(directory.path) generate-docs --output-path …`
        """)
    }
  }
}
