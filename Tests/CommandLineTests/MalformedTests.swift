import Aviary
import AviaryTestSupport
import Foundation
import Testing

/// More than a hundred malformed inputs: each is one clear message and an exit status, nothing is written or changed.
@Suite(.withTool) struct MalformedTests {
  /// The arguments, the status, and a part of the message.
  static let commandLines: [(String, Int32, String)] = [
    ("trian fonts-mlp", 2, "unknown command 'trian'; did you mean 'train'? (train, "),
    ("--version fonts", 2, "'--version' takes no arguments"),
    ("--versoin", 2, "unknown command '--versoin'"),
    ("train", 2, "expected a recipe's name or file, or --resume and a run's folder"),
    ("train fonts-mlp fonts-cnn", 2, "expected one recipe, found fonts-mlp, fonts-cnn"),
    ("train fonts-mlp --resume run", 2, "expected a recipe's name or file, or --resume"),
    ("train --resume run --epochs 1", 1, "already used: stages.0.epochs: 2 → 1; restore them, or start a new run"),
    ("train fonts-mlp --accept-changed-data", 2, "--accept-changed-data requires --resume"),
    ("train --resume run --set seed=3", 2, "--set cannot be combined with --resume"),
    ("train --resume run --output other", 2, "--output cannot be combined with --resume"),
    ("train --resume run --seed 3", 2, "--seed cannot be combined with --resume"),
    ("train fonts-mlp --epoch 3", 2, "unknown option '--epoch'; did you mean '--epochs'?"),
    ("train fonts-mlp -e 3", 2, "unknown option '-e'"),
    ("train fonts-mlp --epochs", 2, "the option --epochs needs a value"),
    ("train fonts-mlp --epochs 0", 2, "--epochs: expected a whole number of at least 1, found '0'"),
    ("train fonts-mlp --epochs ten", 2, "--epochs: expected a whole number of at least 1, found 'ten'"),
    (
      "train fonts-mlp --epochs 99999999999999999999", 2,
      "--epochs: expected a whole number from 1 to 9223372036854775807"
    ),
    ("train fonts-mlp --epochs 1 --epochs 2", 2, "the option --epochs is given twice"),
    (
      "train fonts-mlp --seed 18446744073709551615", 2,
      "--seed: expected a whole number from 0 to 9223372036854775807, found '18446744073709551615'"
    ),
    ("train fonts-mlp --seed -1", 2, "--seed: expected a whole number of at least 0, found '-1'"),
    ("train fonts-mlp --threads 0", 2, "--threads: expected a whole number of at least 1, found '0'"),
    ("train fonts-mlp --json=yes", 2, "the option --json takes no value"),
    (
      "train fonts-mlp --set optimizer", 2, "--set: expected path=value, such as optimizer.name=adam, found 'optimizer'"
    ),
    ("train fonts-mlp --set =3", 2, "--set: expected path=value"),
    ("train fonts-mlp --set epochs.x=1", 1, "--set epochs.x=1: epochs: expected an object with 'x', found 30"),
    ("train fonts-mlp --set seed=1 --seed 2", 1, "'seed=1' and 'seed=2' contradict each other; use only one"),
    ("train fonts-mlp --set epochs=4 --epochs 3", 2, "--set epochs=4 and --epochs 3 contradict each other"),
    (
      "train fonts-mlp --set stages.train.epochs=4 --epochs 3", 1,
      "'stages.train.epochs=4' and '--epochs 3' contradict each other"
    ),
    ("train fonts-mlp --set data.file=a.npz --data b.npz", 1, "'data.file=a.npz' and '--data b.npz' contradict"),
    (
      "train fonts-mlp --set optimizer=sgd --set optimizer.name=adam", 1,
      "'optimizer=sgd' and 'optimizer.name=adam' contradict each other"
    ),
    ("train fonts-mlp --set transforms.4=scale", 1, "transforms: expected an index from 0 to 1, found 4"),
    ("train fonts-mlp --set optimizer.name=adma", 1, "optimizer: unknown optimizer 'adma'; did you mean 'adam'?"),
    ("train fonts-mlp --set stages.tarin.epochs=1", 1, "stages: unknown stage 'tarin'; did you mean 'train'?"),
    ("train fonts-mpl", 1, "unknown recipe 'fonts-mpl'; did you mean 'fonts-mlp'?"),
    ("train none.json", 1, "none.json: expected a file to read, found "),
    ("train run", 1, "unknown recipe 'run'"),
    ("train ./run", 1, "./run: "),
    ("train --resume none", 1, "none: not a run: it has no recipe.json"),
    (
      "train fonts-mlp --output run", 1,
      "run: it already holds a recipe.json; resume that run, or choose another folder"
    ),
    ("train fonts-mlp --output run/recipe.json", 1, "run/recipe.json: cannot create the run's folder"),
    ("train fonts-mlp --data none.npz", 1, "none.npz: no such file"),
    ("train fonts-mlp --data run", 1, "run: "),
    ("train mlp-xor --data run/recipe.json", 1, "the data set 'gates' is computed and reads no file"),
    ("train fonts-mlp --set model.units=[1000000000000]", 1, "does not fit into"),
    ("train fonts-mlp --set model.units=[9223372036854775807,3]", 1, "layer"),
    ("train mlp-xor --set model.units=[300000,300000,300000]", 1, "of memory"),
    ("train fonts-cnn --set model.blocks.0.filters=4000000000000", 1, "layer"),
    (
      "train fonts-cnn --set model.blocks.1.window=9223372036854775807", 1,
      "model.blocks.1.window: expected a whole number from 1 to 65536"
    ),
    ("train fonts-cnn --set model.blocks.1.pool=40", 1, "layer"),
    (
      "train two-class-logistic --set data.count=99999999999", 1, "data.count: expected a whole number in [1, 10000000]"
    ),
    ("train fonts-mlp --set transforms.0.factor=1e300", 1, "transforms"),
    ("train fonts-mlp --set split.test=1", 1, "split.test: expected"),
    ("train fonts-mlp --set objective.loss=mean-squared-error --set objective.los=x", 1, "objective.los: unknown key"),
    ("train fonts-mlp --set objective=perceptron-rule", 1, "use it with the model 'perceptron'"),
    ("evaluate", 2, "expected the folder of one run"),
    ("evaluate run run", 2, "expected the folder of one run"),
    ("evaluate none", 1, "none: not a run"),
    ("evaluate run --monte-carlo 20000", 2, "--monte-carlo: expected a whole number from 1 to 10000, found '20000'"),
    ("sample run --count 1000000000", 2, "--count: expected a whole number from 1 to 100000, found '1000000000'"),
    ("sample run --count 0", 2, "--count: expected a whole number from 1 to 100000, found '0'"),
    ("sample run", 1, "cannot draw samples; models that can: "),
    ("evaluate run --jsn", 2, "unknown option '--jsn'; did you mean '--json'?"),
    ("evaluate run --data run/recipe.json", 1, "the data set 'gates' is computed and reads no file"),
    ("data", 2, "give a command: data fetch NAME, or data list"),
    ("data fetsh mnist", 2, "unknown command 'data fetsh'; did you mean 'fetch'? (fetch, list)"),
    ("data fetch", 2, "name one data set to fetch"),
    ("data fetch mnist cifar10", 2, "name one data set to fetch"),
    ("data list mnist", 2, "'data list' takes no arguments"),
    ("data fetch mnist --too here", 2, "unknown option '--too'; did you mean '--to'?"),
    ("data fetch mnist --to=", 2, "--to: expected a non-empty value"),
    ("data fetch mnist --from file:///etc", 2, "--from: expected an address that begins with https:// or http://"),
    ("data fetch mnits", 1, "unknown data set 'mnits'; did you mean 'mnist'? 'aviary data list' shows"),
    ("data fetch fonts", 1, "fonts: nothing to fetch: this data set is embedded, computed, or read from your own file"),
    ("data fetch mnist --to run/recipe.json", 1, "run/recipe.json/mnist: cannot create the folder"),
    ("list optimizers layers", 2, "one kind at a time"),
    ("list optimisers", 1, "unknown kind 'optimisers'; did you mean 'optimizers'?"),
    ("list --tag generativ", 1, "unknown tag 'generativ'; did you mean 'generative'?"),
    ("list models --tag embedded", 1, "unknown tag 'embedded'; known: classical, classifier, clustering, generative"),
    ("list modles --tag generative", 1, "unknown kind 'modles'; did you mean 'models'?"),
    ("list recipes --tag generative", 2, "recipes have no tags, but their models do: list models --tag"),
    ("list optimizers --tag fast", 1, "unknown tag 'fast'; no entries of this kind have tags"),
    ("list --all", 2, "unknown option '--all'"),
    ("list runs run --tag x", 2, "runs have no tags"),
    ("list runs none", 1, "none: cannot read it as a folder of runs"),
    ("train mlp", 1, "'mlp' is a model, not a recipe; recipes with it: course-mlp, "),
    (
      "train cnn --data t.csv", 1,
      "recipes with it: course-cnn, fonts-cnn; for your own data: aviary new --model cnn --data t.csv"
    ),
    ("train digits", 1, "'digits' is a data set, not a recipe; recipes with it: digits-adaline, "),
    ("train t.csv", 1, "'t.csv' is a data file, not a recipe; write one for it: aviary new --data t.csv"),
    ("new", 2, "name your data file: --data FILE"),
    ("new t.csv", 2, "unexpected 't.csv'; name your data file: aviary new --data t.csv"),
    ("new --data none.csv", 1, "none.csv: no such file"),
    ("new --data none.csv --output x", 2, "--output: expected a name that ends in .json, found 'x'"),
    ("new --data none.csv --output run/recipe.json", 1, "run/recipe.json: the file already exists; choose another one"),
    ("new --data none.csv --model mpl", 1, "unknown model 'mpl'; did you mean 'mlp'?"),
    ("describe", 2, "expected one name"),
    ("describe adam sgd", 2, "expected one name"),
    ("describe adma", 1, "unknown name 'adma'; did you mean 'adam'? 'aviary list' shows all names"),
  ]

