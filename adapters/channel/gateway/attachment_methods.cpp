#include <algorithm>
#include <random>

#include "actors/reception/canned_search.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "runtime/codec/content_digest.hpp"
#include "runtime/hosting/unless_known.hpp"
#include "runtime/text/characters.hpp"

/// Files on the wire, and canned replies. The session is asked whether its participant may; the
/// service does the rest.
namespace switchboard {

using attachment::attachment_service;
using attachment::attachment_store;
using codec::packer;

namespace {

/// Characters of a file's name, as file systems count them at most.
constexpr std::size_t longest_name = 255;
/// A piece fits a frame of 64 KiB with what is around it.
constexpr std::size_t most_chunk = 48 * 1024;
/// A reader that has so much before it waits for that first.
constexpr std::size_t most_unread = 1u << 20;

/// Goes on with the session's answer instead of sending it anywhere.
class then_call final : public outbox {
 public:
  using next = std::function<void(store::position after)>;
  then_call(reply_to to, next go_on) : to_(std::move(to)), go_on_(std::move(go_on)) {}

  void reply(std::uint32_t, store::position after, std::string) override { go_on_(after); }
  void fail(std::uint32_t, store::position after, const error& why) override {
    to_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return !to_.out || to_.out->open(); }

 private:
  reply_to to_;
  next go_on_;
};

std::string identity_of(const caller& by) {
  return (by.role == caller::kind::channel ? "channel:" : "agent:") + by.id;
}

error no_files() {
  return {errc::unimplemented, "this node takes no files", {}, {}, 0};
}
error queue_full() {
  return {errc::resource_exhausted, "too many files are under way; try again", {}, {}, 0};
}

attachment::limits limits_of(const config::attachment_policy& p) {
  attachment::limits l;
  l.size = static_cast<std::uint64_t>(p.size);
  l.channel_quota = static_cast<std::uint64_t>(p.channel_quota);
  l.per_session = static_cast<std::size_t>(p.per_session);
  l.kinds = p.kinds;
  l.unreferenced_for = p.unreferenced_for;
  return l;
}

/// "<session>.f" and 16 hex digits: of the op_id, so that the same one begins the same upload, or
/// of chance.
std::string fresh_id(const codec::digest_secret& secret, const session_id& session,
                     const std::string& by, const std::string& op_id) {
  std::uint64_t n = 0;
  if (op_id.empty()) {
    std::random_device device;
    n = std::uint64_t{device()} << 32 | device();
  } else {
    packer p;
    n = codec::digest(secret, p.array(2).bin(by).bin(op_id).view());
  }
  char text[24];
  std::snprintf(text, sizeof text, ".f%016llx", static_cast<unsigned long long>(n));
  return session.text() + text;
}

std::string attachment_param(codec::params& p, session_id& session) {
  auto id = p.text("attachment_id", 128);
  auto dot = id.find('.');
  auto found = session_id::parse(std::string_view(id).substr(0, dot));
  if (p.ok() && (!found || !belongs_to(id, found->text())))
    p.reject("attachment_id", "is no attachment's id");
  session = found.value_or(session_id{});
  return id;
}

std::string packed_info(const attachment::record& r) {
  packer p;
  field(p.map(5), "attachment_id", r.id);
  field(p, "name", r.name);
  p.str("size").uinteger(r.size);
  field(p, "kind", r.kind);
  field(p, "sha256", r.sha256);
  return p.take();
}

}  // namespace

void gateway::attachment_begin(call& c) {
  auto session = session_params(c, session_method::may_attach);
  attachment::record r;
  r.name = c.p.text("name", codec::params::max_text);
  if (auto length = character_count(r.name); length > longest_name)
    c.p.reject("name",
               std::to_string(length) + " characters; at most " + std::to_string(longest_name));
  r.type = c.p.text("type", 16);
  r.size = static_cast<std::uint64_t>(c.p.integer("size", 1, std::int64_t{1} << 30));
  if (c.p.ok() && r.type != "image" && r.type != "file" && r.type != "voice" && r.type != "video") {
    c.p.reject("type", "expected image, file, voice or video");
  }
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.attachments) return c.reply.fail(0, no_files());
  r.session = session.session.text();
  r.by = identity_of(c.by);
  r.channel = c.by.role == caller::kind::channel ? c.by.id : "agents";
  r.id = fresh_id(services_.secret, session.session, r.by, session.op_id);
  session.op_id.clear();
  session.text = r.type;
  session.number = r.size;
  auto limits = limits_of(services_.config()->reception.attachments);
  auto go_on = [service = services_.attachments, r, limits, to = c.reply](store::position after) {
    bool queued = service->post([r, limits, to, after](attachment_store& s, timestamp now) {
      if (!s.knows(r.id) && refused_as_new(to)) return;
      auto there = s.begin(r, limits, now);
      if (!there) return to.fail(after, there.error());
      packer p;
      field(p.map(3), "attachment_id", r.id);
      p.str("offset").uinteger(*there).str("chunk_bytes").uinteger(most_chunk);
      to.ok(after, p.take());
    });
    if (!queued) to.fail(after, queue_full());
  };
  session.reply = {std::make_shared<then_call>(c.reply, std::move(go_on)), 0};
  to_session(std::move(session));
}

