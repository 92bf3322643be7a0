#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard {

namespace {

session_id read_session(codec::params& p) {
  auto text = p.text("session_id", 64);
  auto id = session_id::parse(text);
  if (p.ok() && !id) p.reject("session_id", "is no session's id");
  return id.value_or(session_id{});
}

std::vector<std::string> read_texts(codec::params& p, std::string_view field) {
  std::vector<std::string> out;
  auto* array = p.maybe_array(field);
  if (!array) return out;
  for (std::uint32_t i = 0; i < array->via.array.size && i < 64; ++i) {
    auto& o = array->via.array.ptr[i];
    if (o.type != msgpack::type::STR || o.via.str.size == 0 || o.via.str.size > 64) {
      p.reject(field, "expected texts of 1 to 64 bytes");
      break;
    }
    out.emplace_back(o.via.str.ptr, o.via.str.size);
  }
  return out;
}

}  // namespace

void gateway::open(call& c) {
  open_session m;
  m.request = gateway_reading::open_request(c.p);
  // A name of which nothing shows says nothing of a customer.
  if (name_form(m.request.customer.name).empty()) m.request.customer.name.clear();
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.request.channel = c.by.id;
  if (!may_open(m.request, c.reply)) return;
  if (auto b = services_.blocks
                   ? services_.blocks->find(c.by.id, m.request.customer, wall_time(services_.clock))
                   : std::nullopt) {
    return c.reply.fail(
        0, error{errc::permission_denied, "customer: is blocked: " + b->reason, "customer", {}, 0});
  }
  m.reply = c.reply;
  caf::anon_send(
      services_.directory.directory_of(session_shard(m.request.channel, m.request.customer.id)),
      std::move(m));
}

void gateway::send(call& c) {
  send_message m;
  m.session = read_session(c.p);
  m.content = gateway_reading::message(c.p);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.from = c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  // What is shown of a product or an order is what its center says.
  if (m.content.type == "product") return caf::anon_send(services_.centers.product, std::move(m));
  if (m.content.type == "order") return caf::anon_send(services_.centers.trade, std::move(m));
  if (gateway_reading::names_attachment(m.content)) return send_with_attachment(std::move(m));
  if (auto session = services_.directory.sessions.find(m.session))
    return caf::anon_send(session, std::move(m));
  auto shard = m.session.shard;
  caf::anon_send(services_.directory.directory_of(shard), std::move(m));
}

session_call gateway::session_params(call& c, session_method method) {
  session_call m;
  m.method = method;
  m.session = read_session(c.p);
  m.op_id = c.op_id;
  m.by = c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  return m;
}

void gateway::forward(call& c, session_call&& m) {
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  to_session(std::move(m));
}

constexpr std::int64_t most = std::int64_t{1} << 53;

void gateway::recall(call& c) {
  auto m = session_params(c, session_method::recall);
  m.number = static_cast<std::uint64_t>(c.p.integer("message_seq", 1, most));
  forward(c, std::move(m));
}

void gateway::read(call& c) {
  auto m = session_params(c, session_method::read);
  m.number = static_cast<std::uint64_t>(c.p.integer("message_seq", 0, most));
  forward(c, std::move(m));
}

void gateway::typing(call& c) {
  auto m = session_params(c, session_method::typing);
  if (!m.reply.out) m.reply.out = c.from;
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  bool asked = c.reply.out != nullptr;
  to_session(std::move(m));
  if (asked) c.reply.ok(0, codec::empty_map());
}

void gateway::close(call& c) {
  auto m = session_params(c, session_method::close);
  m.text = c.p.text_or_empty("reason", 256);
  m.text2 = c.p.text_or_empty("disposition", 128);
  m.summary = c.p.text_or_empty("summary", 4096);
  forward(c, std::move(m));
}

void gateway::rate(call& c) {
  auto m = session_params(c, session_method::rate);
  m.number = static_cast<std::uint64_t>(c.p.integer("score", 1, 5));
  m.text = c.p.text_or_empty("comment", 2048);
  forward(c, std::move(m));
}

void gateway::events(call& c) {
  auto m = session_params(c, session_method::events);
  m.number = static_cast<std::uint64_t>(c.p.integer("after", 0, most));
  forward(c, std::move(m));
}

void gateway::subscribe(call& c) {
  auto m = session_params(c, session_method::subscribe);
  m.number = static_cast<std::uint64_t>(c.p.integer("after", 0, most));
  if (c.p.ok()) c.by.subscribed.insert(m.session);
  forward(c, std::move(m));
}

void gateway::channel_subscribe(call& c) {
  auto consumer = c.p.text("consumer", 128), after = c.p.text_or_empty("after", 64);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.feed)
    return c.reply.fail(0, error{errc::unimplemented, "this node feeds no channels", {}, {}, 0});
  c.by.feeds = true;
  services_.feed->subscribe(c.by.id, consumer, after, c.reply);
}

void gateway::channel_ack(call& c) {
  auto consumer = c.p.text("consumer", 128), cursor = c.p.text("cursor", 64);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.feed)
    return c.reply.fail(0, error{errc::unimplemented, "this node feeds no channels", {}, {}, 0});
  services_.feed->acknowledge(c.by.id, consumer, cursor, c.reply);
}

void gateway::note(call& c) {
  auto m = session_params(c, session_method::note);
  if (auto* body = c.p.map("body")) m.body.bytes = codec::packed(*body);
  forward(c, std::move(m));
}

void gateway::tag(call& c) {
  auto m = session_params(c, session_method::tag);
  m.add = read_texts(c.p, "add");
  m.remove = read_texts(c.p, "remove");
  forward(c, std::move(m));
}

void gateway::wrap_up(call& c) {
  auto m = session_params(c, session_method::wrap_up);
  m.text = c.p.text_or_empty("summary", 4096);
  m.text2 = c.p.text_or_empty("disposition", 128);
  forward(c, std::move(m));
}

}  // namespace switchboard
