#include "actors/catalog/catalog_projection.hpp"

#include <stdexcept>

namespace switchboard {
namespace {

constexpr std::string_view table = "catalog", row = "catalog";

}  // namespace

std::vector<std::string> catalog_projection::tables() const {
  return {std::string(table)};
}

void catalog_projection::fold(const store::placed_record& r, const store::state_view& before) {
  if (r.body.kind != store::entity_kind::catalog) return;
  if (!touched_) touched_ = read_catalog(before);
  if (!replay(*touched_, r.body.events)) {
    throw std::runtime_error("journal record " + std::to_string(r.at) +
                             " is no list of the catalog's events");
  }
}

void catalog_projection::flush(store::state_batch& batch) {
  if (touched_) batch.put(table, row, codec::pack(*touched_));
  touched_.reset();
}

catalog read_catalog(const store::state_view& view) {
  catalog c;
  if (auto packed = view.find(table, row)) {
    SB_INVARIANT(codec::unpack(*packed, c));
  }
  return c;
}

}  // namespace switchboard