void gateway::attachment_chunk(call& c) {
  session_id session;
  auto id = attachment_param(c.p, session);
  auto offset = static_cast<std::uint64_t>(c.p.integer("offset", 0, std::int64_t{1} << 30));
  auto data = c.p.bytes("data", most_chunk);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.attachments) return c.reply.fail(0, no_files());
  auto job = [id, by = identity_of(c.by), offset, data = std::move(data), to = c.reply](
                 attachment_store& s, timestamp now) {
    if (s.bytes_of(id) < offset + data.size() && refused_as_new(to)) return;
    auto there = s.append(id, by, offset, data, now);
    if (!there) return to.fail(0, there.error());
    packer p;
    p.map(1).str("offset").uinteger(*there);
    to.ok(0, p.take());
  };
  if (!services_.attachments->post(std::move(job))) c.reply.fail(0, queue_full());
}

void gateway::attachment_finish(call& c) {
  session_id session;
  auto id = attachment_param(c.p, session);
  auto sha256 = c.p.text_or_empty("sha256", 64);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.attachments) return c.reply.fail(0, no_files());
  auto limits = limits_of(services_.config()->reception.attachments);
  auto job = [id, by = identity_of(c.by), sha256, limits, to = c.reply](attachment_store& s,
                                                                        timestamp now) {
    if (!s.is_kept(id) && refused_as_new(to)) return;
    auto done = s.finish(id, by, sha256, limits, now);
    if (!done) return to.fail(0, done.error());
    to.ok(0, packed_info(*done));
  };
  if (!services_.attachments->post(std::move(job))) c.reply.fail(0, queue_full());
}

void gateway::attachment_read(call& c) {
  session_call session;
  session.method = session_method::may_read_attachment;
  session.text = attachment_param(c.p, session.session);
  auto offset =
      static_cast<std::uint64_t>(c.p.maybe_integer("offset", 0, std::int64_t{1} << 30).value_or(0));
  auto limit =
      static_cast<std::size_t>(c.p.maybe_integer("limit", 1, most_chunk).value_or(most_chunk));
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.attachments) return c.reply.fail(0, no_files());
  if (c.from->unread_bytes() > most_unread) return c.reply.fail(0, queue_full());
  session.by = c.by.who();
  session.account = c.by.account;
  auto go_on = [service = services_.attachments, id = session.text, offset, limit,
                to = c.reply](store::position after) {
    bool queued = service->post([id, offset, limit, to, after](attachment_store& s, timestamp) {
      auto piece = s.read(id, offset, limit);
      if (!piece) return to.fail(after, piece.error());
      packer p;
      p.map(6)
          .str("data")
          .bin(piece->data)
          .str("offset")
          .uinteger(offset)
          .str("more")
          .boolean(piece->more);
      p.str("size").uinteger(piece->of.size);
      field(p, "kind", piece->of.kind);
      field(p, "name", piece->of.name);
      to.ok(after, p.take());
    });
    if (!queued) to.fail(after, queue_full());
  };
  session.reply = {std::make_shared<then_call>(c.reply, std::move(go_on)), 0};
  to_session(std::move(session));
}

