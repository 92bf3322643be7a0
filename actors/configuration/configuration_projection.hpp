#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/configuration/config_version.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Folds the configuration's records into table `configuration`: the record under "r", every
/// version under "v" and the complement of its number, so that the newest comes first, the version
/// of each text under "t" and the text's number, every stored account under "a" and its id.
class configuration_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  std::optional<configuration_record> record_;
  struct counted_version {
    config_version version;
    std::uint64_t text_number = 0;  // 0: it has no text of its own
  };
  void forget_text(store::state_batch& batch, std::uint64_t number) const;

  std::vector<counted_version> versions_;
  config::account_index accounts_;
};

namespace configuration_table {

std::optional<configuration_record> find_record(const store::state_view& view);
/// With its text, whichever version's that is.
std::optional<config_version> find_version(const store::state_view& view, int version);
config::account_index accounts(const store::state_view& view);
/// The newest first, from `from` down (0: from the newest), at most `limit`.
std::vector<config_version> history(const store::state_view& view, int from, std::size_t limit);

}  // namespace configuration_table

}  // namespace switchboard
