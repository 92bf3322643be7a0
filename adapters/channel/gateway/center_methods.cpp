#include "actors/access/staff_ties.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"

/// Products and orders, as their centers know them, and what was sold.
namespace switchboard {

namespace {

using what = center_call::method;

/// A call whose fields are read right into the message.
template <what What> struct asks : center_call {
  asks() {
    center_call::what = What;
    limit = 20;
  }
  /// Who says who the customer is, where `member_id` does not.
  std::optional<session_id> session;
};

template <class V> void page_fields(V& v, center_call& m) {
  v.may("limit", m.limit, 1, 100);
  v.may("anew", m.anew);
}
template <class V, what What> void whose_fields(V& v, asks<What>& m) {
  v.may("session_id", m.session);
  v.may("member_id", m.member_id, 128);
}

/// By `session_id` the session says who the customer is; else `member_id` does.
template <what What> void ask_center(gateway_call& c, asks<What>& a, const center_actor& center) {
  center_call m = std::move(a);
  if (!a.session) {
    m.reply = c.reply;
    return caf::anon_send(center, std::move(m));
  }
  auto call = call_on(c, session_method::ask_center, *a.session);
  call.body.bytes = codec::pack(m);
  to_session(c.services, std::move(call));
}

using search = asks<what::product_search>;
template <class V> void wire_fields(V& v, search& m) {
  page_fields(v, m);
  v.must("text", m.text, 256);
}

void search_products(gateway_call& c, search& a) {
  ask_center(c, a, c.services.centers.product);
}

using recommendation = asks<what::product_recommend>;
template <class V> void wire_fields(V& v, recommendation& m) {
  page_fields(v, m);
  v.may("text", m.text, 256);
  whose_fields(v, m);
}

void recommend(gateway_call& c, recommendation& a) {
  ask_center(c, a, c.services.centers.product);
}

using orders = asks<what::order_list>;
template <class V> void wire_fields(V& v, orders& m) {
  page_fields(v, m);
  // The first version knew one state.
  std::string one;
  v.may("state", one, 32);
  if (!one.empty()) m.states.push_back(std::move(one));
  v.may("states", m.states, codec::text_list{16, 32});
  v.may("from", m.from, 0, codec::largest_integer);
  v.may("to", m.to, 0, codec::largest_integer);
  whose_fields(v, m);
}

void list_orders(gateway_call& c, orders& a) {
  if (!a.session && a.member_id.empty())
    return c.wrong("session_id", "missing; expected session_id or member_id");
  ask_center(c, a, c.services.centers.trade);
}

using order = asks<what::order_get>;
template <class V> void wire_fields(V& v, order& m) {
  v.must("order_id", m.id, 128);
  v.may("anew", m.anew);
}

void get_order(gateway_call& c, order& a) {
  ask_center(c, a, c.services.centers.trade);
}

struct credit_arguments {
  std::string agent;
  timestamp from{}, to = from_unix_ms(codec::largest_integer);
};
template <class V> void wire_fields(V& v, credit_arguments& x) {
  v.may("agent", x.agent, 128);
  v.may("from", x.from, 0, codec::largest_integer);
  v.may("to", x.to, 0, codec::largest_integer);
}

/// Accounts see their own.
void credit(gateway_call& c, credit_arguments& a) {
  const bool everybody = c.allowed("product.credit");
  if (!everybody && a.agent.empty()) a.agent = c.by.id;
  if (!c.allowed("product.credit", a.agent == c.by.id ? tie::self : tie::nothing))
    return c.fail(errc::permission_denied, "agent: agents see their own", "agent");
  credit_call m;
  m.agent = std::move(a.agent);
  m.from = a.from;
  m.to = a.to;
  m.reply = c.reply;
  caf::anon_send(c.services.credit, std::move(m));
}

}  // namespace

const endpoint endpoints::order_get = served_by<get_order>;
const endpoint endpoints::order_list = served_by<list_orders>;
const endpoint endpoints::product_clicked = served_by<pass_on<ask::card_clicked>>;
const endpoint endpoints::product_credit = served_by<credit>;
const endpoint endpoints::product_recommend = served_by<recommend>;
const endpoint endpoints::product_search = served_by<search_products>;

}  // namespace switchboard
