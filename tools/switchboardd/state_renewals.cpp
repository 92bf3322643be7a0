#include "tools/switchboardd/state_renewals.hpp"

#include <memory>

#include "actors/read_model/projection/contact_index.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/log/log.hpp"
#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

/// Contacts of customers under today's folding.
class contact_renewal {
 public:
  bool step(store::state_batch& batch) {
    if (!begun_) begin(batch);
    auto done = projecting::renew_contacts(batch);
    customers_ += done.records;
    unreadable_ += done.unreadable;
    // A new store has nothing to tell of.
    if (of_ > 0) {
      log::info(done.more ? "contacts_being_indexed" : "contacts_indexed",
                {{"customers", customers_}, {"of", of_}});
    }
    if (!done.more && unreadable_ > 0)
      log::error("customers_unreadable", {{"customers", unreadable_}});
    return done.more;
  }

 private:
  void begin(const store::state_view& view) {
    begun_ = true;
    view.scan(projecting::table::customers, {}, [this](auto, auto) { return ++of_, true; });
    const auto name = folding();
    if (of_ > 0)
      log::info("contacts_folded_anew", {{"customers", of_}, {"folding", log::technical{name}}});
  }

  bool begun_ = false;
  std::uint64_t of_ = 0, customers_ = 0, unreadable_ = 0;
};

}  // namespace

std::vector<store::state_renewal> state_renewals() {
  auto contacts = std::make_shared<contact_renewal>();
  return {{projecting::contacts_are_outdated,
           [contacts](store::state_batch& b) { return contacts->step(b); }}};
}

}  // namespace switchboard
