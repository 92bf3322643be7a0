#include <map>

#include "tests/actor/feed/feed_fixture.hpp"

/// All orders in which connections come and go, records become durable and the pump is stepped, up
/// to a length. The pump is stepped as the feeding thread does: only when it was woken, when a
/// commit came, or when it said so itself; whoever is attached when all is quiet has everything.
namespace switchboard {
namespace {

using clock = feed_pump::clock;

enum class move : std::uint8_t {
  attach_first,
  attach_at_cursor,
  attach_at_present,
  attach_other,
  detach,
  detach_other,
  commit,
  step
};
constexpr std::size_t moves = 8;

/// A node's feed with its bell, played by hand.
class played_feed {
 public:
  explicit played_feed(feed_limits limits) {
    for (int i = 0; i < 2; ++i) scribe_.say("app", 1);
    journal_.commit_all();
    pump_ = std::make_unique<feed_pump>(
        journal_, [this] { rung_ = true; }, limits);
    journal_.on_durable([this](store::position) { rung_ = true; });
  }

  void make(move m) {
    switch (m) {
      case move::attach_first:
        return attach("crm", {1, 0});
      case move::attach_at_cursor:
        return attach("crm", seen_);
      case move::attach_at_present:
        return attach("crm", present());
      case move::attach_other:
        return attach("other", {2, 0});
      case move::detach:
        return detach("crm");
      case move::detach_other:
        return detach("other");
      case move::commit:
        scribe_.say("app", 1);
        scribe_.say("web", 2);
        journal_.commit_all();
        return;
      case move::step:
        return step();
    }
  }

  /// The thread goes on until it sleeps with nothing due.
  void come_to_rest() {
    for (int i = 0; i < 200 && (rung_ || due_); ++i) {
      if (due_) now_ = std::max(now_, *due_);
      step();
    }
    EXPECT_FALSE(rung_ || due_) << "it never comes to rest";
  }

  /// Empty: everybody attached has what is theirs, in order and once.
  std::string missing() const {
    for (auto& [consumer, c] : attached_) {
      auto got = cursors_of(c.out->notifications());
      auto due = expected_feed(journal_, "app", c.after);
      if (got != due)
        return consumer + " has " + std::to_string(got.size()) + " of " +
               std::to_string(due.size()) + " events";
    }
    return {};
  }

 private:
  struct connection {
    feed_cursor after;
    std::shared_ptr<kept_output> out = std::make_shared<kept_output>();
  };
  feed_cursor present() const { return {journal_.durable() + 1, 0}; }
  void attach(const std::string& consumer, feed_cursor after) {
    connection c{after};
    pump_->attach("app", consumer, after, c.out);
    attached_.insert_or_assign(consumer, c);
  }
  /// Its last cursor is what the next connection goes on from.
  void detach(const std::string& consumer) {
    auto at = attached_.find(consumer);
    if (at == attached_.end()) return;
    auto got = at->second.out->notifications();
    if (consumer == "crm" && !got.empty()) seen_ = got.back().cursor;
    pump_->detach(at->second.out->id());
    attached_.erase(at);
  }
  void step() {
    if (!rung_ && (!due_ || *due_ > now_)) return;
    rung_ = false;
    due_ = pump_->step(now_);
  }

  store::memory_journal journal_;
  session_scribe scribe_{journal_};
  bool rung_ = false;
  std::unique_ptr<feed_pump> pump_;
  clock::time_point now_{};
  std::optional<clock::time_point> due_;
  feed_cursor seen_{1, 0};
  std::map<std::string, connection> attached_;
};

std::string told(const std::vector<move>& story) {
  static constexpr const char* names[moves] = {"attach at the first",
                                               "attach at its cursor",
                                               "attach at the present",
                                               "attach the other",
                                               "detach",
                                               "detach the other",
                                               "commit",
                                               "step"};
  std::string text;
  for (auto m : story)
    text += std::string(text.empty() ? "" : ", ") + names[static_cast<std::size_t>(m)];
  return text;
}

/// Every story of `length` moves; the first that goes wrong is told.
void play_all(std::size_t length, feed_limits limits) {
  std::vector<move> story(length, move::attach_first);
  for (bool more = true; more;) {
    played_feed feed(limits);
    for (auto m : story) feed.make(m);
    feed.come_to_rest();
    auto wrong = feed.missing();
    ASSERT_TRUE(wrong.empty() && !testing::Test::HasFailure())
        << wrong << " after: " << told(story);
    more = false;
    for (auto& m : story) {
      auto next = static_cast<std::size_t>(m) + 1;
      m = static_cast<move>(next % moves);
      if (next < moves) {
        more = true;
        break;
      }
    }
  }
}

TEST(feed_orders, nobody_attached_stands_still_before_what_is_durable_in_any_order_of_five_moves) {
  feed_limits one_by_one;
  one_by_one.live_records = one_by_one.slice_records = 1;
  for (auto& limits : {feed_limits{}, one_by_one}) play_all(5, limits);
}

TEST(feed_orders, a_detach_and_an_attach_in_one_step_do_not_lose_the_wake_up) {
  // The connection before was live and fed up to here; the commit, its end and the next one's
  // beginning come in one step.
  played_feed feed({});
  for (auto m :
       {move::attach_at_present, move::step, move::commit, move::detach, move::attach_at_cursor})
    feed.make(m);
  feed.come_to_rest();
  EXPECT_EQ(feed.missing(), "");
}

}  // namespace
}  // namespace switchboard
