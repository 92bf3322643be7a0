#include "adapters/channel/gateway/endpoints.hpp"

#include <array>

namespace switchboard::endpoints {
namespace {

constexpr std::array table{
#define SB_ENDPOINT(family, verb, who, does, leaves) &family##_##verb,
    SWITCHBOARD_METHODS(SB_ENDPOINT)
#undef SB_ENDPOINT
};

}  // namespace

std::span<const endpoint* const> all() {
  return table;
}

}  // namespace switchboard::endpoints
