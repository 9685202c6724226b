#pragma once

// The hot loops of Aviary, one header per family. All of it is plain C: sizes are `intptr_t`, matrices are row-major.

#include "AviaryAttention.h"
#include "AviaryCaches.h"
#include "AviaryConvolution.h"
#include "AviaryElementwise.h"
#include "AviaryGemm.h"
#include "AviaryIndexing.h"
#include "AviaryLinearAlgebra.h"
#include "AviaryLoss.h"
#include "AviaryMemory.h"
#include "AviaryProgram.h"
#include "AviaryRandom.h"
#include "AviaryRecurrence.h"
#include "AviaryReduction.h"
#include "AviaryThreads.h"
#include "AviaryTypes.h"
