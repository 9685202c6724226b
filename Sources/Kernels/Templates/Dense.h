// All dense kernels in one precision; include after Real32.h or Real64.h.
#include "Transpose.h"

#include "Gemm/Tile.h"

#include "Gemm/Dot.h"
#include "Gemm/Epilogue.h"
#include "Gemm/Pack.h"

#include "Gemm/Plan.h"

#include "Gemm/Product.h"

#include "Gemm/Thin.h"

#include "Gemm/Gemm.h"

#include "ActivationBackward.h"

#include "Convolution/Plan.h"

#include "Convolution/Direct.h"
#include "Convolution/Interleave.h"

#include "Convolution/Planar.h"

#include "Convolution/Scatter.h"

#include "Convolution/Filter.h"

#include "Convolution/Convolution.h"
#include "Convolution/Depthwise.h"

#include "Pooling/MaxPool.h"

#include "Pooling/AveragePool.h"
