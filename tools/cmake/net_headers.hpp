// Precompiled for what talks over sockets or in JSON: one for all of them, for each such header
// costs as much as ten sources. Not CLI11: its constants cost whoever sees them four seconds.
#pragma once

// Boost 1.74's Asio needs it first under C++20.
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <nlohmann/json.hpp>

#include "tools/cmake/common_headers.hpp"
