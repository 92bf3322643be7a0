#include "runtime/store/store_verify.hpp"
#include "tools/switchboardctl/offline_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {

outcome verify_store(const std::string& dir) {
  auto found = store::verify_store(dir);
  if (!found) return tl::unexpected(failure_of(found.error()));
  report out;
  out.data = {{"store_id", found->id},     {"first", found->first},
              {"last", found->last},       {"projected", found->projected},
              {"records", found->records}, {"values", found->values}};
  out.text = dir + " is whole: " + terminal::count_text(static_cast<long long>(found->records)) +
             " records, " + terminal::count_text(static_cast<long long>(found->values)) +
             " values\n";
  return out;
}

}  // namespace switchboard::ctl
