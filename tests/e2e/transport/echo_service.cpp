#include "tests/e2e/transport/echo_service.hpp"

#include <chrono>
#include <thread>

#include "runtime/codec/frame_decoder.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard::e2e {

void echo_service::on_call(const channel::peer_ptr& from, std::uint32_t msgid,
                           std::string_view method, const msgpack::object& params) {
  ++calls;
  codec::params p(params);
  if (method == "hello") {
    from->authenticated(static_cast<std::size_t>(p.maybe_integer("window", 1, 100'000).value_or(0)),
                        p.text_or_empty("id", 64));
    {
      std::lock_guard hold(lock_);
      peers_.emplace(from->id(), from);
    }
    return from->reply(msgid, 0, codec::empty_map());
  }
  if (!from->is_authenticated())
    return from->fail(msgid, 0, {errc::unauthenticated, "say hello first", {}, {}, 0});
  if (method == "echo") return from->reply(msgid, 0, codec::packed(params));
  if (method == "gated") {
    codec::packer out;
    codec::field(out.map(1), "tag", p.maybe_integer("tag", 0, 1'000'000).value_or(0));
    auto after = static_cast<store::position>(p.integer("after", 0, 1'000'000));
    return from->reply(msgid, after, out.take());
  }
  if (method == "hold") {
    std::lock_guard hold(lock_);
    held_.push_back({from, msgid});
    return;
  }
  if (method == "flood") {
    flood(from, static_cast<std::size_t>(p.integer("count", 0, 1'000'000)),
          static_cast<std::size_t>(p.integer("bytes", 0, 1'000'000)));
    return from->reply(msgid, 0, codec::empty_map());
  }
  if (method == "quit") {
    from->reply(msgid, 0, codec::empty_map());
    return from->close_after_flush(channel::close_reason::by_service);
  }
  from->fail(msgid, 0, {errc::unimplemented, "no method " + std::string(method), {}, {}, 0});
}

void echo_service::flood(const channel::peer_ptr& to, std::size_t count, std::size_t bytes) {
  codec::packer params;
  codec::field(params.map(1), "text", std::string(bytes, 'x'));
  std::string frame;
  codec::begin_notification(frame, "flood.drop");
  frame.append(params.view());
  for (std::size_t i = 0; i < count; ++i) to->notify(0, frame);
}

void echo_service::on_notify(const channel::peer_ptr&, std::string_view, const msgpack::object&) {
  ++notifications;
}

void echo_service::on_close(const channel::peer_ptr& gone) {
  {
    std::lock_guard hold(lock_);
    closed_.push_back(gone->why_closed());
    peers_.erase(gone->id());
  }
  ++closes;
}

std::vector<reply_to> echo_service::held() const {
  std::lock_guard hold(lock_);
  return held_;
}

std::vector<reply_to> echo_service::await_held(std::size_t count) const {
  for (int i = 0; i < 2'000 && held().size() < count; ++i) std::this_thread::sleep_for(millis{1});
  return held();
}

std::vector<channel::close_reason> echo_service::closed() const {
  std::lock_guard hold(lock_);
  return closed_;
}

std::vector<channel::peer_ptr> echo_service::peers() const {
  std::lock_guard hold(lock_);
  std::vector<channel::peer_ptr> all;
  for (auto& [id, p] : peers_) all.push_back(p);
  return all;
}

}  // namespace switchboard::e2e
