#include "AviaryKernels.h"
