#include "actors/configuration/configuration_projection.hpp"

#include <limits>
#include <stdexcept>

#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard {
namespace {

constexpr std::string_view table = "configuration";
constexpr std::string_view record_key = "r";

constexpr std::string_view account_prefix = "a";

std::string text_key(std::uint64_t number) {
  return "t" + projecting::big_endian(number);
}

std::string version_key(int version) {
  return "v" + projecting::big_endian(std::numeric_limits<std::uint64_t>::max() -
                                      static_cast<std::uint64_t>(version));
}

/// A version as it lies there.
std::optional<config_version> row_of(const store::state_view& view, int version) {
  if (version <= 0) return {};
  const auto packed = view.find(table, version_key(version));
  config_version v;
  if (!packed || !codec::unpack(*packed, v)) return {};
  return v;
}

void fill_text(const store::state_view& view, config_version& v) {
  if (v.same_text_as == 0 || !v.text.empty()) return;
  if (auto from = row_of(view, v.same_text_as)) v.text = std::move(from->text);
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
    fold_into(*record_, e, r.body.at);
    if (auto* v = std::get_if<config_version>(&e)) {
      const bool own = v->same_text_as == 0;
      versions_.push_back({std::move(*v), own ? record_->texts : 0});
    } else if (auto* a = std::get_if<config::stored_account>(&e)) {
      accounts_.insert_or_assign(a->id, std::move(*a));
    }
  });
  if (!whole)
    throw std::runtime_error("journal record " + std::to_string(r.at) + " is no configuration");
}

void configuration_projection::flush(store::state_batch& batch) {
  if (record_) batch.put(table, record_key, codec::pack(*record_));
  record_.reset();
  for (auto& [v, number] : versions_) {
    batch.put(table, version_key(v.version), codec::pack(v));
    if (number == 0) continue;
    batch.put(table, text_key(number), codec::pack(v.version));
    if (number > kept_texts) forget_text(batch, number - kept_texts);
  }
  versions_.clear();
  for (auto& [id, a] : accounts_)
    batch.put(table, std::string(account_prefix) + id, codec::pack(a));
  accounts_.clear();
}

/// Who, when and why stay for ever; the text of what nobody goes back to does not.
void configuration_projection::forget_text(store::state_batch& batch, std::uint64_t number) const {
  auto version = static_cast<int>(number);  // as it was while every version had a text
  if (const auto packed = batch.find(table, text_key(number))) codec::unpack(*packed, version);
  auto old = row_of(batch, version);
  if (!old || old->text.empty()) return;
  old->text.clear();
  batch.put(table, version_key(version), codec::pack(*old));
}

namespace configuration_table {

std::optional<configuration_record> find_record(const store::state_view& view) {
  const auto packed = view.find(table, record_key);
  configuration_record r;
  if (packed && codec::unpack(*packed, r)) return r;
  // Damaged, and left out: the versions say which is the newest, and it had no more texts than
  // those.
  const auto newest = history(view, 0, 1);
  if (newest.empty()) return {};
  r.latest = newest.front().version;
  r.texts = static_cast<std::uint64_t>(r.latest);
  return r;
}

std::optional<config_version> find_version(const store::state_view& view, int version) {
  auto v = row_of(view, version);
  if (v) fill_text(view, *v);
  return v;
}

config::account_index accounts(const store::state_view& view) {
  config::account_index out;
  view.scan(table, account_prefix, [&](std::string_view key, std::string_view packed) {
    if (!key.starts_with(account_prefix)) return false;
    config::stored_account a;
    if (codec::unpack(packed, a)) out.insert_or_assign(a.id, std::move(a));
    return true;
  });
  return out;
}

std::vector<config_version> history(const store::state_view& view, int from, std::size_t limit) {
  std::vector<config_version> out;
  const auto first = from > 0 ? version_key(from) : version_key(std::numeric_limits<int>::max());
  view.scan(table, first, [&](std::string_view key, std::string_view packed) {
    config_version v;
    if (!key.starts_with("v") || out.size() >= limit) return false;
    if (codec::unpack(packed, v)) {
      fill_text(view, v);
      out.push_back(std::move(v));
    }
    return out.size() < limit;
  });
  return out;
}

}  // namespace configuration_table

}  // namespace switchboard
