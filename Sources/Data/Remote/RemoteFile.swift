/// A file identified by its digest, available at several addresses.
public struct RemoteFile: Sendable, Hashable {
  /// Its name in the set's folder.
  public var name: String
  /// Its size in bytes.
  public var byteCount: Int
  /// Its SHA-256 in 64 lowercase hexadecimal digits, which makes a mirror as good as the original.
  public var sha256: String
  /// Addresses to download it from, best first.
  public var addresses: [String]

  public init(_ name: String, byteCount: Int, sha256: String, addresses: [String]) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
    self.addresses = addresses
  }

  /// A file with the same name in several folders, whose addresses end in a slash.
  public init(_ name: String, byteCount: Int, sha256: String, mirrors: [String]) {
    self.init(name, byteCount: byteCount, sha256: sha256, addresses: mirrors.map { $0 + name })
  }
}
