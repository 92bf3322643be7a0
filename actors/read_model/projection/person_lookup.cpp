#include "actors/read_model/projection/person_lookup.hpp"

#include <algorithm>

#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/session_reading.hpp"

namespace switchboard::projecting {
namespace {

constexpr std::string_view by_identity = "c:", by_member = "m:";

/// Somebody who has come by a channel or is a member, or was merged with one. Else the record holds
/// no more than what was said under an id.
bool has_come(const customer_record& r) {
  return !r.identities.empty() || !r.member_id.empty() || r.merged_into || !r.absorbed.empty();
}

/// Of those who have the identity: the one a member stands behind, else who had it first.
person_id owner_of(const store::state_view& view, std::string_view channel, std::string_view id) {
  if (channel.empty() || id.empty()) return {};
  const auto owners = find_persons(view, contact_kind::identity, caller_key(channel, id));
  const auto member =
      std::ranges::find_if(owners, [](auto& p) { return p.value.starts_with(by_member); });
  if (member != owners.end()) return *member;
  return owners.empty() ? person_id{} : owners.front();
}

person_id of_identity(const store::state_view& view, std::string_view name) {
  const auto written = name.starts_with(by_identity) ? name.substr(by_identity.size()) : name;
  const auto cut = written.find_first_of(name.starts_with(by_identity) ? ":" : ":/");
  if (cut == std::string_view::npos) return {};
  return owner_of(view, written.substr(0, cut), written.substr(cut + 1));
}

/// As whom those are shown who share a contact.
std::vector<person_id> of_contact(const store::state_view& view, contact_kind kind,
                                  std::string_view name) {
  std::vector<person_id> shown;
  const auto form = contact_form(kind, name);
  if (form.empty()) return shown;
  for (auto& p : find_persons(view, kind, form)) {
    auto as = read_shown(view, p).person;
    if (std::ranges::find(shown, as) == shown.end()) shown.push_back(std::move(as));
  }
  return shown;
}

}  // namespace

named_person find_named(const store::state_view& view, std::string_view name) {
  if (name.empty()) return {};
  if (const auto session = session_id::parse(name)) {
    const auto s = read_session(view, *session);
    return {s ? s->person : person_id{}, {}};
  }
  person_id self{std::string(name)};
  const auto own = read_customer(view, self);
  if (has_come(own)) return {self, {}};
  if (auto owner = of_identity(view, name); !owner.empty()) return {std::move(owner), {}};
  if (!own.blank()) return {self, {}};
  for (auto kind : {contact_kind::union_id, contact_kind::phone, contact_kind::email}) {
    auto shown = of_contact(view, kind, name);
    if (shown.size() == 1) return {std::move(shown.front()), {}};
    if (!shown.empty()) return {{}, std::move(shown)};
  }
  return {};
}

}  // namespace switchboard::projecting
