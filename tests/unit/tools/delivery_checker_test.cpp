#include "tools/demo/delivery_checker.hpp"

#include <gtest/gtest.h>

namespace switchboard::demo {
namespace {

const std::string session = "s00A", customer = "channel app", agent = "agent lin";

/// A session of three events in which one message goes each way: 2 by the customer, 3 by the agent.
class delivery_book_test : public testing::Test {
 protected:
  void SetUp() override {
    for (auto* message : {"customer/c-0", "agent/a-1"}) {
      book.sent(session, message);
      book.acknowledged(session, message);
    }
    for (auto& e : all) book.pushed(customer, e);
  }
  void agent_reads_from(std::size_t first) {
    for (std::size_t i = 0; i < first; ++i) book.fetched(agent, all[i]);
    for (auto i = first; i < all.size(); ++i) book.pushed(agent, all[i]);
  }
  void settle() { book.settle(session, customer, agent, all); }

  std::vector<seen_event> all{
      {session, 1, 0, ""}, {session, 2, 1, "customer/c-0"}, {session, 3, 2, "agent/a-1"}};
  delivery_checker book;
};

TEST_F(delivery_book_test, counts_nothing_where_everything_came_once) {
  agent_reads_from(1);
  settle();
  EXPECT_EQ(book.so_far().lost, 0u);
  EXPECT_EQ(book.so_far().doubled, 0u);
  EXPECT_EQ(book.so_far().sent, 2u);
  EXPECT_EQ(book.so_far().acknowledged, 2u);
}

TEST_F(delivery_book_test, finds_a_message_that_never_came) {
  book.pushed(agent, all[0]);
  book.pushed(agent, all[1]);
  settle();
  EXPECT_EQ(book.so_far().lost, 1u);
  ASSERT_EQ(book.problems().size(), 1u);
  EXPECT_NE(book.problems()[0].find("agent/a-1 never came to agent lin"), std::string::npos);
}

TEST_F(delivery_book_test, finds_what_came_again) {
  agent_reads_from(0);
  book.pushed(agent, all[2]);
  settle();
  EXPECT_EQ(book.so_far().doubled, 1u);
  EXPECT_EQ(book.so_far().lost, 0u);
}

TEST_F(delivery_book_test, finds_one_message_in_two_places) {
  agent_reads_from(0);
  seen_event again{session, 4, 3, "customer/c-0"};
  book.pushed(customer, again);
  book.pushed(agent, again);
  all.push_back(again);
  settle();
  EXPECT_EQ(book.so_far().doubled, 2u);
}

TEST_F(delivery_book_test, finds_a_gap_by_prev) {
  agent_reads_from(0);
  book.pushed(agent, {session, 6, 5, ""});
  EXPECT_EQ(book.so_far().lost, 1u);
}

TEST_F(delivery_book_test, finds_what_nobody_showed_before_the_reading) {
  book.pushed(agent, all[2]);
  settle();
  EXPECT_EQ(book.so_far().lost, 2u);  // the stretch before, and the message in it
}

TEST_F(delivery_book_test, finds_a_missing_and_a_repeated_acknowledgement) {
  agent_reads_from(0);
  book.acknowledged(session, "agent/a-1");
  EXPECT_EQ(book.so_far().doubled, 1u);
  book.sent(session, "customer/c-2");
  settle();
  EXPECT_EQ(book.so_far().lost, 3u);  // not acknowledged, seen by neither
}

TEST_F(delivery_book_test, finds_what_is_kept_otherwise_than_it_came) {
  agent_reads_from(0);
  all.pop_back();
  all.push_back({session, 4, 3, ""});
  settle();
  EXPECT_EQ(book.so_far().lost, 2u);  // 3 is not kept, 4 never came
}

TEST_F(delivery_book_test, a_new_reading_may_begin_further_back) {
  agent_reads_from(0);
  book.begin_reading(agent, session);
  book.pushed(agent, all[1]);
  book.pushed(agent, all[2]);
  settle();
  EXPECT_EQ(book.so_far().lost, 1u);  // it was never shown what came before 2 anew
  EXPECT_EQ(book.so_far().doubled, 0u);
}

}  // namespace
}  // namespace switchboard::demo
