import AviaryCore
import AviaryFormats

/// A checksum over everything in a checkpoint, which the format itself lacks: a flipped bit on disk must not enter a
/// training.
package enum CheckpointSeal {
  private static let key = "checksum"

  /// The file with a checksum of its tensors and metadata.
  package static func sealed(_ file: Safetensors) -> Safetensors {
    var file = file
    file.metadata[key] = checksum(of: file)
    return file
  }

  /// Whether the file matches its checksum.
  static func isIntact(_ file: Safetensors) -> Bool { file.metadata[key] == checksum(of: file) }

  private static func checksum(of file: Safetensors) -> String {
    let remarks = file.metadata.filter { $0.key != key }.sorted { $0.key < $1.key }
    let tensors = file.tensors.sorted { $0.name < $1.name }
    let lines =
      remarks.map { "\($0.key) \($0.value)" }
      + tensors.map { "\($0.name) \($0.tensor.spec) \($0.tensor.withBytes { Checksum.crc32($0) })" }
    return "\(Checksum.crc32(Array(lines.joined(separator: "\n").utf8)))"
  }
}
