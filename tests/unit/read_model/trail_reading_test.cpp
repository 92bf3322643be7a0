#include "actors/read_model/projection/trail_reading.hpp"

#include <set>

#include <gtest/gtest.h>

#include "actors/customer/customer_record.hpp"
#include "actors/read_model/projection/erasure.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/journal_key.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using namespace projecting;

struct trail_reading_test : testing::Test {
  memory_world w;

  session_id session(std::uint64_t n, const std::string& person, timestamp at, bool closed = true) {
    session_writer s(w.journal, numbered_session(n));
    s.open(at, "c" + std::to_string(n));
    s.identify(person, at);
    s.assign("lin", at + second);
    s.say("customer", "a secret", at + second);
    if (closed) s.close(at + hour);
    w.journal.commit_all();
    return s.state.id;
  }
  std::vector<std::string> lines(const trail_page& p) {
    std::vector<std::string> out;
    for (auto& l : p.lines) out.push_back(l.kind + " " + l.id);
    return out;
  }
};

TEST_F(trail_reading_test, sessions_orders_and_leads_of_all_merged_persons_come_newest_first) {
  auto a = session(1, "m:1", noon), b = session(2, "c:app:u", noon + 2 * hour);
  std::vector<trail_line> extra{{noon + hour, "order", "O1", {}},
                                {noon + 3 * hour, "lead", "l1", {}}};
  auto page =
      read_trail_page(*w.state.view(), {person_id{"m:1"}, person_id{"c:app:u"}}, extra, {}, 10);
  EXPECT_EQ(lines(page), (std::vector<std::string>{"lead l1", "session " + b.text(), "order O1",
                                                   "session " + a.text()}));
  EXPECT_TRUE(page.next.empty());
}

TEST_F(trail_reading_test, pages_follow_each_other_even_among_lines_of_one_instant) {
  std::vector<std::string> all;
  for (int i = 0; i < 7; ++i) session(static_cast<std::uint64_t>(10 + i), "m:1", noon);
  std::vector<trail_line> extra{{noon, "order", "O1", {}}, {noon, "lead", "l1", {}}};
  std::optional<trail_cursor> before;
  for (int pages = 0; pages < 10; ++pages) {
    auto page = read_trail_page(*w.state.view(), {person_id{"m:1"}}, extra, before, 2);
    for (auto& l : lines(page)) all.push_back(l);
    if (page.next.empty()) break;
    auto cursor = trail_cursor_of(page.next);
    ASSERT_TRUE(cursor);
    before = *cursor;
  }
  EXPECT_EQ(all.size(), 9u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 9u);
}

TEST_F(trail_reading_test, a_cursor_that_is_none_is_refused) {
  for (auto text : {"", "x", "1", "1.session", "x.session.s1"})
    EXPECT_EQ(trail_cursor_of(text).error().field, "before") << text;
}

TEST_F(trail_reading_test, where_the_customer_came_in_is_known_after_the_session_is_over) {
  session_writer s(w.journal, numbered_session(1));
  consultation_request r;
  r.request_id = "r1";
  r.channel = "app";
  r.customer.id = "c1";
  r.entry = "spring";
  r.page = "/lamps/7";
  s.write(session_machine::open(r, {}, 1, "en"), noon);
  findings f;
  f.person = person_id{"m:1"};
  f.campaign = "spring-sale";
  f.sales_channel = "shop";
  s.write(session_machine::identified(f, false), noon);
  w.journal.commit_all();
  s.close(noon + hour);
  w.journal.commit_all();
  std::vector<trail_entry> all;
  for_each_in_trail(*w.state.view(), person_id{"m:1"}, [&](const trail_entry& e) {
    all.push_back(e);
    return true;
  });
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].closed_at);
  EXPECT_EQ(all[0].entry, "spring");
  EXPECT_EQ(all[0].page, "/lamps/7");
  EXPECT_EQ(all[0].campaign, "spring-sale");
  EXPECT_EQ(all[0].sales_channel, "shop");
}

TEST_F(trail_reading_test, an_erased_session_counts_and_tells_nothing) {
  auto id = session(1, "m:1", noon), kept = session(2, "m:2", noon);
  auto before = read_session(*w.state.view(), id);
  store::record r;
  r.kind = store::entity_kind::customer;
  r.key = "m:1";
  encode(customer_event::sessions_erased{{id}}, noon, r.events);
  w.journal.append(r);
  w.journal.commit_all();
  auto view = w.state.view();
  auto left = read_session(*view, id);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->phase, before->phase);
  EXPECT_EQ(left->messages, before->messages);
  EXPECT_EQ(left->opened_at, before->opened_at);
  EXPECT_TRUE(left->customer.empty());
  EXPECT_TRUE(left->person.empty());
  EXPECT_TRUE(read_trail_page(*view, {person_id{"m:1"}}, {}, {}, 10).lines.empty());
  EXPECT_FALSE(find_last_close(*view, before->channel, before->customer));
  auto page = read_transcript(*view, id, 0);
  EXPECT_EQ(page.events.find("secret"), std::string::npos);
  EXPECT_EQ(page.last, before->seq) << "every event is still counted";
  EXPECT_NE(read_transcript(*view, kept, 0).events.find("secret"), std::string::npos);
}

TEST_F(trail_reading_test, journal_records_of_the_erased_are_rewritten_and_no_others) {
  auto id = session(1, "m:1", noon), kept = session(2, "m:2", noon);
  store::record r;
  r.kind = store::entity_kind::customer;
  r.key = "m:1";
  encode(customer_event::profile_changed{"x", {{"name", "Li"}}}, noon, r.events);
  w.journal.append(r);
  w.journal.commit_all();
  erasure what{{id}, {"m:1"}};
  int sessions = 0, others = 0;
  ASSERT_TRUE(w.journal.read(1, 1000, [&](const store::placed_record& placed) {
    auto edit = edit_for(what, placed);
    bool mine = placed.body.key == "m:1" || (placed.body.kind == store::entity_kind::session &&
                                             session_of_journal_key(placed.body.key) == id);
    EXPECT_EQ(edit.has_value(), mine);
    if (!edit) return others += 1, true;
    EXPECT_EQ(edit->events.find("secret"), std::string::npos);
    EXPECT_EQ(edit->events.find("Li"), std::string::npos);
    if (placed.body.kind == store::entity_kind::customer) {
      EXPECT_EQ(edit->key, erased_key);
      return true;
    }
    ++sessions;
    event_cursor was(placed.body.events), is(edit->events);
    while (was.next()) {
      EXPECT_TRUE(is.next());
      EXPECT_EQ(was.event().seq, is.event().seq);
      EXPECT_EQ(was.event().kind, is.event().kind);
    }
    EXPECT_FALSE(is.next());
    return true;
  }));
  EXPECT_GT(sessions, 2);
  EXPECT_GT(others, 2);
  (void)kept;
}

}  // namespace
}  // namespace switchboard
