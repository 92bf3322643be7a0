#include "actors/configuration/configuration_projection.hpp"

#include <limits>
#include <stdexcept>

#include "actors/projection/state_keys.hpp"

namespace switchboard {
namespace {

constexpr std::string_view table = "configuration";
constexpr std::string_view record_key = "r";

std::string version_key(int version) {
  return "v" + projecting::big_endian(std::numeric_limits<std::uint64_t>::max() -
                                      static_cast<std::uint64_t>(version));
}

}  // namespace

std::vector<std::string> configuration_projection::tables() const {
  return {std::string(table)};
}

void configuration_projection::fold(const store::placed_record& r,
                                    const store::state_view& before) {
  if (r.body.kind != store::entity_kind::rules || r.body.key != configuration_key) return;
  if (!record_) record_ = configuration_table::find_record(before).value_or(configuration_record{});
  const bool whole = for_each_event(r.body.events, [&](configuration_event&& e) {
    fold_into(*record_, e);
    if (auto* v = std::get_if<config_version>(&e)) versions_.push_back(std::move(*v));
  });
  if (!whole)
    throw std::runtime_error("journal record " + std::to_string(r.at) + " is no configuration");
}

void configuration_projection::flush(store::state_batch& batch) {
  if (record_) batch.put(table, record_key, codec::pack(*record_));
  record_.reset();
  for (auto& v : versions_) {
    batch.put(table, version_key(v.version), codec::pack(v));
    // Who, when and why stay for ever; the text of what nobody goes back to does not.
    if (auto old = configuration_table::find_version(batch, v.version - kept_texts);
        old && !old->text.empty()) {
      old->text.clear();
      batch.put(table, version_key(old->version), codec::pack(*old));
    }
  }
  versions_.clear();
}

namespace configuration_table {

std::optional<configuration_record> find_record(const store::state_view& view) {
  const auto packed = view.find(table, record_key);
  configuration_record r;
  if (!packed || !codec::unpack(*packed, r)) return {};
  return r;
}

std::optional<config_version> find_version(const store::state_view& view, int version) {
  if (version <= 0) return {};
  const auto packed = view.find(table, version_key(version));
  config_version v;
  if (!packed || !codec::unpack(*packed, v)) return {};
  return v;
}

std::vector<config_version> history(const store::state_view& view, int from, std::size_t limit) {
  std::vector<config_version> out;
  const auto first = from > 0 ? version_key(from) : version_key(std::numeric_limits<int>::max());
  view.scan(table, first, [&](std::string_view key, std::string_view packed) {
    config_version v;
    if (!key.starts_with("v") || out.size() >= limit) return false;
    if (codec::unpack(packed, v)) out.push_back(std::move(v));
    return out.size() < limit;
  });
  return out;
}

}  // namespace configuration_table

}  // namespace switchboard
