import Foundation

extension Options {
  /// A command that serves `site` on this machine, and the address to open.
  func servingHint(for site: URL) -> String {
    guard let hostingBasePath else {
      return "python3 -m http.server --directory \(site.path) 8000    and open http://localhost:8000/"
    }
    return "serve the folder at \(hostingBasePath) of a host; all its links start there"
  }
}
