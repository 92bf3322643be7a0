#include "actors/read_model/projection/customer_changes.hpp"

#include <algorithm>

#include "actors/read_model/projection/page_cursor.hpp"
#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard::projecting {
namespace {

struct teller {
  const customer_record& was;
  std::vector<change_row>& out;
  timestamp at;

  void row(std::string source, std::string what, std::string field, std::string before,
           std::string after) const {
    out.push_back({at, std::move(source), std::move(what), std::move(field), std::move(before),
                   std::move(after)});
  }
  void fields(const std::string& source, const char* what,
              const std::map<std::string, std::string>& changed) const {
    auto have = fields_of(was.profile);
    for (auto& [name, value] : changed) {
      auto it = have.find(name);
      row(source, what, name, it == have.end() ? std::string{} : it->second->value, value);
    }
  }

  void operator()(const customer_event::profile_changed& x) const {
    fields(x.source, "profile", x.fields);
  }
  void operator()(const customer_event::profile_heard& x) const {
    fields(x.source, "heard", x.fields);
  }
  void operator()(const customer_event::tagged& x) const {
    for (auto& t : x.add) row(x.source, "tag", {}, {}, t);
    for (auto& t : x.remove) row(x.source, "tag", {}, t, {});
  }
  void operator()(const customer_event::lead_created& x) const {
    row(x.lead.owner, "lead", x.lead.id, {}, x.lead.stage);
  }
  void operator()(const customer_event::lead_changed& x) const {
    auto it = std::ranges::find(was.leads, x.lead.id, &sales_lead::id);
    auto before = it == was.leads.end() ? std::string{} : it->stage;
    if (before != x.lead.stage) row(x.lead.owner, "lead", x.lead.id, before, x.lead.stage);
  }
  void operator()(const customer_event::blocked& x) const {
    row(x.mark.by, "block", {}, {}, x.mark.reason);
  }
  void operator()(const customer_event::unblocked& x) const {
    row(x.by, "block", {}, was.blocked ? was.blocked->reason : std::string{}, {});
  }
  void operator()(const customer_event::merged_away& x) const {
    row(x.mark.by, "merge", "into", {}, x.mark.survivor.value);
  }
  void operator()(const customer_event::absorbed& x) const {
    row(x.brought.by, "merge", "absorbed", {}, x.brought.person.value);
  }
  void operator()(const customer_event::given_back& x) const {
    row(x.to.by, "merge", "absorbed", x.to.person.value, {});
  }
  void operator()(const customer_event::came_back& x) const {
    row(x.by, "merge", "into", was.merged_into ? was.merged_into->survivor.value : std::string{},
        {});
  }
  void operator()(const customer_event::suggestion_settled& x) const {
    row(x.by, "suggestion", x.id, {}, x.accepted ? "accepted" : "dismissed");
  }
  void operator()(const auto&) const {}
};

}  // namespace

std::vector<change_row> changes_by(const customer_record& was, const customer_payload& e,
                                   timestamp at) {
  std::vector<change_row> out;
  std::visit(teller{was, out, at}, e);
  // The change's place in its event is one byte of its key.
  constexpr std::size_t most = 255;
  if (out.size() > most) out.resize(most);
  return out;
}

bool is_merge_with(std::string_view packed_row, const person_id& other) {
  change_row row;
  return codec::unpack(packed_row, row) && row.what == "merge" &&
         (row.before == other.value || row.after == other.value);
}

bool is_change_of(std::string_view key, std::string_view person_prefix) {
  constexpr std::size_t tail = 17;
  return key.size() == person_prefix.size() + tail && key.starts_with(person_prefix);
}

result<change_page> read_changes(const store::state_view& view, const person_id& person,
                                 std::string_view before, std::size_t limit) {
  auto prefix = trail_prefix(person);
  auto from = prefix;
  if (!before.empty()) {
    auto key = key_of_cursor(before);
    if (!key || !is_change_of(*key, prefix))
      return fail(errc::invalid_argument, "before: is no cursor of this list", "before");
    from = *key;
  }
  change_page page;
  view.scan(table::changes, from, [&](std::string_view key, std::string_view packed) {
    if (!key.starts_with(prefix)) return false;
    if (!is_change_of(key, prefix)) return true;
    if (page.rows.size() == limit) {
      page.next = cursor_of_key(key);
      return false;
    }
    change_row row;
    if (codec::unpack(packed, row)) page.rows.push_back(std::move(row));
    return true;
  });
  return page;
}

}  // namespace switchboard::projecting
