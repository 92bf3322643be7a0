#include "actors/session/session_readers.hpp"

#include <gtest/gtest.h>

#include "runtime/codec/byte_reader.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;

/// Notes what it is told: "7 message", "viewing", "typing".
struct connection final : outbox {
  explicit connection(std::uint64_t number) : number(number) {}
  void reply(std::uint32_t, store::position, std::string) override {
    ADD_FAILURE() << "answers are the actor's";
  }
  void fail(std::uint32_t, store::position, const error&) override {
    ADD_FAILURE() << "answers are the actor's";
  }
  void notify(store::position after, std::string frame) override {
    told.push_back(std::move(frame));
    afters.push_back(after);
  }
  std::uint64_t id() const override { return number; }
  bool open() const override { return is_open; }
  bool heard(std::string_view word) const {
    return std::ranges::any_of(told, [&](auto& f) { return f.find(word) != std::string::npos; });
  }
  std::uint64_t number;
  bool is_open = true;
  std::vector<std::string> told;
  std::vector<store::position> afters;
};

struct readers : session_fixture {
  session_readers part{1};
  store::position at = 100;
  std::string archive;  // every event

  void record(session_machine::payloads events) {
    for (auto& what : events) {
      auto e = sequence(s, std::move(what), now);
      apply(s, e);
      std::string bytes;
      session_codec::encode(e, bytes);
      archive += bytes;
      part.record(s, e.seq, ++at, std::move(bytes));
    }
  }
  void record(result<session_machine::payloads> decided) {
    ASSERT_TRUE(decided) << decided.error().message;
    record(std::move(*decided));
  }
  void talk(const participant& who, const char* text) {
    codec::packer p;
    field(p.map(1), "text", text);
    record(session_machine::send(s, who, {{}, "text", {p.take()}}, {}));
  }
  void serve() {
    consultation_request r;
    r.channel = "app";
    r.customer.id = "u1";
    record(session_machine::open(r, {}, 1, "en"));
    record(session_machine::identified({}, false));
    record(session_machine::plan(s, plan_of({{"g"}}), {0, {group_id{"g"}}, {}}, now));
    record(session_machine::propose(s, proposal(lin), now));
  }
  std::shared_ptr<connection> subscribes(const participant& who, std::uint64_t number,
                                         std::uint64_t after) {
    auto c = std::make_shared<connection>(number);
    EXPECT_TRUE(part.subscribe(s, c, who, after, 64));
    part.catch_up(s, number);
    return c;
  }
  std::vector<effect::read_history> asked(bool complete = true) {
    session_effects out;
    part.ask_archive(complete, out);
    std::vector<effect::read_history> list;
    for (auto& e : out) list.push_back(std::get<effect::read_history>(e));
    return list;
  }
};

TEST_F(readers, a_subscriber_hears_what_is_past_its_cursor_once_and_then_live) {
  serve();
  talk(customer, "first");
  auto c = subscribes(customer, 1, s.seq - 1);
  ASSERT_EQ(c->told.size(), 1u);
  EXPECT_TRUE(c->heard("first"));
  talk(lin, "second");
  EXPECT_TRUE(c->heard("second"));
  EXPECT_EQ(c->told.size(), 2u);
  EXPECT_EQ(c->afters.back(), at) << "behind what is recorded";
}

TEST_F(readers, nobody_reads_ahead_and_not_more_than_may) {
  serve();
  auto c = std::make_shared<connection>(1);
  EXPECT_EQ(part.subscribe(s, c, customer, s.seq + 1, 64).error().field, "after");
  EXPECT_TRUE(part.subscribe(s, c, customer, 0, 1));
  EXPECT_TRUE(part.subscribe(s, c, customer, 0, 1)) << "the same connection again";
  EXPECT_EQ(part.subscribe(s, std::make_shared<connection>(2), customer, 0, 1).error().code,
            errc::resource_exhausted);
  c->is_open = false;
  EXPECT_TRUE(part.subscribe(s, std::make_shared<connection>(2), customer, 0, 1))
      << "who is gone makes room";
}

TEST_F(readers, customers_are_not_told_what_agents_see) {
  serve();
  auto c = subscribes(customer, 1, s.seq);
  auto a = subscribes(lin, 2, s.seq);
  record(session_machine::note(s, lin, {"\x81\xa4text\xa6secret"}));
  EXPECT_FALSE(c->heard("secret"));
  EXPECT_TRUE(a->heard("secret"));
}

