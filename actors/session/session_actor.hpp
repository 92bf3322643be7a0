#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "actors/reception/attachment_release.hpp"
#include "actors/reception/reception_rules.hpp"
#include "actors/session/automatic_message.hpp"
#include "actors/session/session_machine.hpp"
#include "actors/session/session_stay.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/admission.hpp"

namespace switchboard {

struct session_options {
  /// A session that nobody touches gives back its tail and keys after this.
  millis idle_after{60'000};
  /// How often a waiting customer who listens is told position and estimate.
  millis position_every{5'000};
  /// Past this without an answer, dispatch goes on with nothing known (identification has its own,
  /// shorter deadline).
  millis identification_patience{2'000};
  std::size_t events_page = 200;
  std::size_t readers = 64;  // of one session
};

/// The live counts by phase: written by sessions, read by anybody (I7).
struct session_counters {
  std::atomic<std::int64_t> opened{0};
  std::array<std::atomic<std::int64_t>, 7> in_phase{};
  std::atomic<std::int64_t> messages{0}, assigned{0}, longest_wait_ms{0}, degraded{0};
};

/// What every session of a node shares. Outlives them.
struct session_services {
  store::journal& journal;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  session_counters& counters;
  /// The active configuration; replaced as a whole.
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  std::function<std::uint64_t()> random;
  session_options options;
  /// What recovery has read; until it is projected, the archive does not know all of a session.
  store::position recovered_upto = 0;
  /// The active configuration's reception settings.
  std::function<std::shared_ptr<const reception_rules>()> reception;
  /// Null where no files are kept.
  attachment_release* attachments = nullptr;
  /// Under which repeated requests are known.
  codec::digest_secret secret{};
  /// The name in the profile of `person`, as of now; of whoever asks so on that channel where the
  /// person is not known yet.
  std::function<profile_name(const person_id& person, const std::string& channel,
                             const channel_customer& who)>
      known_name;
  /// Whether the journal stands still; null: never.
  const store::work_gate* gate = nullptr;
};

/// A new session. Its first message is open_session; `continues` is the customer's session before,
/// where it goes on from one, and `last_agent` who served that.
session_actor spawn_session(caf::actor_system& system, const session_services& services,
                            const session_id& id, std::optional<session_id> continues,
                            agent_id last_agent);
/// A session as its snapshot and the journal's tail left it. Its events lie in the archive.
/// It takes up its place again by itself: queues, capacity, deadlines.
session_actor spawn_recovered_session(caf::actor_system& system, const session_services& services,
                                      session_state state);

}  // namespace switchboard
