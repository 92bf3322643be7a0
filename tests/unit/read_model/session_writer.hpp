#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "actors/session/session_machine.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/store/memory_journal.hpp"
#include "runtime/store/memory_state.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Session, agent and customer projections, with nothing in memory.
std::vector<std::shared_ptr<store::projection>> all_projections();

session_id numbered_session(std::uint64_t n, shard_id shard = 7);

/// One session as its actor would write it: every command a record, and the state that comes of it.
class session_writer {
 public:
  session_writer(store::journal& journal, session_id id) : journal_(journal) { state.id = id; }

  store::position write(std::vector<session_payload> events, timestamp at, request_key key = {});
  store::position open(timestamp at, const std::string& customer = "c1",
                       const std::string& request_id = "r1");
  store::position identify(const std::string& person, timestamp at);
  store::position assign(const std::string& agent, timestamp at,
                         const std::string& group = "sales");
  store::position say(const std::string& role, const std::string& text, timestamp at);
  store::position close(timestamp at);
  /// Something that may happen to a session in this phase.
  store::position random_command(std::mt19937_64& rng, timestamp at);

  session_state state;
  /// Encoded, by seq − 1.
  std::vector<std::string> events;

 private:
  session_payload random_payload(std::mt19937_64& rng) const;
  session_payload random_end(std::mt19937_64& rng) const;
  store::journal& journal_;
};

/// Journal and state in memory, joined.
struct memory_world {
  store::memory_journal journal;
  store::memory_state state{journal, all_projections()};
};

/// Somebody is active all the while: a record every five minutes, the last at `to`.
void let_pass(store::journal& journal, timestamp from, timestamp to);

constexpr timestamp noon = from_unix_ms(1'700'000'000'000);
constexpr millis second{1000}, hour{3'600'000}, day = 24 * hour;

}  // namespace switchboard
