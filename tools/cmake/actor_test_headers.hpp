// Precompiled for tests of actors.
#pragma once

#include <gtest/gtest.h>

#include "actors/messages/actor_headers.hpp"
#include "tools/cmake/common_headers.hpp"
