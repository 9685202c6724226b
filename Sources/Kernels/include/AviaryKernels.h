#pragma once

// The hot loops of Aviary, one header a family. All of it is plain C: sizes are `intptr_t`, matrices are row-major.

#include "AviaryConvolution.h"
#include "AviaryGemm.h"
#include "AviaryMemory.h"
#include "AviaryThreads.h"
#include "AviaryTypes.h"

#if __has_include("AviaryElementwise.h")
#include "AviaryElementwise.h"
#endif
#if __has_include("AviaryReduction.h")
#include "AviaryReduction.h"
#endif
#if __has_include("AviaryRandom.h")
#include "AviaryRandom.h"
#endif
#if __has_include("AviaryIndexing.h")
#include "AviaryIndexing.h"
#endif
#if __has_include("AviaryLinearAlgebra.h")
#include "AviaryLinearAlgebra.h"
#endif
#if __has_include("AviaryProgram.h")
#include "AviaryProgram.h"
#endif
#if __has_include("AviaryLoss.h")
#include "AviaryLoss.h"
#endif
