#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/customer/customer_bonds.hpp"
#include "actors/customer/customer_profile.hpp"
#include "actors/session/kept_answers.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// What is durable of a person.
namespace customer_event {
struct identity_linked {
  customer_identity identity;
  std::string member_id;
};
template <class V> void describe(V& v, identity_linked& x) {
  v("identity", x.identity);
  v("member_id", x.member_id);
}

/// Sets these fields; an empty value takes one away.
struct profile_changed {
  std::string source;
  std::map<std::string, std::string> fields;
};
template <class V> void describe(V& v, profile_changed& x) {
  v("source", x.source);
  v("fields", x.fields);
}

struct lead_created {
  sales_lead lead;
};
template <class V> void describe(V& v, lead_created& x) {
  v("lead", x.lead);
}

/// The lead as it is from now on.
struct lead_changed {
  sales_lead lead;
};
template <class V> void describe(V& v, lead_changed& x) {
  v("lead", x.lead);
}

/// The change recorded beside it had this key.
using change_answered = answer_recorded;

/// Somebody said this, but another's value stands.
struct profile_heard {
  std::string source;
  std::map<std::string, std::string> fields;
};
template <class V> void describe(V& v, profile_heard& x) {
  v("source", x.source);
  v("fields", x.fields);
}

struct tagged {
  std::string source;
  std::vector<std::string> add, remove;
};
template <class V> void describe(V& v, tagged& x) {
  v("source", x.source);
  v("add", x.add);
  v("remove", x.remove);
}

struct blocked {
  block_mark mark;
};
template <class V> void describe(V& v, blocked& x) {
  v("mark", x.mark);
}

struct unblocked {
  std::string by;
};
template <class V> void describe(V& v, unblocked& x) {
  v("by", x.by);
}

/// On the one that is seen no longer. Its identities and trail stay its own: the survivor shows
/// them.
struct merged_away {
  merge_mark mark;
};
template <class V> void describe(V& v, merged_away& x) {
  v("mark", x.mark);
}

/// On the survivor. `brought.leads` go over, `brought.filled` goes into empty fields.
struct absorbed {
  absorbed_person brought;
};
template <class V> void describe(V& v, absorbed& x) {
  v("brought", x.brought);
}

/// On the survivor: the merge is undone, and these leads, as they are now, go back.
struct given_back {
  returned_person to;
};
template <class V> void describe(V& v, given_back& x) {
  v("to", x.to);
}

/// On the one that was merged away: a person of its own again.
struct came_back {
  std::vector<sales_lead> leads;
  std::string by;
};
template <class V> void describe(V& v, came_back& x) {
  v("leads", x.leads);
  v("by", x.by);
}

struct suggested {
  suggestion what;
};
template <class V> void describe(V& v, suggested& x) {
  v("what", x.what);
}

struct suggestion_settled {
  std::string id, by;
  bool accepted = false;
};
template <class V> void describe(V& v, suggestion_settled& x) {
  v("id", x.id);
  v("by", x.by);
  v("accepted", x.accepted);
}

/// These sessions of the person, all over, hold nothing of the person any more.
struct sessions_erased {
  std::vector<session_id> sessions;
};
template <class V> void describe(V& v, sessions_erased& x) {
  v("sessions", x.sessions);
}

/// Nothing is known of the person any more. Records before this one are rewritten soon after.
struct erased {
  std::string by;
};
template <class V> void describe(V& v, erased& x) {
  v("by", x.by);
}

/// On one that was merged with another once: the other is erased, and not named here any more.
struct forgot {
  person_id person;
};
template <class V> void describe(V& v, forgot& x) {
  v("person", x.person);
}
}  // namespace customer_event

/// Order is the file format's kind number (index + 1): append only.
using customer_payload_kinds = std::variant<
    customer_event::identity_linked, customer_event::profile_changed, customer_event::lead_created,
    customer_event::lead_changed, customer_event::change_answered, customer_event::profile_heard,
    customer_event::tagged, customer_event::blocked, customer_event::unblocked,
    customer_event::merged_away, customer_event::absorbed, customer_event::given_back,
    customer_event::came_back, customer_event::suggested, customer_event::suggestion_settled,
    customer_event::sessions_erased, customer_event::erased, customer_event::forgot>;

/// One of the kinds; copying and destroying them is compiled once (customer_record.cpp).
class customer_payload : public customer_payload_kinds {
 public:
  using kinds = customer_payload_kinds;
  using kinds::kinds;
  using kinds::operator=;
  customer_payload();
  customer_payload(const customer_payload&);
  customer_payload(customer_payload&&) noexcept;
  customer_payload& operator=(const customer_payload&);
  customer_payload& operator=(customer_payload&&) noexcept;
  ~customer_payload();
};

struct customer_record {
  person_id person;
  std::string member_id;
  customer_profile profile;
  std::vector<customer_identity> identities;
  std::vector<sales_lead> leads;  // oldest first
  std::vector<kept_answer> answered;
  std::uint64_t seq = 0;
  /// The newest word of each source, by field, where the profile's value is not all that was said.
  std::map<std::string, std::vector<profile_value>> heard;
  std::vector<customer_tag> tags;
  std::optional<block_mark> blocked;
  std::optional<merge_mark> merged_into;
  std::vector<absorbed_person> absorbed;
  /// Undone merges whose other side may not know yet; the newest few.
  std::vector<returned_person> given_back;
  std::vector<suggestion> suggestions;
  /// Suggestions an agent has answered, so that they are not made again; the newest.
  std::vector<std::string> settled;

  /// Nothing is kept but its name and its count of events.
  bool blank() const;
};
template <class V> void describe(V& v, customer_record& x) {
  v("person", x.person);
  v("member_id", x.member_id);
  v("profile", x.profile);
  v("identities", x.identities);
  v("leads", x.leads);
  v("answered", x.answered);
  v("seq", x.seq);
  v("heard", x.heard);
  v("tags", x.tags);
  v("blocked", x.blocked);
  v("merged_into", x.merged_into);
  v("absorbed", x.absorbed);
  v("given_back", x.given_back);
  v("suggestions", x.suggestions);
  v("settled", x.settled);
}

void apply(customer_record& r, const customer_payload& e, timestamp at);
/// One record's events: arrays [kind, at, payload], one after the other.
void encode(const customer_payload& e, timestamp at, std::string& out);
/// Sees an event before it is applied.
using event_witness =
    std::function<void(const customer_record& before, const customer_payload& e, timestamp at)>;
/// Applies a record's events, but for kinds unknown here; false where the bytes are damaged.
bool replay(customer_record& r, std::string_view events, const event_witness& witness = {});

/// The events with all they say taken out, as many as they were: what erasing leaves of a record.
std::string emptied(std::string_view events);
/// The same of those events alone that name one of `persons` in a merge; nothing where none does.
std::optional<std::string> without_merges_of(std::string_view events,
                                             const std::set<std::string>& persons);
/// The key that takes the person's place in rewritten journal records.
inline constexpr std::string_view erased_key = "erased";

}  // namespace switchboard
