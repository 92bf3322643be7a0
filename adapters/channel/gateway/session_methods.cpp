#include "adapters/channel/gateway/message_with_file.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/text/contact_form.hpp"

/// What is said in a session and asked of it by those who talk.
namespace switchboard {

namespace {

/// What comes with a request is judged before there is a session: a refused request leaves no
/// trace.
std::optional<error> refusal_of(const consultation_request& r, const reception_rules& rules) {
  if (!r.message) return {};
  auto& m = *r.message;
  const auto in_message = [](error why) {
    if (!why.field.empty()) {
      why.field = "message." + why.field;
      why.message = "message." + why.message;
    }
    return why;
  };
  if (gateway_reading::names_attachment(m))
    return in_message({errc::invalid_argument,
                       "body.attachment_id: a file belongs to a session; open it first",
                       "body.attachment_id",
                       {},
                       0});
  if (auto wrong = rules.refusal(input_side::customer, r.channel, {}, m.type, m.body.bytes))
    return in_message(*wrong);
  auto verdict = rules.words(input_side::customer, r.channel, {}, m.body.bytes);
  if (!verdict.blocked) return {};
  auto field = "body." + verdict.field;
  return in_message({errc::invalid_argument,
                     field + ": holds a word that is not allowed",
                     field,
                     {},
                     0,
                     "word_lists." + rules.list_names(verdict.lists).front()});
}

struct open_arguments {
  consultation_request request;
};
template <class V> void wire_fields(V& v, open_arguments& x) {
  v.by(gateway_reading::open_fields,
       [&](codec::params& p) { x.request = gateway_reading::open_request(p); });
}

void open(gateway_call& c, open_arguments& a) {
  auto& request = a.request;
  // A name of which nothing shows says nothing of a customer.
  if (name_form(request.customer.name).empty()) request.customer.name.clear();
  request.channel = c.by.id;
  const auto rules = c.services.reception ? c.services.reception() : nullptr;
  if (const auto why = rules ? refusal_of(request, *rules) : std::nullopt) return c.fail(*why);
  auto* blocks = c.services.blocks;
  if (auto b = blocks ? blocks->find(c.by.id, request.customer, wall_time(c.services.clock))
                      : std::nullopt)
    return c.fail(errc::permission_denied, "customer: is blocked: " + b->reason, "customer");
  auto& directory =
      c.services.directory.directory_of(session_shard(request.channel, request.customer.id));
  open_session m;
  m.request = std::move(request);
  m.reply = c.reply;
  caf::anon_send(directory, std::move(m));
}

void send(gateway_call& c, on_session<message_content>& a) {
  send_message m;
  m.session = a.session;
  m.content = std::move(a.what);
  m.from = c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  // What is shown of a product or an order is what its center says.
  if (m.content.type == "product") return caf::anon_send(c.services.centers.product, std::move(m));
  if (m.content.type == "order") return caf::anon_send(c.services.centers.trade, std::move(m));
  if (gateway_reading::names_attachment(m.content))
    return send_with_attachment(c.services, std::move(m));
  to_session(c.services, std::move(m));
}

void typing(gateway_call& c, on_session<ask::typing>& a) {
  auto m = call_on(c, session_method::typing, a.session);
  if (!m.reply.out) m.reply.out = c.from;
  to_session(c.services, std::move(m));
  c.reply.ok(0, codec::empty_map());
}

void subscribe(gateway_call& c, on_session<ask::subscribe>& a) {
  c.by.subscribed.insert(a.session);
  pass_on(c, a);
}

struct subscription {
  std::string consumer, after;
};
template <class V> void wire_fields(V& v, subscription& x) {
  v.must("consumer", x.consumer, 128);
  v.may("after", x.after, 64);
}

void feed(gateway_call& c, subscription& a) {
  if (!c.services.feed) return c.fail(errc::unimplemented, "this node feeds no channels");
  c.by.feeds = true;
  c.services.feed->subscribe(c.by.id, a.consumer, a.after, c.reply);
}

struct acknowledgement {
  std::string consumer, cursor;
};
template <class V> void wire_fields(V& v, acknowledgement& x) {
  v.must("consumer", x.consumer, 128);
  v.must("cursor", x.cursor, 64);
}

void acknowledge(gateway_call& c, acknowledgement& a) {
  if (!c.services.feed) return c.fail(errc::unimplemented, "this node feeds no channels");
  c.services.feed->acknowledge(c.by.id, a.consumer, a.cursor, c.reply);
}

}  // namespace

const endpoint endpoints::channel_ack = served_by<acknowledge>;
const endpoint endpoints::channel_subscribe = served_by<feed>;
const endpoint endpoints::session_close = served_by<pass_on<ask::close>>;
const endpoint endpoints::session_events = served_by<pass_on<ask::events>>;
const endpoint endpoints::session_note = served_by<pass_on<ask::note>>;
const endpoint endpoints::session_open = served_by<open>;
const endpoint endpoints::session_rate = served_by<pass_on<ask::rate>>;
const endpoint endpoints::session_read = served_by<pass_on<ask::read>>;
const endpoint endpoints::session_recall = served_by<pass_on<ask::recall>>;
const endpoint endpoints::session_send = served_by<send>;
const endpoint endpoints::session_subscribe = served_by<subscribe>;
const endpoint endpoints::session_tag = served_by<pass_on<ask::tag>>;
const endpoint endpoints::session_typing = served_by<typing>;
const endpoint endpoints::session_wrap_up = served_by<pass_on<ask::wrap_up>>;

}  // namespace switchboard
