#include <algorithm>

#include "adapters/center/embedded_rooms.hpp"
#include "adapters/center/member_choice.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard::center {
namespace {

/// People who share a family's telephone are few; more than this is a default number nobody should
/// be found by.
constexpr std::size_t most_sharing = 16;

std::vector<std::string> sharing(const store::lmdb_txn& txn, const kind_tables& tables,
                                 member_key by, const std::string& value) {
  std::vector<std::string> ids;
  if (value.empty()) return ids;
  scan_prefix(txn, tables.index, member_prefix(by, value), [&](std::string_view id, auto) {
    ids.emplace_back(id);
    return ids.size() < most_sharing;
  });
  return ids;
}

/// What each key finds, strongest first; keys that find nobody are left out.
std::vector<key_finding> findings_of(const store::lmdb_txn& txn, const kind_tables& tables,
                                     const member_keys& keys) {
  std::vector<key_finding> all;
  if (!keys.member_id.empty() && txn.get(tables.records, keys.member_id)) {
    all.push_back({member_key::member_id, {keys.member_id}});
  }
  for (auto& found : {key_finding{member_key::union_id,
                                  sharing(txn, tables, member_key::union_id, keys.union_id)},
                      key_finding{member_key::phone,
                                  sharing(txn, tables, member_key::phone, phone_form(keys.phone))},
                      key_finding{member_key::email, sharing(txn, tables, member_key::email,
                                                             email_form(keys.email))}}) {
    if (!found.ids.empty()) all.push_back(found);
  }
  return all;
}

}  // namespace

result<member_lookup> embedded_members::find(const member_keys& keys) const {
  return readable([&]() -> result<member_lookup> {
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    const auto& tables = store_.of(center_kind::member);
    auto all = findings_of(*txn, tables, keys);
    auto chosen = choose_member(all, !keys.member_id.empty());
    member_lookup out;
    out.conflicts = std::move(chosen.conflicts);
    if (chosen.id.empty()) return out;
    auto bytes = txn->get(tables.records, chosen.id);
    out.member = bytes ? member_of(*bytes) : std::nullopt;
    if (!out.member) return damaged("member", chosen.id);
    out.by = chosen.by;
    return out;
  });
}

result<std::vector<std::string>> embedded_tags::at(const std::string& key) const {
  return readable([&]() -> result<std::vector<std::string>> {
    auto txn = store_.env->begin_read();
    if (!txn) return tl::unexpected(txn.error());
    auto bytes = txn->get(store_.of(center_kind::tag).records, key);
    if (!bytes) return std::vector<std::string>();
    auto tags = tags_of(*bytes);
    if (!tags) return damaged("tags of", key);
    return std::move(*tags);
  });
}

result<std::vector<std::string>> embedded_tags::of_member(std::string_view member_id) const {
  return at(tag_key_of_member(member_id));
}

result<std::vector<std::string>> embedded_tags::of_identity(std::string_view channel,
                                                            std::string_view customer_id) const {
  return at(tag_key_of_identity(channel, customer_id));
}

}  // namespace switchboard::center
