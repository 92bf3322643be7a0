// Precompiled for tests that know no actor.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tools/cmake/common_headers.hpp"
