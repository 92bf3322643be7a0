#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Folds the records of persons into tables `customers`, `contacts` (telephone, mail address and
/// union id to persons) and `leads`.
class customer_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  struct touched {
    customer_record record;
    std::vector<std::string> contacts_before;
  };
  std::map<std::string, touched> touched_;
};

}  // namespace switchboard
