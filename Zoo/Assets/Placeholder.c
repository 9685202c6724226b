#include "AviaryZooAssets.h"
