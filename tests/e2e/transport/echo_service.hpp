#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/channel/transport/peer.hpp"

namespace switchboard::e2e {

/// A service with just enough behaviour to try the transport:
///   hello {}                 authenticates
///   echo {...}               answers its params
///   gated {after, tag}       answers {tag} once the journal is durable up to `after`
///   hold {}                  answers when the test says
///   flood {count, bytes}     sends that many notifications of that size, then answers
///   quit {}                  answers and closes after the answer
class echo_service final : public channel::rpc_service {
 public:
  void on_call(const channel::peer_ptr& from, std::uint32_t msgid, std::string_view method,
               const msgpack::object& params) override;
  void on_notify(const channel::peer_ptr& from, std::string_view method,
                 const msgpack::object& params) override;
  void on_close(const channel::peer_ptr& gone) override;

  /// The calls that `hold` holds; `after_hold` waits for that many.
  std::vector<reply_to> held() const;
  std::vector<reply_to> await_held(std::size_t count) const;
  std::vector<channel::close_reason> closed() const;
  std::vector<channel::peer_ptr> peers() const;

  std::atomic<std::size_t> calls{0};
  std::atomic<std::size_t> notifications{0};
  std::atomic<std::size_t> closes{0};

 private:
  void flood(const channel::peer_ptr& to, std::size_t count, std::size_t bytes);

  mutable std::mutex lock_;
  std::vector<reply_to> held_;
  std::vector<channel::close_reason> closed_;
  std::map<std::uint64_t, channel::peer_ptr> peers_;
};

}  // namespace switchboard::e2e
