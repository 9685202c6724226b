import Aviary
import AviaryCommandLine

AviaryCommand.main(in: .standard)