TEST_F(readers, what_was_taken_back_is_shown_to_nobody_who_comes_later) {
  serve();
  talk(lin, "slip");
  const auto seq = s.seq;
  record(session_machine::recall(s, lin, seq, lin, now, now, {}));
  auto c = subscribes(customer, 1, seq - 1);
  EXPECT_FALSE(c->heard("slip"));
  EXPECT_TRUE(c->heard("recalled"));
  transcript_page page(s, reader::agent, 0, 100);
  page.take(archive);
  EXPECT_EQ(page.pack(false).find("slip"), std::string::npos);
}

TEST_F(readers, the_serving_agents_connections_hear_it_from_the_assignment_on) {
  serve();
  auto c = std::make_shared<connection>(5);
  part.connected(s, agent_id{"lin"}, {c});
  EXPECT_EQ(c->told.size(), 1u) << "assigned, and nothing before";
  EXPECT_EQ(part.connections(), 1u);
  part.connected(s, agent_id{"lin"}, {c});
  EXPECT_EQ(c->told.size(), 1u) << "told once";
  part.connected(s, agent_id{"chen"}, {std::make_shared<connection>(6)});
  EXPECT_EQ(part.connections(), 1u) << "who neither serves nor is there hears nothing";
  part.owner_gone();
  talk(customer, "hello");
  EXPECT_FALSE(c->heard("hello"));
}

TEST_F(readers, a_connection_that_subscribes_is_not_told_twice) {
  serve();
  auto c = std::make_shared<connection>(5);
  part.connected(s, agent_id{"lin"}, {c});
  c->told.clear();
  EXPECT_TRUE(part.subscribe(s, c, lin, s.seq, 64));
  part.catch_up(s, 5);
  talk(customer, "hello");
  EXPECT_EQ(c->told.size(), 1u);
  part.connected(s, agent_id{"lin"}, {c});
  talk(customer, "again");
  EXPECT_EQ(c->told.size(), 2u);
}

TEST_F(readers, a_guest_hears_from_its_coming_and_goes_on_where_it_was_as_the_owner) {
  serve();
  auto c = std::make_shared<connection>(7);
  part.add_guest(agent_id{"chen"}, s.seq);
  part.connected(s, agent_id{"chen"}, {c});
  EXPECT_TRUE(c->told.empty());
  talk(customer, "hello");
  EXPECT_EQ(c->told.size(), 1u);
  part.owner_gone();
  part.guest_is_owner(agent_id{"chen"});
  EXPECT_FALSE(part.is_guest(agent_id{"chen"}));
  talk(customer, "still there");
  EXPECT_EQ(c->told.size(), 2u);
  EXPECT_EQ(part.connections(), 1u);
}

TEST_F(readers, who_leaves_reads_no_more) {
  serve();
  part.add_guest(agent_id{"chen"}, s.seq);
  auto c = subscribes(chen, 7, s.seq);
  part.remove_guest(agent_id{"chen"});
  talk(customer, "hello");
  EXPECT_TRUE(c->told.empty());
  EXPECT_TRUE(part.guests().empty());
}

TEST_F(readers, who_may_not_hear_it_any_more_is_dropped_and_customers_are_not) {
  serve();
  auto c = subscribes(customer, 1, s.seq), a = subscribes(chen, 2, s.seq);
  auto nobody = [](const std::string&) { return false; };
  EXPECT_TRUE(part.drop_strangers(s, nobody, [](const party&) { return false; }));
  EXPECT_FALSE(part.drop_strangers(s, nobody, [](const party&) { return false; }));
  talk(lin, "hello");
  EXPECT_TRUE(c->heard("hello"));
  EXPECT_FALSE(a->heard("hello"));
}

TEST_F(readers, agents_learn_who_else_looks_on_and_customers_do_not) {
  serve();
  auto c = subscribes(customer, 1, s.seq), a = subscribes(chen, 2, s.seq);
  part.show_viewers(s, at);
  EXPECT_FALSE(a->heard("viewing")) << "it is alone";
  auto q = subscribes(qian, 3, s.seq);
  part.show_viewers(s, at);
  EXPECT_TRUE(a->heard("viewing"));
  EXPECT_TRUE(q->heard("viewing"));
  EXPECT_FALSE(c->heard("viewing"));
  a->told.clear();
  part.unsubscribe(3);
  part.show_viewers(s, at);
  EXPECT_TRUE(a->heard("viewing")) << "that it is alone again";
}

