/// What a file is by its first bytes, for an error that says more than what a reader misses in it.
enum FileKind {
  case zip, npy, gzip, text, other

  init(of bytes: [UInt8]) {
    func begins(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
    if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
      self = .zip
    } else if begins([0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if begins([0x1F, 0x8B]) {
      self = .gzip
    } else {
      // A character of several bytes may be cut in the middle, but tables have line ends.
      let start = bytes.prefix(4096)
      let line = start.prefix { $0 != 0x0A && $0 != 0x0D }
      let isText = !start.isEmpty && !start.contains { $0 < 0x09 } && String(validating: line, as: UTF8.self) != nil
      self = isText ? .text : .other
    }
  }
}

extension DataError {
  /// The error of a reader of npz archives that was given another file; nil where the file may be one. A run is measured with
  /// files of the kind that it was trained on.
  static func noArchive(_ path: String, _ bytes: [UInt8], isMeasured: Bool) -> DataError? {
    switch FileKind(of: bytes) {
    case .text where isMeasured:
      DataError(
        path, "expected an npz archive, as the run was trained on, found a text; save its numbers by numpy.savez")
    case .text:
      DataError(
        path,
        "expected an npz archive, found a text; a CSV table is read by the data set 'csv': --set data=csv --data \(path)"
      )
    case .npy:
      DataError(path, "expected an npz archive, found a single npy array; pack inputs and targets by numpy.savez")
    case .gzip: DataError(path, "expected an npz archive, found a file in gzip; unpack it first")
    case .zip, .other: nil
    }
  }

  /// The error of a reader of CSV tables that was given another file; nil where the file may be one.
  static func noTable(_ path: String, _ bytes: [UInt8], isMeasured: Bool) -> DataError? {
    switch FileKind(of: bytes) {
    case .zip where isMeasured:
      DataError(
        path,
        "expected a CSV table, as the run was trained on, found a zip archive; save its arrays, or the spreadsheet, as CSV"
      )
    case .zip:
      DataError(
        path,
        "expected a CSV table, found a zip archive; an npz archive is read by the data set 'npz' (--set data=npz --data "
          + "\(path)), and a spreadsheet has to be saved as CSV first")
    case .npy: DataError(path, "expected a CSV table, found an npy array; pack it by numpy.savez and set data to npz")
    case .gzip: DataError(path, "expected a CSV table, found a file in gzip; unpack it first")
    case .other:
      // One in UTF-16 is told so by the table itself.
      bytes.prefix(4096).contains(0) && !bytes.starts(with: [0xFF, 0xFE]) && !bytes.starts(with: [0xFE, 0xFF])
        ? DataError(path, "expected a CSV table, found a file that is no text; check the path") : nil
    case .text: nil
    }
  }
}
