#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/agent/agent_state.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Folds the records of agents into table `agents`: id -> packed agent_record.
class agent_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  std::map<std::string, agent_record> touched_;
};

}  // namespace switchboard