TEST_F(readers, an_old_cursor_is_fed_from_the_archive_and_then_goes_on_live) {
  serve();
  for (int i = 0; i < 30; ++i) talk(customer, ("m" + std::to_string(i)).c_str());
  part.trim(at, 2);
  auto c = subscribes(customer, 1, 0);
  EXPECT_TRUE(c->told.empty());
  talk(lin, "meanwhile");
  EXPECT_TRUE(c->told.empty()) << "the order is one";
  EXPECT_TRUE(asked(false).empty()) << "the state lacks what recovery read";
  EXPECT_TRUE(part.waits_for_archive());
  auto ask = asked();
  ASSERT_EQ(ask.size(), 1u);
  EXPECT_EQ(ask[0].after, 0u);
  EXPECT_TRUE(asked().empty()) << "once";
  auto r = part.take_request(ask[0].ticket);
  ASSERT_TRUE(r);
  EXPECT_FALSE(part.take_request(ask[0].ticket));
  EXPECT_FALSE(part.feed(s, *r, archive, s.seq - 1, false));
  EXPECT_TRUE(c->heard("m0"));
  EXPECT_TRUE(c->heard("meanwhile"));
  const auto n = c->told.size();
  talk(lin, "live");
  EXPECT_EQ(c->told.size(), n + 1);
}

TEST_F(readers, a_page_that_the_tail_does_not_continue_is_followed_by_another) {
  serve();
  talk(customer, "one");
  const auto first = archive;
  const auto last = s.seq;
  for (int i = 0; i < 30; ++i) talk(customer, "more");
  part.trim(at, 2);
  subscribes(customer, 1, 0);
  auto r = part.take_request(asked().at(0).ticket);
  EXPECT_TRUE(part.feed(s, *r, first, last, false));
}

TEST_F(readers, requests_of_the_archive_are_bounded) {
  for (std::size_t i = 0; i < session_readers::most_requests; ++i)
    EXPECT_TRUE(part.ask_history({}, 0));
  EXPECT_FALSE(part.ask_history({}, 0));
}

TEST_F(readers, unread_counts_the_other_sides_messages_after_ones_own) {
  serve();
  talk(customer, "one");
  talk(customer, "two");
  const auto two = s.seq;
  talk(customer, "three");
  EXPECT_EQ(part.unread_after(s, lin, two), 1u);
  talk(lin, "answer");
  EXPECT_EQ(part.unread_after(s, lin, 0), 0u);
  EXPECT_EQ(part.unread_after(s, customer, 0), 1u);
}

TEST_F(readers, a_page_ends_where_it_is_full_and_says_how_far_it_looked) {
  serve();
  const auto from = s.seq;
  for (int i = 0; i < 5; ++i) talk(customer, "m");
  transcript_page page(s, reader::customer, from, 3);
  page.take(archive);
  EXPECT_TRUE(page.full());
  EXPECT_EQ(page.last(), from + 3);
  transcript_page nothing(s, reader::customer, s.seq, 3);
  nothing.take(archive);
  EXPECT_TRUE(nothing.empty());
}

TEST_F(readers, a_search_finds_the_message_and_each_reader_once) {
  serve();
  talk(lin, "slip");
  const auto seq = s.seq;
  record(session_machine::read(s, customer, seq));
  talk(lin, "next");
  record(session_machine::read(s, customer, s.seq));
  recall_search search(seq);
  session_codec::for_each(archive, [&](auto& e) { search.look_at(e); });
  ASSERT_TRUE(search.message());
  EXPECT_EQ(search.message()->from.id, "lin");
  ASSERT_EQ(search.readers().size(), 1u);
  EXPECT_EQ(search.readers()[0].id, "u1");
  recall_search other(seq + 1);
  session_codec::for_each(archive, [&](auto& e) { other.look_at(e); });
  EXPECT_TRUE(other.found());
  EXPECT_FALSE(other.message()) << "it is no message";
}

}  // namespace
}  // namespace switchboard
