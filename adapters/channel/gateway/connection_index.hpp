#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "config/dispatch_config.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Whose a connection is, and by what it was let in: it is good for as long as that is.
struct connection_owner {
  enum class kind : std::uint8_t { channel, agent, console };
  /// socket: the local one, whose file mode is the proof.
  enum class proof : std::uint8_t { socket, token, password };
  kind what = kind::console;
  std::string id;
  proof by = proof::socket;
  std::string hash;  // of the token, or the password's, as the configuration has it
};

/// Till when a configuration lets a connection go on: `timestamp::max()` for good, or a time that
/// is past. An account that is gone altogether is not judged here: it finishes what it serves, and
/// its agent actor ends the connection.
timestamp good_until(const connection_owner& who, const config::dispatch_config& c);

/// The open connections of a node, each of which ends when what it was let in by is worth nothing
/// any more (docs/decisions/0016). Thread-safe.
class connection_index {
 public:
  void add(const outbox_ptr& connection, connection_owner who);
  void remove(std::uint64_t connection);
  std::size_t size() const;

  /// Ends every connection that `c`, which is in force from now on, does not let in.
  void review(const config::dispatch_config& c, timestamp now);
  /// The same of one that has just been added: the configuration may have changed meanwhile. False
  /// where it must not come in; it is not in the index any more then.
  bool still_good(std::uint64_t connection, const config::dispatch_config& c, timestamp now);
  /// Ends those whose old token has run out. Cheap where nothing is due.
  void end_due(timestamp now);

  /// The account's connections stay although their password or token is about to be replaced by the
  /// one with this hash.
  void keep(const std::string& account, const std::string& hash);
  /// Ends all connections of the account.
  void end_account(const std::string& account);

  /// Between the two a connection that ought to end still gets its answer.
  void hold(std::uint64_t connection);
  void release(std::uint64_t connection);

 private:
  struct entry {
    outbox_ptr out;
    connection_owner who;
    std::vector<std::string> kept_by;  // the hashes that may take the place of its own
    timestamp until = timestamp::max();
    int held = 0;
    bool ends = false;
  };
  static timestamp end_of(const entry& e, const config::dispatch_config& c);
  template <class Due> void end_where(Due due);
  void note_next();

  mutable std::mutex lock_;
  std::unordered_map<std::uint64_t, entry> open_;
  std::atomic<timestamp> next_{timestamp::max()};
};

}  // namespace switchboard