  /// Runs the tool in a folder with a finished run, and expects one message and no changes.
  private static func expect(
    _ arguments: [String], _ status: Int32, _ message: String, in folder: ScratchFolder, _ comment: String = ""
  ) throws {
    let before = try folder.contents()
    let outcome = try Tool.run(arguments, in: folder)
    let told = Comment(rawValue: "\(comment) \(arguments): \(outcome.errors)")
    #expect(outcome.status == status && !outcome.wasKilled, told)
    #expect(outcome.errors.hasPrefix("aviary: ") && outcome.errors.contains(message), told)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == (status == 2 ? 2 : 1) && lines.last?.hasPrefix("See ") == (status == 2), told)
    #expect(outcome.output.isEmpty, told)
    #expect(try folder.contents() == before, told)
  }

  /// A folder with a small finished run.
  private static func folderWithRun() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let arguments = ["train", "mlp-xor", "--epochs", "2", "--quiet", "--output", "run"]
    try #require(try Tool.run(arguments, in: folder).status == 0)
    return folder
  }

  @Test func commandLines() throws {
    let folder = try Self.folderWithRun()
    for (line, status, message) in Self.commandLines {
      try Self.expect(line.split(separator: " ").map(String.init), status, message, in: folder)
    }
  }

  static let recipes: [(String, String)] = [
    ("", "recipe.json:1:1"), ("{", "recipe.json:1:2"), ("[]", "expected an object, found an empty array"),
    ("\"fonts\"", "expected an object"), (#"{"version": 1,}"#, "recipe.json:1:"),
    (#"{"version": 01}"#, "recipe.json:1:"),
    (#"{"seed": 1, "seed": 2}"#, "recipe.json:1:"), (#"{"seed": NaN}"#, "recipe.json:1:"),
    (#"{"seed": 1e999}"#, "recipe.json"), ("{'seed': 1}", "recipe.json:1:"), ("{\"name\": \"a\nb\"}", "recipe.json:1:"),
    (#"{"name": "\ud800"}"#, "recipe.json:1:"), ("// no comment\n{}", "recipe.json:1:"),
    (String(repeating: "[", count: 100_000), "recipe.json:1:"), ("{}x", "recipe.json:1:"),
    ("{}", "recipe.json: data: missing"), (#"{"data": "gates"}"#, "recipe.json: model: missing"),
    (#"{"data": "gates", "model": 3}"#, "recipe.json: model: expected a name"),
    (#"{"data": {"gate": "or"}, "model": "mlp"}"#, "recipe.json: data"),
    (#"{"data": "gates", "model": "mlp", "name": "../../up"}"#, "recipe.json: name: expected a name"),
    (#"{"data": "gates", "model": "network"}"#, "recipe.json: model.layers: missing"),
    (
      #"{"data": "gates", "model": {"name": "network", "layers": ["dense"]}}"#,
      "recipe.json: model.layers.0.units: missing"
    ),
    (
      #"{"data": "gates", "split": "same", "model": {"name": "network", "layers": [{"name": "conv2d", "filters": 1, "window": 3}]}}"#,
      "layer"
    ),
    (#"{"data": "npz", "model": "mlp"}"#, "no file given"),
    (#"{"data": "csv", "model": "mlp"}"#, "no file given"),
    (
      #"{"data": "gates", "split": "none", "model": "mlp", "stopping": "early-stopping"}"#,
      "'validation.loss', which is not measured"
    ),
  ]

  @Test func recipes() throws {
    let folder = try ScratchFolder()
    for (text, message) in Self.recipes {
      try folder.write(Array(text.utf8), to: "recipe.json")
      try Self.expect(["train", "recipe.json"], 1, message, in: folder, String(text.prefix(100)))
    }
    try folder.write([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], to: "recipe.json")
    try Self.expect(["train", "recipe.json"], 1, "recipe.json:1:", in: folder, "no UTF-8")
  }

  static let tables: [(String, String)] = [
    ("", "table.csv"), ("a,b,c\n", "table.csv: the table has no data rows"), ("1,2,0\n3,4\n", "table.csv"),
    ("1,2,0\n3,x,1\n", "table.csv"), ("1,2,0\n3,nan,1\n", "line 2, column 2: expected a number"),
    ("1,2,0\n3,inf,1\n", "row 1"),
    ("1,2,0\n3,,1\n", "table.csv"),
    ("1,\"2,0\n3,4,1\n", "table.csv"), ("0\n1\n", "table.csv"),
    ("1,2,0\n\u{0}\u{1}\u{2}\n", "table.csv"), ("1,2,0\n", "table.csv"), ("1e999,2,0\n3,4,1\n", "row 0"),
  ]

  @Test func tables() throws {
    let folder = try ScratchFolder()
    let recipe = #"{"data": {"name": "csv", "file": "table.csv"}, "model": "mlp"}"#
    try folder.write(Array(recipe.utf8), to: "recipe.json")
    for (text, message) in Self.tables {
      try folder.write(Array(text.utf8), to: "table.csv")
      try Self.expect(["train", "recipe.json"], 1, message, in: folder, text)
    }
    try folder.write(Array("1,2,0\n3,4,1\n5,6,0\n7,8,1\n".utf8), to: "table.csv")
    try Self.expect(
      ["train", "recipe.json", "--set", "data.target=clas"], 1, "table.csv", in: folder, "no such column")
    try Self.expect(["train", "recipe.json", "--set", "data.target=9"], 1, "table.csv", in: folder, "no such column")
  }

  @Test func arrays() throws {
    let folder = try ScratchFolder()
    func expect(_ bytes: [UInt8], _ message: String, _ comment: String) throws {
      try folder.write(bytes, to: "data.npz")
      try Self.expect(["train", "fonts-mlp", "--data", "data.npz"], 1, message, in: folder, comment)
    }
    func arrays(_ images: Tensor, _ labels: Tensor) throws -> [UInt8] { try NPZ.encode(["x": images, "y": labels]) }
    let images = Tensor.ones([20, 6, 6])
    let labels = Tensor((0..<20).map { $0 % 2 }, shape: [20])
    let good = try arrays(images, labels)
    for share in 0..<12 { try expect(Array(good.prefix(share * good.count / 12)), "data.npz: ", "cut to \(share)/12") }
    try expect(Array("PK\u{3}\u{4} no archive, but it begins as one".utf8), "data.npz: ", "no archive")
    for place in [60, good.count / 2, good.count - 30] {
      var damaged = good
      damaged[place] ^= 0x55
      try expect(damaged, "data.npz", "byte \(place)")
    }
    // A member that announces 8 TB.
    var huge = try NPZ.encode(["x": images, "y": labels], method: .stored)
    let shape = Array("(20, 6, 6)".utf8)
    let start = try #require(huge.indices.first { huge[$0...].starts(with: shape) })
    huge.replaceSubrange(start..<(start + shape.count), with: Array("(9999999,)".utf8))
    try expect(huge, "data.npz", "another shape than the data's")
    let nan = Tensor((0..<720).map { $0 == 3 * 36 + 13 ? Float.nan : 1 }, shape: [20, 6, 6])
    try expect(arrays(nan, labels), "input of row 3", "NaN")
    try expect(arrays(images, labels[0..<19]), "expected a target for each of the 20 rows", "19 labels")
    let counts = Tensor((0..<21).map { $0 * 1000 }, shape: [21])
    try expect(
      arrays(Tensor.ones([21, 6, 6]), counts), "expected classes, found 21 distinct numbers", "a class a row")
    try expect(arrays(images, Tensor(repeating: .nan, shape: [20])), "data.npz", "labels of NaN")
    try expect(arrays(Tensor.ones([20, 36]), labels), "expected images [n, height, width]", "rows for images")
    try expect(arrays(Tensor.ones([0, 6, 6]), Tensor.zeros([0], dtype: .int64)), "no rows", "nothing")
    try expect(arrays(Tensor.ones([20, 0, 6]), labels), "data.npz", "images without pixels")
    try expect(
      arrays(images, Tensor.zeros([20], dtype: .int64).reshaped(to: [20, 1, 1])), "data.npz", "labels of rank 3")
    try expect(NPZ.encode(["x": images]), "labels", "no labels")
    try expect(arrays(images[0..<1], labels[0..<1]), "1 rows are too few", "a single image")
  }

  /// Damaged files of a run are reported, and the run stays unchanged.
  @Test func runs() throws {
    let folder = try Self.folderWithRun()
    let checkpoint = try folder.bytes("run/checkpoint.safetensors")
    let recipe = try folder.bytes("run/recipe.json")
    func expect(_ name: String, _ bytes: [UInt8], _ message: String, _ comment: String) throws {
      try folder.write(bytes, to: "run/\(name)")
      for arguments in [["train", "--resume", "run"], ["evaluate", "run"]] {
        try Self.expect(arguments, 1, message, in: folder, comment)
      }
    }
    for share in 0..<10 {
      let cut = Array(checkpoint.prefix(share * checkpoint.count / 10))
      try expect("checkpoint.safetensors", cut, "run/checkpoint.safetensors: ", "cut to \(share)/10")
    }
    var long = checkpoint
    long.append(0)
    try expect("checkpoint.safetensors", long, "run/checkpoint.safetensors: ", "a byte too much")
    var length = checkpoint
    length.replaceSubrange(0..<8, with: [255, 255, 255, 255, 255, 255, 255, 127])
    try expect("checkpoint.safetensors", length, "run/checkpoint.safetensors: ", "an absurd header")
    try expect("checkpoint.safetensors", folder.bytes("run/weights.safetensors"), "not a checkpoint", "weights")
    try expect("checkpoint.safetensors", Array("{}".utf8), "run/checkpoint.safetensors: ", "JSON")
    try folder.write(checkpoint, to: "run/checkpoint.safetensors")
    try expect("recipe.json", Array(recipe.prefix(recipe.count / 2)), "run/recipe.json:", "half a recipe")
    let other = String(decoding: recipe, as: UTF8.self).replacing("\"units\": [4]", with: "\"units\": [5]")
    let wider = other.replacing("\n        4\n", with: "\n        5\n").replacing("\n      4\n", with: "\n      5\n")
    try expect("recipe.json", Array(wider.utf8), "already used: model.units.0: 4 → 5; restore them", "another recipe")
    try FileManager.default.removeItem(atPath: folder["run/checkpoint.safetensors"])
    try expect("recipe.json", recipe, "it has no checkpoint.safetensors", "no checkpoint")
  }
}
