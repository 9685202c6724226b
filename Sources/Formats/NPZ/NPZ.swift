import AviaryCore

/// NumPy's format for named arrays (`numpy.savez`, `numpy.savez_compressed`): a zip archive of npy files.
///
/// ```swift
/// let arrays = try NPZ.read("data_with_labels.npz")
/// let images = try arrays.tensor(named: "arr_0")
/// try NPZ.write(["x": images, "y": labels], to: "data.npz")     // numpy.load("data.npz")["x"]
/// ```
public enum NPZ {
  /// The arrays in the bytes of an npz file, in the archive's order, named without `.npy`.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - source: the name for error messages.
  ///   - maximumByteCount: the maximum total size of the arrays, by default 4 GiB.
  /// - Returns: the arrays with their names.
  /// - Throws: ``FormatError`` naming the member. Sizes are checked before anything is allocated.
  public static func decode(
    _ bytes: [UInt8], source: String = "npz data", maximumByteCount: Int = 1 << 32
  ) throws -> NamedTensors {
    let archive = try ZipArchive(bytes, source: source, maximumByteCount: maximumByteCount)
    var result = NamedTensors(source: source)
    for entry in archive.entries {
      let member = archive.source.member(entry.name)
      guard entry.name.hasSuffix(".npy") else {
        throw member.error(.unsupported, expected: "members that are npy files", found: "another name")
      }
      result[String(entry.name.dropLast(4))] = try NPY.decode(archive.contents(of: entry), source: member)
    }
    return result
  }

  public static func read(_ path: String, maximumByteCount: Int = 1 << 32) throws -> NamedTensors {
    try decode(FileBytes.read(path), source: path, maximumByteCount: maximumByteCount)
  }

  /// The bytes of an npz file. Equal tensors give equal bytes.
  ///
  /// - Throws: ``FormatError`` for a bfloat16 tensor, or a name longer than 65531 bytes.
  public static func encode(_ tensors: NamedTensors, method: ZipArchive.Method = .deflated) throws -> [UInt8] {
    var writer = ZipWriter()
    for (name, tensor) in tensors {
      do {
        try writer.append(name + ".npy", NPY.encode(tensor), method: method)
      } catch var error as FormatError where error.places.isEmpty {
        error.places = [.member(name)]
        throw error
      }
    }
    return writer.finished()
  }

  /// Writes an npz file atomically.
  public static func write(
    _ tensors: NamedTensors, to path: String, method: ZipArchive.Method = .deflated
  ) throws {
    try AtomicFile.write(encode(tensors, method: method), to: path)
  }
}