/// The attachment is the message's for good before the message is recorded: a crash between the two
/// leaves a file that nobody names, never a message without its file.
void gateway::send_with_attachment(send_message&& m) {
  if (!services_.attachments) return m.reply.fail(0, no_files());
  auto id = gateway_reading::attachment_named_in(m.content.body.bytes);
  auto by = (m.from.role == "customer" ? "channel:" : "agent:") + m.from.id;
  auto to = m.reply;
  auto job = [this, id, by, m = std::make_shared<send_message>(std::move(m))](attachment_store& s,
                                                                              timestamp) mutable {
    auto key = by + '\n' + m->content.client_msg_id;
    if (!s.is_claimed(id, key) && refused_as_new(m->reply)) return;
    auto r = s.claim(id, m->session.text(), by, key, m->content.type);
    if (!r) {
      auto why = r.error();
      if (why.field == "attachment_id") why.field = "body.attachment_id";
      return m->reply.fail(0, why);
    }
    m->sent = m->content.body;
    m->content.body.bytes =
        gateway_reading::body_with_file(m->content.body.bytes, id, r->name, r->size, r->kind);
    auto shard = m->session.shard;
    if (auto session = services_.directory.sessions.find(m->session))
      return caf::anon_send(session, std::move(*m));
    caf::anon_send(services_.directory.directory_of(shard), std::move(*m));
  };
  if (!services_.attachments->post(std::move(job))) to.fail(0, queue_full());
}

/// What comes with a request is judged before there is a session: a refused request leaves no
/// trace.
bool gateway::may_open(const consultation_request& r, const reply_to& to) const {
  if (!r.message || !services_.reception) return true;
  auto& m = *r.message;
  auto refuse = [&](error why) {
    if (!why.field.empty()) {
      why.field = "message." + why.field;
      why.message = "message." + why.message;
    }
    to.fail(0, why);
    return false;
  };
  if (gateway_reading::names_attachment(m)) {
    return refuse({errc::invalid_argument,
                   "body.attachment_id: a file belongs to a session; open it first",
                   "body.attachment_id",
                   {},
                   0});
  }
  auto rules = services_.reception();
  if (auto wrong = rules->refusal(input_side::customer, r.channel, {}, m.type, m.body.bytes))
    return refuse(*wrong);
  auto verdict = rules->words(input_side::customer, r.channel, {}, m.body.bytes);
  if (!verdict.blocked) return true;
  auto field = "body." + verdict.field;
  return refuse({errc::invalid_argument,
                 field + ": holds a word that is not allowed",
                 field,
                 {},
                 0,
                 "word_lists." + rules->list_names(verdict.lists).front()});
}

void gateway::find_canned(call& c, std::string words) {
  auto limit = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 100).value_or(20));
  auto language = c.p.text_or_empty("language", 35);
  auto session = c.p.text_or_empty("session_id", 64);
  auto id = session_id::parse(session);
  if (!session.empty() && !id) c.p.reject("session_id", "is no session's id");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (id) {
    session_call m;
    m.method = session_method::canned;
    m.session = *id;
    m.by = c.by.who();
    m.account = c.by.account;
    m.text = std::move(words);
    m.text2 = std::move(language);
    m.number = limit;
    m.reply = c.reply;
    return to_session(std::move(m));
  }
  auto config = services_.config();
  canned_query q;
  auto agent = std::ranges::find_if(config->agents, [&](auto& a) { return a.id.value == c.by.id; });
  if (agent != config->agents.end()) q.groups = agent->groups;
  q.text = std::move(words);
  q.language = std::move(language);
  q.limit = limit;
  c.reply.ok(0, packed_canned(search_canned(config->reception.canned_replies, q)));
}

void gateway::canned_list(call& c) {
  find_canned(c, {});
}
void gateway::canned_search(call& c) {
  find_canned(c, c.p.text("text", 256));
}

}  // namespace switchboard
