import Aviary
import AviaryCommandLine

print("AviaryCommandLine", AviaryCommand.run(["list", "models"], in: .standard))
