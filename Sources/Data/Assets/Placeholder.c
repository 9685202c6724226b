#include "AviaryDataAssets.h"
