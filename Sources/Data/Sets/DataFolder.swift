#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension DataEnvironment {
  /// The default data folder: `AVIARY_DATA`, otherwise the user's own, which is `aviary` in `XDG_DATA_HOME` or
  /// `~/.local/share`, on macOS in `~/Library/Application Support`. nil if there is not even a home folder.
  public static var standardFolder: String? {
    func variable(_ name: String) -> String? {
      guard let text = getenv(name), text.pointee != 0 else { return nil }
      return String(cString: text)
    }
    if let folder = variable("AVIARY_DATA") { return folder }
    #if os(macOS)
      return variable("HOME")?.appendingPath("Library/Application Support/aviary")
    #else
      // The XDG specification says to ignore relative paths.
      if let folder = variable("XDG_DATA_HOME"), folder.hasPrefix("/") { return folder.appendingPath("aviary") }
      return variable("HOME")?.appendingPath(".local/share/aviary")
    #endif
  }

  /// The data folder: ``folder``, or the standard one.
  public var dataFolder: String? {
    if let folder, !folder.isEmpty { return folder }
    return Self.standardFolder
  }
}

extension String {
  /// The path of a name inside this folder.
  package func appendingPath(_ name: String) -> String { hasSuffix("/") ? self + name : self + "/" + name }

  /// The absolute path of an existing file or folder without symbolic links; nil if it does not exist.
  package var resolvedPath: String? {
    guard let path = realpath(self, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
