#include "actors/read_model/recovery/block_loading.hpp"

#include <vector>

#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard::recovery {

void load_blocks(const store::state_view& view, block_list& into) {
  std::vector<person_id> blocked;
  view.scan(projecting::table::blocked, {}, [&](std::string_view, std::string_view id) {
    blocked.emplace_back(std::string(id));
    return true;
  });
  for (auto& person : blocked) into.note(projecting::read_customer(view, person));
}

}  // namespace switchboard::recovery
