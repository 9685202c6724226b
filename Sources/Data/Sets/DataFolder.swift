#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension DataEnvironment {
  /// The folder of all data where nobody names one: `AVIARY_DATA`, else the user's own, which is `aviary` in
  /// `XDG_DATA_HOME` or `~/.local/share`, on macOS in `~/Library/Application Support`. Nil where even a home is missing.
  public static var standardFolder: String? {
    func variable(_ name: String) -> String? {
      guard let text = getenv(name), text.pointee != 0 else { return nil }
      return String(cString: text)
    }
    if let folder = variable("AVIARY_DATA") { return folder }
    #if os(macOS)
      return variable("HOME")?.appendingPath("Library/Application Support/aviary")
    #else
      // The specification of these folders has relative ones ignored.
      if let folder = variable("XDG_DATA_HOME"), folder.hasPrefix("/") { return folder.appendingPath("aviary") }
      return variable("HOME")?.appendingPath(".local/share/aviary")
    #endif
  }

  /// The folder of all data: ``folder``, or the standard one.
  public var dataFolder: String? {
    if let folder, !folder.isEmpty { return folder }
    return Self.standardFolder
  }
}

extension String {
  /// This folder's path with a name inside of it.
  package func appendingPath(_ name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }

  /// The absolute path of what is there, without symbolic links; nil where nothing is.
  var resolvedPath: String? {
    guard let path = realpath(self, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
