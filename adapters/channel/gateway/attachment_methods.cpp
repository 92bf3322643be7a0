#include <algorithm>
#include <random>

#include "adapters/channel/gateway/message_with_file.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"
#include "runtime/codec/content_digest.hpp"
#include "runtime/hosting/unless_known.hpp"
#include "runtime/text/characters.hpp"

/// Files on the wire. The session is asked whether its participant may; the service does the rest.
namespace switchboard {

using attachment::attachment_service;
using attachment::attachment_store;
using codec::packer;

namespace {

/// Characters of a file's name, as file systems count them at most.
constexpr std::size_t longest_name = 255;
/// A piece fits a frame of 64 KiB with what is around it.
constexpr std::size_t most_chunk = 48 * 1024;
constexpr std::int64_t largest_file = std::int64_t{1} << 30;
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

std::string packed_info(const attachment::record& r) {
  packer p;
  field(p.map(5), "attachment_id", r.id);
  field(p, "name", r.name);
  p.str("size").uinteger(r.size);
  field(p, "kind", r.kind);
  field(p, "sha256", r.sha256);
  return p.take();
}

/// "<session>.f..."; whether it is one.
struct named_file {
  std::string id;
  session_id session;
};

bool is_named(const gateway_call& c, named_file& x) {
  const auto dot = x.id.find('.');
  const auto found = session_id::parse(std::string_view(x.id).substr(0, dot));
  const bool is = found && belongs_to(x.id, found->text());
  if (is) x.session = *found;
  if (!is) c.wrong("attachment_id", "is no attachment's id");
  return is;
}

struct new_file {
  session_id session;
  std::string name, type;
  std::uint64_t size = 0;
};
template <class V> void wire_fields(V& v, new_file& x) {
  v.must("session_id", x.session);
  v.must("name", x.name, codec::params::max_text);
  v.must("type", x.type, 16);
  v.must("size", x.size, 1, largest_file);
}

void begin(gateway_call& c, new_file& a) {
  if (auto length = character_count(a.name); length > longest_name)
    return c.wrong("name",
                   std::to_string(length) + " characters; at most " + std::to_string(longest_name));
  if (a.type != "image" && a.type != "file" && a.type != "voice" && a.type != "video")
    return c.wrong("type", "expected image, file, voice or video");
  if (!c.services.attachments) return c.fail(no_files());
  attachment::record r;
  r.name = std::move(a.name);
  r.type = std::move(a.type);
  r.size = a.size;
  r.session = a.session.text();
  r.by = identity_of(c.by);
  r.channel = c.by.role == caller::kind::channel ? c.by.id : "agents";
  r.id = fresh_id(c.services.secret, a.session, r.by, c.op_id);
  auto m = call_on(c, session_method::may_attach, a.session);
  m.op_id.clear();
  m.text = r.type;
  m.number = r.size;
  auto limits = limits_of(c.services.config()->reception.attachments);
  auto go_on = [service = c.services.attachments, r, limits, to = c.reply](store::position after) {
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
  m.reply = {std::make_shared<then_call>(c.reply, std::move(go_on)), 0};
  to_session(c.services, std::move(m));
}

struct piece : named_file {
  std::uint64_t offset = 0;
  std::string data;
};
template <class V> void wire_fields(V& v, piece& x) {
  v.must("attachment_id", x.id, 128);
  v.must("offset", x.offset, 0, largest_file);
  v.must_bytes("data", x.data, most_chunk);
}

void append(gateway_call& c, piece& a) {
  if (!is_named(c, a)) return;
  if (!c.services.attachments) return c.fail(no_files());
  auto job = [id = a.id, by = identity_of(c.by), offset = a.offset, data = std::move(a.data),
              to = c.reply](attachment_store& s, timestamp now) {
    if (s.bytes_of(id) < offset + data.size() && refused_as_new(to)) return;
    auto there = s.append(id, by, offset, data, now);
    if (!there) return to.fail(0, there.error());
    packer p;
    p.map(1).str("offset").uinteger(*there);
    to.ok(0, p.take());
  };
  if (!c.services.attachments->post(std::move(job))) c.fail(queue_full());
}

struct whole_file : named_file {
  std::string sha256;
};
template <class V> void wire_fields(V& v, whole_file& x) {
  v.must("attachment_id", x.id, 128);
  v.may("sha256", x.sha256, 64);
}

void finish(gateway_call& c, whole_file& a) {
  if (!is_named(c, a)) return;
  if (!c.services.attachments) return c.fail(no_files());
  auto limits = limits_of(c.services.config()->reception.attachments);
  auto job = [id = a.id, by = identity_of(c.by), sha256 = a.sha256, limits, to = c.reply](
                 attachment_store& s, timestamp now) {
    if (!s.is_kept(id) && refused_as_new(to)) return;
    auto done = s.finish(id, by, sha256, limits, now);
    if (!done) return to.fail(0, done.error());
    to.ok(0, packed_info(*done));
  };
  if (!c.services.attachments->post(std::move(job))) c.fail(queue_full());
}

struct part : named_file {
  std::uint64_t offset = 0;
  std::size_t limit = most_chunk;
};
template <class V> void wire_fields(V& v, part& x) {
  v.must("attachment_id", x.id, 128);
  v.may("offset", x.offset, 0, largest_file);
  v.may("limit", x.limit, 1, most_chunk);
}

void read(gateway_call& c, part& a) {
  if (!is_named(c, a)) return;
  if (!c.services.attachments) return c.fail(no_files());
  if (c.from->unread_bytes() > most_unread) return c.fail(queue_full());
  auto m = call_on(c, session_method::may_read_attachment, a.session);
  m.text = a.id;
  auto go_on = [service = c.services.attachments, id = a.id, offset = a.offset, limit = a.limit,
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
  m.reply = {std::make_shared<then_call>(c.reply, std::move(go_on)), 0};
  to_session(c.services, std::move(m));
}

}  // namespace

/// The attachment is the message's for good before the message is recorded: a crash between the two
/// leaves a file that nobody names, never a message without its file.
void send_with_attachment(const gateway_services& services, send_message&& m) {
  if (!services.attachments) return m.reply.fail(0, no_files());
  auto id = gateway_reading::attachment_named_in(m.content.body.bytes);
  auto by = (m.from.role == "customer" ? "channel:" : "agent:") + m.from.id;
  auto to = m.reply;
  auto job = [&services, id, by, m = std::make_shared<send_message>(std::move(m))](
                 attachment_store& s, timestamp) mutable {
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
    to_session(services, std::move(*m));
  };
  if (!services.attachments->post(std::move(job))) to.fail(0, queue_full());
}

const endpoint endpoints::attachment_begin = served_by<begin>;
const endpoint endpoints::attachment_chunk = served_by<append>;
const endpoint endpoints::attachment_finish = served_by<finish>;
const endpoint endpoints::attachment_read = served_by<read>;

}  // namespace switchboard
