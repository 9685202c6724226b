import AviaryCore

extension Shape {
  /// The channels of images [height, width, channels]. Throws ``LayerError`` for another shape.
  func imageChannels(at path: String) throws -> Int {
    if rank == 3 { return self[2] }
    throw LayerError(
      path: path, "it takes images [height, width, channels], not \(self); put a 'reshape' layer before it")
  }

  /// The channels of sequences [steps, channels]. Throws ``LayerError`` for another shape.
  func sequenceChannels(at path: String) throws -> Int {
    if rank == 2 { return self[1] }
    throw LayerError(
      path: path, "it takes sequences [steps, channels], not \(self); put a 'reshape' layer before it")
  }
}
