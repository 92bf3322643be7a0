#include "actors/read_model/projection/session_forgetting.hpp"

#include <gtest/gtest.h>

#include "actors/messages/dispatch_messages.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using projecting::session_forgetter;

struct session_forgetting : testing::Test {
  memory_world w;
  std::vector<session_id> told;

  session_writer begin(timestamp at, const std::string& customer, std::uint64_t n = 1) {
    session_writer s(w.journal, make_session_id(7, at, n, n));
    s.open(at, customer, "r" + std::to_string(n));
    s.identify("c:app:" + customer, at);
    s.assign("ann", at + second);
    s.say("customer", "hello", at + 2 * second);
    return s;
  }
  session_id over(timestamp at, const std::string& customer, std::uint64_t n = 1) {
    auto s = begin(at, customer, n);
    s.close(at + 3 * second);
    return s.state.id;
  }
  std::size_t forget(timestamp before, std::size_t at_most = 100, bool let_go = true) {
    w.journal.commit_all();
    std::size_t n = 0;
    w.state.tidy([&](store::state_batch& batch) {
      n = forgetter.forget(batch, before, at_most, [&](const std::vector<session_id>& ids) {
        told.insert(told.end(), ids.begin(), ids.end());
        return let_go;
      });
    });
    return n;
  }
  /// Rows of all tables whose key holds the session's.
  std::size_t rows_of(const session_id& id) {
    std::size_t n = 0;
    auto view = w.state.view();
    for (auto& p : all_projections()) {
      for (auto& table : p->tables()) {
        view->scan(table, "", [&](std::string_view key, std::string_view value) {
          const auto k = projecting::session_key(id);
          if (key.find(k) != key.npos || value.find(k) != value.npos) ++n;
          return true;
        });
      }
    }
    return n;
  }
  std::size_t trail_of(const std::string& person) {
    std::size_t n = 0;
    projecting::for_each_in_trail(*w.state.view(), person_id{person},
                                  [&](auto&) { return ++n > 0; });
    return n;
  }
  session_forgetter forgetter;
};

TEST_F(session_forgetting,
       a_session_past_its_time_leaves_with_all_its_rows_and_a_younger_one_stays) {
  auto old = over(noon, "u1"), young = over(noon + 10 * day, "u2", 2);
  EXPECT_EQ(forget(noon + 5 * day), 1u);
  auto view = w.state.view();
  EXPECT_FALSE(projecting::read_session(*view, old));
  EXPECT_TRUE(projecting::read_transcript(*view, old, 0, {}).events.empty());
  EXPECT_EQ(trail_of("c:app:u1"), 0u);
  EXPECT_FALSE(projecting::find_last_close(*view, "app", "u1"));
  EXPECT_TRUE(projecting::read_session(*view, young));
  EXPECT_FALSE(projecting::read_transcript(*view, young, 0, {}).events.empty());
  EXPECT_EQ(trail_of("c:app:u2"), 1u);
  EXPECT_EQ(told, std::vector{old});
}

TEST_F(session_forgetting, no_row_of_it_is_left_once_its_request_ids_are_past_their_time_too) {
  auto old = over(noon, "u1");
  w.journal.commit_all();
  EXPECT_GT(rows_of(old), 3u);
  forget(noon + 5 * day);
  // Their expiry is swept with whatever is folded once a day of records has gone by.
  let_pass(w.journal, noon, noon + 2 * day);
  w.journal.commit_all();
  EXPECT_EQ(rows_of(old), 0u);
}

TEST_F(session_forgetting, its_person_stays) {
  session_writer s = begin(noon, "u1");
  s.close(noon + second);
  forget(noon + 5 * day);
  EXPECT_EQ(forget(noon + 5 * day), 0u) << "once";
}

TEST_F(session_forgetting, one_that_lives_is_not_forgotten_however_old_it_is) {
  auto s = begin(noon, "u1");
  EXPECT_EQ(forget(noon + 5 * day), 0u);
  EXPECT_TRUE(projecting::read_session(*w.state.view(), s.state.id));
  s.close(noon + 9 * day);
  EXPECT_EQ(forget(noon + 8 * day), 0u) << "its time begins with its close";
  EXPECT_EQ(forget(noon + 10 * day), 1u);
}

TEST_F(session_forgetting, goes_in_slices_that_lead_through_all) {
  for (std::uint64_t n = 1; n <= 25; ++n) over(noon + n * second, "u" + std::to_string(n), n);
  EXPECT_EQ(forget(noon + day, 10), 10u);
  EXPECT_EQ(forget(noon + day, 10), 10u);
  EXPECT_EQ(forget(noon + day, 10), 5u);
  EXPECT_EQ(forget(noon + day, 10), 0u);
}

TEST_F(session_forgetting, waits_while_what_is_kept_elsewhere_cannot_go) {
  auto old = over(noon, "u1");
  EXPECT_EQ(forget(noon + day, 10, false), 0u);
  EXPECT_TRUE(projecting::read_session(*w.state.view(), old));
  EXPECT_EQ(forget(noon + day), 1u);
}

TEST_F(session_forgetting, an_event_that_comes_after_all_makes_no_half_session) {
  auto s = begin(noon, "u1");
  s.close(noon + second);
  forget(noon + day);
  s.write({event::rated{5, "late"}}, noon + 2 * day);
  s.say("customer", "still there?", noon + 2 * day);
  w.journal.commit_all();
  EXPECT_FALSE(projecting::read_session(*w.state.view(), s.state.id));
  EXPECT_TRUE(projecting::read_transcript(*w.state.view(), s.state.id, 0, {}).events.empty());
}

}  // namespace
}  // namespace switchboard
