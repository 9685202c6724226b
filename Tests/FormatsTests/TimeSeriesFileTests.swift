import AviaryFormats
import Testing

@Suite struct TimeSeriesFileTests {
  private func file(_ text: String) throws -> TimeSeriesFile {
    try TimeSeriesFile.decode(Array(text.utf8), source: "x.ts")
  }

  @Test func channelsLabelsAndGaps() throws {
    let found = try file(
      "\u{FEFF}# a comment\r\n@problemName Größe der Dinge\r\n@timeStamps false\r\n@classLabel true up down\r\n@data\r\n"
        + "1, 2.5 ,-3e1:4,?,NaN:up\r\n\r\n5:6:down\r\n")
    #expect(found.name == "Größe der Dinge")
    #expect(found.classNames == ["up", "down"])
    #expect(found.series.map(\.count) == [3, 1])
    #expect(found.series.map(\.label) == ["up", "down"])
    #expect(found.series[0].channels[0] == [1, 2.5, -30])
    #expect(found.series[0].channels[1].map(\.isNaN) == [false, true, true])
  }

  @Test func gzipAndNumbersToPredict() throws {
    let text = "@targetLabel true\n@data\n1,2:3.5\n3,4:-1"
    let found = try TimeSeriesFile.decode(Gzip.encode(Array(text.utf8)))
    #expect(found.hasValues && found.series.map(\.label) == ["3.5", "-1"])
    #expect(try file("@data\n1,2\n").series[0].label == nil)
  }

  @Test(arguments: [
    ("1,2\n", "line 1", "a property"), ("@classLabel true\n@data\n1,2\n", "line 3", "class at the end"),
    ("@classLabel true a b\n@data\n1,2:c\n", "line 3", "a class of a, b"),
    ("@classLabel perhaps\n@data\n", "line 1", "true or false"), ("@data\n1,2:3\n", "line 2", "equal length"),
    ("@data\n1,x\n", "line 2", "a number"), ("@data\n1:2\n3\n", "line 3", "2 channels"),
    ("@timestamps true\n@data\n", "line 1", "@timestamps false"), ("# nothing\n", "x.ts", "@data"),
    ("@data\n", "x.ts", "series after @data"),
  ])
  func mistakesHaveTheirLine(_ text: String, _ place: String, _ expected: String) throws {
    let error = #expect(throws: FormatError.self) { try file(text) }
    let message = error?.description ?? ""
    #expect(message.contains(place) && message.contains(expected), "\(message)")
  }
}
