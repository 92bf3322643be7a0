#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace switchboard::demo {

/// What a reader saw of one event.
struct seen_event {
  std::string session;
  std::uint64_t seq = 0;
  std::uint64_t prev = 0;
  /// The sender's key of a message ("customer/c-0"); empty for other events.
  std::string message;
};

/// Compares what was sent with what was acknowledged and what arrived, event by event. Knows
/// nothing of the daemon: whatever it counts was seen over the wire. Not thread-safe.
///
/// A reading is one reader's live stream of one session. Within it each `seq` may come once, and
/// each `prev` must be the seq before, else something was lost on the way.
class delivery_checker {
 public:
  struct totals {
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
    std::uint64_t doubled = 0;
  };

  void sent(const std::string& session, const std::string& message);
  void acknowledged(const std::string& session, const std::string& message);
  /// Pushed to the reader.
  void pushed(const std::string& reader, const seen_event& e);
  /// Fetched by the reader, in order from the beginning: what came before its reading.
  void fetched(const std::string& reader, const seen_event& e);
  /// The reader serves the session anew: its next push begins another reading.
  void begin_reading(const std::string& reader, const std::string& session);

  /// The session is over and these readers should have everything: counts what is missing or too
  /// much, once per session. `stored` are the events the daemon kept, as the customer reads them.
  void settle(const std::string& session, const std::string& customer, const std::string& agent,
              const std::vector<seen_event>& stored);

  const totals& so_far() const { return totals_; }
  /// One sentence each; the first hundred.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct reading {
    bool begun = false;
    std::uint64_t first_prev = 0;
    std::uint64_t last = 0;
    std::uint64_t fetched_to = 0;
    std::set<std::uint64_t> seqs;
    /// Where each message stood.
    std::map<std::string, std::set<std::uint64_t>> messages;
  };
  struct session_entry {
    std::map<std::string, int> acknowledgements;
    std::map<std::string, reading> readers;
  };

  void check_reader(const std::string& session, const std::string& reader, const reading& r,
                    const session_entry& s);
  void check_stored(const std::string& session, const reading& r,
                    const std::vector<seen_event>& stored);
  void lose(std::string what);
  void twice(std::string what);

  std::map<std::string, session_entry> sessions_;
  totals totals_;
  std::vector<std::string> problems_;
};

}  // namespace switchboard::demo
