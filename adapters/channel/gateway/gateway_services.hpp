#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/customer/block_list.hpp"
#include "actors/directory/directory_view.hpp"
#include "actors/session/session_actor.hpp"
#include "adapters/attachment/attachment_service.hpp"
#include "adapters/channel/gateway/connection_index.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

class customer_jobs;
class worker_activity;
namespace password {
class password_verifier;
}

/// The durable feed of a channel's events to its consumers (channel.subscribe, channel.ack).
/// Thread-safe.
class channel_feed {
 public:
  virtual ~channel_feed() = default;
  /// Starts feeding from `after` (a cursor), or from where the consumer last acknowledged; answers
  /// through `reply`.
  virtual void subscribe(const std::string& channel, const std::string& consumer,
                         const std::string& after, const reply_to& reply) = 0;
  virtual void acknowledge(const std::string& channel, const std::string& consumer,
                           const std::string& cursor, const reply_to& reply) = 0;
  virtual void unsubscribe(std::uint64_t outbox) = 0;
};

/// All that the wire's methods are served with. Outlives every gateway and every call.
struct gateway_services {
  connection_index& connections;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  center_handles centers;
  credit_actor credit;
  channel_feed* feed = nullptr;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  /// Packs what admin.status adds of the host: {key: value...} pairs, their number first.
  /// `longest_wait`: of who waits in a group now; nothing where nobody does.
  std::function<void(codec::packer&, std::optional<millis> longest_wait)> host_status;
  std::string node;
  std::function<std::shared_ptr<const reception_rules>()> reception;
  attachment::attachment_service* attachments = nullptr;  // null: no files are taken
  /// Whom not to let in, what is known of sessions, and what takes long with customers; each may be
  /// missing where it is not needed.
  const block_list* blocks = nullptr;
  const store::state* state = nullptr;
  customer_jobs* work = nullptr;
  /// Copies all data into a folder of this machine, and answers when that is done.
  std::function<void(const std::string& dir, const reply_to&)> backup;
  /// Checks passwords; null: nobody logs in by one.
  password::password_verifier* passwords = nullptr;
  /// Under which repeated requests are known.
  codec::digest_secret secret{};
  /// Whether the store has room for work; null: always.
  const store::work_gate* gate = nullptr;
  /// What the threads that run actors do; null: they are not ours (a simulation).
  worker_activity* activity = nullptr;
};

}  // namespace switchboard
