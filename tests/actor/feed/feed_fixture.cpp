#include "tests/actor/feed/feed_fixture.hpp"

#include <msgpack.hpp>

#include "actors/session/journal_key.hpp"

namespace switchboard {

std::atomic<std::uint64_t> kept_output::next_id{0};

namespace {
constexpr std::chrono::seconds patience{10};

template <class T> T field_of(const msgpack::object& map, std::string_view name) {
  for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
    auto& kv = map.via.map.ptr[i];
    if (kv.key.as<std::string_view>() == name) return kv.val.as<T>();
  }
  throw std::out_of_range(std::string(name));
}

}  // namespace

void kept_output::notify(store::position after, std::string frame) {
  auto handle = msgpack::unpack(frame.data(), frame.size());
  auto& params = handle.get().via.array.ptr[2].via.array.ptr[0];
  auto text = field_of<std::string>(params, "cursor");
  std::lock_guard hold(lock_);
  notifications_.push_back({after, field_of<std::string>(params, "session_id"),
                            field_of<std::uint64_t>(params, "seq"),
                            feed_cursor::parse(text).value(), text, frame.size()});
  bytes_ += frame.size();
  came_.notify_all();
}

void kept_output::keep(answer a) {
  std::lock_guard hold(lock_);
  a.notified = notifications_.size();
  answers_.push_back(std::move(a));
  came_.notify_all();
}

std::vector<kept_output::notification> kept_output::notifications() const {
  std::lock_guard hold(lock_);
  return notifications_;
}

std::size_t kept_output::count() const {
  std::lock_guard hold(lock_);
  return notifications_.size();
}

std::size_t kept_output::bytes() const {
  std::lock_guard hold(lock_);
  return bytes_;
}

kept_output::answer kept_output::answer_to(std::uint32_t msgid) const {
  std::unique_lock hold(lock_);
  const answer* found = nullptr;
  came_.wait_for(hold, patience, [&] {
    for (auto& a : answers_) {
      if (a.msgid == msgid) found = &a;
    }
    return found != nullptr;
  });
  EXPECT_NE(found, nullptr) << "no answer to " << msgid;
  return found ? *found : answer{};
}

bool kept_output::await(std::size_t notifications) const {
  std::unique_lock hold(lock_);
  return came_.wait_for(hold, patience, [&] { return notifications_.size() >= notifications; });
}

session_event session_scribe::next(std::uint64_t session, session_payload what) {
  session_event e;
  e.seq = ++seqs_[session];
  e.at = from_unix_ms(1'700'000'000'000);
  e.what = std::move(what);
  return e;
}

store::position session_scribe::say(const std::string& channel, std::uint64_t session, int messages,
                                    std::size_t text_bytes) {
  std::string events;
  for (int i = 0; i < messages; ++i) {
    event::message m;
    m.from = {"customer", "c1", ""};
    m.type = "text";
    codec::packer body;
    field(body.map(1), "text", std::string(text_bytes, 'x'));
    m.body.bytes = body.take();
    session_codec::encode(next(session, m), events);
  }
  return append(channel, session, std::move(events), seqs_[session]);
}

store::position session_scribe::note_and_say(const std::string& channel, std::uint64_t session) {
  std::string events;
  session_codec::encode(next(session, event::note{{"agent", "a1", ""}, {std::string(1, '\x80')}}),
                        events);
  event::message m;
  m.from = {"agent", "a1", ""};
  m.type = "text";
  m.body.bytes = "\x80";
  session_codec::encode(next(session, m), events);
  return append(channel, session, std::move(events), seqs_[session]);
}

store::position session_scribe::other(const std::string& channel) {
  store::record r;
  r.kind = store::entity_kind::agent;
  r.key = "a1";
  r.channel = channel;
  return journal_.append(std::move(r));
}

store::position session_scribe::append(const std::string& channel, std::uint64_t session,
                                       std::string events, std::uint64_t seq) {
  session_id id = make_session_id(7, from_unix_ms(1'700'000'000'000), session, session);
  store::record r;
  r.shard = id.shard;
  r.entity_seq = seq;
  r.key = journal_key(id);
  r.channel = channel;
  r.events = std::move(events);
  return journal_.append(std::move(r));
}

std::vector<feed_cursor> expected_feed(const store::journal& journal, const std::string& channel,
                                       feed_cursor after) {
  std::vector<feed_cursor> all;
  auto read = journal.read(journal.first(), ~std::size_t{0}, [&](const store::placed_record& r) {
    if (r.body.kind != store::entity_kind::session || r.body.channel != channel) return true;
    feed_cursor here{r.at, 0};
    session_codec::for_each(r.body.events, [&](const session_codec::stored_event& e) {
      ++here.index;
      if (e.seen_by == visibility::everyone && here > after) all.push_back(here);
    });
    return true;
  });
  EXPECT_TRUE(read.has_value());
  return all;
}

std::vector<feed_cursor> cursors_of(const std::vector<kept_output::notification>& all) {
  std::vector<feed_cursor> found;
  for (auto& n : all) found.push_back(n.cursor);
  return found;
}

}  // namespace switchboard
