#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/read_model/projection/contact_index.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Folds the records of persons into tables `customers`, `contacts` (telephone, mail address, union
/// id, name and tag to persons), `callers` (identities to persons), `leads`, `changes` and
/// `blocked`. An erased person leaves nothing in any of them. Table `folding` tells how far the
/// contacts have been made anew (contact_index.hpp).
class customer_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  struct touched {
    customer_record record;
    std::vector<projecting::contact_place> contacts_before;
    bool blocked_before = false;
    /// Erased in this batch, and the leads it had.
    bool erased = false;
    std::vector<std::string> leads_gone;
    /// Erased, and once merged with this one: their merges leave its history.
    std::vector<person_id> forgotten;
    std::vector<std::pair<std::string, std::string>> changes;
  };
  touched& load(const std::string& id, const store::state_view& before);
  void write_records(store::state_batch& batch);
  void write_contacts(store::state_batch& batch) const;
  void write_changes(store::state_batch& batch) const;

  std::map<std::string, touched> touched_;
};

}  // namespace switchboard
