#include "actors/read_model/projection/contact_index.hpp"

#include <algorithm>

#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/text/rebuild_mark.hpp"

namespace switchboard::projecting {
namespace {

/// One transaction changes a few ten thousand rows at most: LMDB must not spill its pages.
constexpr std::size_t rows_taken_out = 20'000, records_put_in = 5'000;

constexpr contact_kind folded_kinds[] = {contact_kind::phone, contact_kind::email,
                                         contact_kind::name};

rebuild_mark mark_of(const store::state_view& view) {
  return rebuild_mark(view.find(table::folding, table::contacts).value_or(std::string()));
}

std::size_t take_out(store::state_batch& batch) {
  std::vector<std::string> keys;
  for (auto kind : folded_kinds) {
    const auto start = contact_start(kind, {});
    if (keys.size() == rows_taken_out) break;
    batch.scan(table::contacts, start, [&](std::string_view key, std::string_view) {
      if (!key.starts_with(start)) return false;
      keys.emplace_back(key);
      return keys.size() < rows_taken_out;
    });
  }
  for (auto& key : keys) batch.erase(table::contacts, key);
  return keys.size();
}

/// The records behind the key `from`; the last one's key, empty at the end.
std::string put_in(store::state_batch& batch, const std::string& from, contact_step& out) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::string last;
  batch.scan(table::customers, from, [&](std::string_view key, std::string_view packed) {
    if (key == from) return true;
    last = key;
    ++out.records;
    customer_record r;
    if (!codec::unpack(packed, r)) return ++out.unreadable, out.records < records_put_in;
    for (auto& [in, at] : contacts_of(r)) {
      if (in == table::contacts) rows.emplace_back(std::move(at), r.person.value);
    }
    return out.records < records_put_in;
  });
  for (auto& [key, person] : rows) batch.put(table::contacts, key, person);
  return last;
}

}  // namespace

std::vector<contact_place> contacts_of(const customer_record& r) {
  std::vector<contact_place> keys;
  auto add = [&](contact_kind kind, const std::string& value) {
    auto key = contact_key(kind, contact_form(kind, value), r.person);
    if (!key.empty()) keys.emplace_back(contact_table(kind), std::move(key));
  };
  add(contact_kind::phone, r.profile.phone.value);
  add(contact_kind::email, r.profile.email.value);
  add(contact_kind::name, r.profile.name.value);
  for (auto& i : r.identities) {
    add(contact_kind::union_id, contact_form(contact_kind::union_id, i.union_id));
    add(contact_kind::identity, caller_key(i.channel, i.id));
  }
  for (auto& t : r.tags) add(contact_kind::tag, t.tag);
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

bool contacts_are_outdated(const store::state_view& view) {
  return !mark_of(view).done();
}

contact_step renew_contacts(store::state_batch& batch) {
  contact_step out;
  auto mark = mark_of(batch);
  if (mark.done()) return out;
  mark.step([&] { return take_out(batch); },
            [&](const std::string& from) { return put_in(batch, from, out); });
  batch.put(table::folding, table::contacts, mark.text());
  out.more = !mark.done();
  return out;
}

}  // namespace switchboard::projecting
