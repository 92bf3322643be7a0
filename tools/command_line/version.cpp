#include "tools/command_line/version.hpp"

namespace switchboard {

std::string_view version() {
  return SWITCHBOARD_VERSION;
}

}  // namespace switchboard
