#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/messages/edge_messages.hpp"
#include "actors/session/recall_search.hpp"
#include "actors/session/session_effect.hpp"
#include "actors/session/session_explanation.hpp"
#include "actors/session/transcript_tail.hpp"

namespace switchboard {

/// What somebody waits for who asked for more of the transcript than the tail holds.
struct history_request {
  enum class purpose : std::uint8_t {
    events,     // session.events
    recall,     // a message to be taken back, with who has read it
    why,        // session.why
    keys,       // the session itself: which requests were answered
    subscriber  // feeds a connection until it is live
  };
  purpose what = purpose::events;
  session_call call{};           // of events, recall, why
  request_key key{};             // of recall
  std::uint64_t connection = 0;  // of subscriber: its outbox
  std::shared_ptr<recall_search> found{};
  std::shared_ptr<session_explanation> account{};
  // Set by session_readers.
  std::uint64_t ticket = 0;
  std::uint64_t after = 0;
  bool asked = false;
};

/// Who hears a session, each up to a cursor of its own, and what of the transcript they hear it
/// from: the newest events lie here, older ones in the archive, which is asked by effects.
/// Notifications leave by the readers' outboxes. Three kinds of connections hear it: those that
/// have subscribed, those of the agent who serves it, and those of agents and supervisors who are
/// there beside (guests). A connection is one of these at most. Pure but for the outboxes; not
/// thread-safe.
class session_readers {
 public:
  struct subscription {
    outbox_ptr out;
    reader as = reader::customer;
    bool catching_up = false;  // is fed from the archive
    std::uint64_t cursor = 0;
    optional_ptr<participant> who;  // none: a customer's
  };
  static constexpr std::size_t most_requests = 64;

  /// Events before `first_held` are in the archive only.
  explicit session_readers(std::uint64_t first_held) : tail_(first_held) {}

  // ---- what happens

  /// Told to who is live, kept for who is not.
  void record(const session_state& s, std::uint64_t seq, store::position at, std::string encoded);
  /// Told to everybody but the connection `except`, and not kept.
  void tell_fleeting(const session_id& session, std::string_view type, std::string_view fields,
                     store::position after, std::uint64_t except = 0) const;
  /// Each agent who looks on learns who else does, when that has changed.
  void show_viewers(const session_state& s, store::position after);

  // ---- who hears it

  /// Fails where it asks for what is yet to come, or `most` have subscribed. `catch_up` follows.
  result<void> subscribe(const session_state& s, const outbox_ptr& out, const participant& by,
                         std::uint64_t after, std::size_t most);
  /// Tells a subscriber what is past and makes it live, or has it fed from the archive.
  void catch_up(const session_state& s, std::uint64_t connection);
  void unsubscribe(std::uint64_t connection);
  /// The connections of an agent, all of them, now. Nothing where the agent neither serves, is
  /// asked to, nor is a guest.
  void connected(const session_state& s, const agent_id& agent,
                 const std::vector<outbox_ptr>& connections);
  void add_guest(const agent_id& who, std::uint64_t from);
  bool is_guest(const agent_id& who) const;
  std::vector<agent_id> guests() const;
  void remove_guest(const agent_id& who);
  /// Nobody serves it any more, or nobody is asked to.
  void owner_gone() { owner_.clear(); }
  /// ... and agents' subscriptions end with it, unless they are there for themselves.
  void unsubscribe_agents(const session_state& s);
  /// A guest serves it from now on, and reads on where the guest was.
  void guest_is_owner(const agent_id& who);
  void over();
  /// Ends subscriptions of accounts and readings of guests that are not allowed any more; true if
  /// there were any.
  template <class Allowed, class MayWatch>
  bool drop_strangers(const session_state& s, const Allowed& allowed, const MayWatch& may_watch);
  bool anybody_subscribed() const { return !subscribers_.empty(); }
  /// But for guests'.
  std::size_t connections() const { return subscribers_.size() + owner_.size(); }

  // ---- the transcript

  const transcript_tail& tail() const { return tail_; }
  void trim(store::position projected, std::size_t spare = transcript_tail::keep) {
    tail_.trim(projected, spare);
  }
  /// Messages of the other side past `message_seq`, and past what `by` wrote last.
  std::uint32_t unread_after(const session_state& s, const participant& by,
                             std::uint64_t message_seq) const;

  /// False where too many ask already.
  bool ask_history(history_request r, std::uint64_t after);
  /// Asks the archive for what is not asked yet. Until it has all that recovery read (`complete`),
  /// nobody is asked: an answer would have a gap.
  void ask_archive(bool complete, session_effects& out);
  bool waits_for_archive() const;
  bool asks_for_history() const { return !history_.empty(); }
  bool asks_for(history_request::purpose what) const;
  std::optional<history_request> take_request(std::uint64_t ticket);
  /// Whether the tail goes on where a page of the archive ends. Else it was trimmed meanwhile, and
  /// more is to be read.
  bool joins(std::uint64_t page_last, std::uint64_t asked_after) const {
    return tail_.covers(std::max(page_last, asked_after));
  }
  /// Feeds a page to the subscriber it was asked for, who is live with the last one. True where
  /// another page is to be asked for.
  bool feed(const session_state& s, const history_request& r, std::string_view events,
            std::uint64_t last, bool more);

 private:
  struct guest {
    agent_id who;
    std::uint64_t from = 0;  // hears what comes after
    std::vector<subscription> connections;
  };
  guest* find_guest(const agent_id& who);
  subscription* find_subscriber(std::uint64_t connection);
  void go_live(const session_state& s, subscription& r) const;
  std::uint64_t served_from(const session_state& s) const;
  template <class From>
  std::vector<subscription> renewed(std::vector<subscription> before, const agent_id& who,
                                    const std::vector<outbox_ptr>& connections,
                                    const From& from) const;

  std::vector<subscription> subscribers_, owner_;
  std::vector<guest> guests_;
  std::size_t shown_viewers_ = 0;
  transcript_tail tail_;
  std::vector<history_request> history_;
  std::uint64_t next_ticket_ = 1;
};

/// The event as it is shown: what was taken back is shown to nobody. `hollow` holds what stands in
/// its place.
session_codec::stored_event as_shown(const session_state& s, const session_codec::stored_event& e,
                                     std::string& hollow);

/// One page of session.events.
class transcript_page {
 public:
  transcript_page(const session_state& s, reader as, std::uint64_t after, std::size_t most)
      : s_(s), as_(as), last_(after), most_(most) {}

  /// Later events than those taken before; what is past the page's end is left.
  void take(std::string_view events);
  bool full() const { return n_ >= most_; }
  bool empty() const { return n_ == 0; }
  /// The last event looked at, shown or not.
  std::uint64_t last() const { return last_; }
  std::string pack(bool more) const;

 private:
  const session_state& s_;
  reader as_;
  std::uint64_t last_;
  std::size_t most_;
  std::uint32_t n_ = 0;
  codec::packer items_;
};

template <class Allowed, class MayWatch>
bool session_readers::drop_strangers(const session_state& s, const Allowed& allowed,
                                     const MayWatch& may_watch) {
  bool any = std::erase_if(subscribers_, [&](auto& r) { return r.who && !allowed(r.who->id); }) > 0;
  for (auto& g : guests_) {
    auto* p = g.connections.empty() ? nullptr : participants::find(s, g.who.value);
    if (!p || may_watch(*p)) continue;
    g.connections.clear();
    any = true;
  }
  return any;
}

}  // namespace switchboard
