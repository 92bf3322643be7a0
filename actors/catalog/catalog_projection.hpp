#pragma once

#include <optional>

#include "actors/catalog/catalog.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Folds the catalog's records into table `catalog`: one row.
class catalog_projection final : public store::projection {
 public:
  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  std::optional<catalog> touched_;
};

catalog read_catalog(const store::state_view& view);

}  // namespace switchboard
