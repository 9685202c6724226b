import AviaryCore
import AviaryFormats

/// A checksum over everything in a checkpoint, for the format itself has none: a bit that flipped on a disk must not go on
/// training.
package enum CheckpointSeal {
  private static let key = "checksum"

  /// The file with a checksum of its tensors and remarks.
  package static func sealed(_ file: Safetensors) -> Safetensors {
    var file = file
    file.metadata[key] = checksum(of: file)
    return file
  }

  /// Whether the file is as it was sealed.
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
