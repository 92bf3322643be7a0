#include <algorithm>

#include "actors/reception/canned_search.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"

/// Canned replies: as they would be said in a session, or for the caller's own groups.
namespace switchboard {

namespace {

struct replies {
  std::string text;
  std::uint64_t limit = 20;
  std::string language;
  std::optional<session_id> session;
};
template <class V> void wire_fields(V& v, replies& x) {
  v.may("limit", x.limit, 1, 100);
  v.may("language", x.language, 35);
  v.may("session_id", x.session);
}

struct replies_with : replies {};
template <class V> void wire_fields(V& v, replies_with& x) {
  v.must("text", x.text, 256);
  wire_fields(v, static_cast<replies&>(x));
}

template <class Which> void find(gateway_call& c, Which& a) {
  if (a.session) {
    auto m = call_on(c, session_method::canned, *a.session);
    m.text = std::move(a.text);
    m.text2 = std::move(a.language);
    m.number = a.limit;
    return to_session(c.services, std::move(m));
  }
  auto config = c.services.config();
  canned_query q;
  auto agent = std::ranges::find_if(config->agents, [&](auto& x) { return x.id.value == c.by.id; });
  if (agent != config->agents.end()) q.groups = agent->groups;
  q.text = std::move(a.text);
  q.language = std::move(a.language);
  q.limit = a.limit;
  c.reply.ok(0, packed_canned(search_canned(config->reception.canned_replies, q)));
}

}  // namespace

const endpoint endpoints::canned_list = served_by<find<replies>>;
const endpoint endpoints::canned_search = served_by<find<replies_with>>;

}  // namespace switchboard
