#include "actors/read_model/projection/state_layouts.hpp"

namespace switchboard::projecting {

store::layout_steps layout_steps() {
  return {
      {4, "every value gets a checksum", {}},
  };
}

}  // namespace switchboard::projecting
