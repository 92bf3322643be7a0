#include "tests/actor/customer/customer_fixture.hpp"

namespace switchboard {
namespace {

struct customer_merge_test : customer_fixture {
  center_handles centers;
  std::vector<center_call> orders_asked;

  customer_merge_test() {
    services.centers = &centers;
    start_directory();
  }
  ~customer_merge_test() override {
    if (centers.trade) caf::anon_send_exit(centers.trade, caf::exit_reason::user_shutdown);
    centers = {};
    orders_asked.clear();
  }
  /// A trade center that never answers by itself.
  void start_trade() {
    centers.trade = caf::actor_cast<center_actor>(
        system.spawn([this](caf::event_based_actor*) -> caf::behavior {
          return {[this](center_call& c) { orders_asked.push_back(std::move(c)); }};
        }));
  }
  customer_call of(const std::string& person, customer_method method,
                   const std::map<std::string, std::string>& fields = {}) {
    auto c = call(method, fields);
    c.person = person_id{person};
    return c;
  }
  void person(const std::string& id, const std::string& name) {
    tell(of(id, customer_method::update, {{"name", name}}));
  }
  void merge(const std::string& from, const std::string& into) {
    auto c = of(from, customer_method::merge);
    c.other = into;
    tell(std::move(c));
  }
  /// Anna, who has a lead, into Ann.
  void merge_with_a_lead() {
    person("m:1", "Ann");
    person("c:app:u1", "Anna");
    tell(of("c:app:u1", customer_method::lead_create, {{"title", "A lamp"}}));
    merge("c:app:u1", "m:1");
    w.journal.commit_all();
  }
  /// The events of the newest record, packed.
  std::string newest() const {
    std::string events;
    EXPECT_TRUE(w.journal.read(w.journal.last(), 1, [&](const store::placed_record& r) {
      events = r.body.events;
      return true;
    }));
    return events;
  }
  /// The process ends, what is not durable is gone, and it starts again.
  void start_again() {
    w.journal.crash();
    caf::anon_send_exit(persons(), caf::exit_reason::kill);
    directory.customers.clear();
    timers->stop();
    sched.run();
    ASSERT_EQ(awake(), 0u);
    new_timers();
    w.state.restart(all_projections());
    start_directory();
  }
  const answers::row& last() const { return out->rows.back(); }
  bool says(const std::string& what) const { return last().packed.find(what) != std::string::npos; }
};

TEST_F(customer_merge_test, whoever_is_asked_afterwards_it_is_the_survivor_who_answers) {
  person("m:1", "Ann");
  person("c:app:u1", "Anna");
  merge("c:app:u1", "m:1");
  ASSERT_FALSE(last().why) << last().why->message;
  EXPECT_EQ(last().after, w.journal.last());
  tell(of("c:app:u1", customer_method::get));
  EXPECT_TRUE(says("Ann"));
  EXPECT_FALSE(says("Anna"));
  tell(of("c:app:u1", customer_method::lead_create, {{"title", "A lamp"}}));
  tell(of("m:1", customer_method::lead_list));
  EXPECT_TRUE(says("A lamp")) << "what is asked of the one is done by the other";
}

TEST_F(customer_merge_test, the_same_merge_again_records_nothing_and_is_answered_alike) {
  person("m:1", "Ann");
  person("c:app:u1", "Anna");
  merge("c:app:u1", "m:1");
  auto at = w.journal.last();
  auto answer = last().packed;
  merge("c:app:u1", "m:1");
  EXPECT_EQ(w.journal.last(), at);
  EXPECT_EQ(last().packed, answer);
}

TEST_F(customer_merge_test, a_survivor_that_refuses_leaves_both_as_they_were) {
  person("c:app:u1", "Anna");
  auto at = w.journal.last();
  merge("c:app:u1", "m:none");
  ASSERT_TRUE(last().why);
  EXPECT_EQ(last().why->field, "into");
  EXPECT_EQ(w.journal.last(), at);
}

TEST_F(customer_merge_test, an_undo_gives_leads_back_even_after_both_were_asleep) {
  merge_with_a_lead();
  pass(millis{10'000});
  EXPECT_EQ(awake(), 0u);
  tell(of("c:app:u1", customer_method::unmerge));
  ASSERT_FALSE(last().why) << last().why->message;
  tell(of("c:app:u1", customer_method::lead_list));
  EXPECT_TRUE(says("A lamp"));
  tell(of("m:1", customer_method::lead_list));
  EXPECT_FALSE(says("A lamp"));
}

TEST_F(customer_merge_test,
       a_merge_cut_between_its_two_records_is_completed_when_the_survivor_comes_back) {
  person("m:1", "Ann");
  person("c:app:u1", "Anna");
  w.journal.commit_all();
  merge("c:app:u1", "m:1");
  w.journal.commit_some(1);
  start_again();
  tell(of("c:app:u1", customer_method::get));
  EXPECT_TRUE(says("Anna")) << "nobody told it yet";
  tell(of("m:1", customer_method::get));
  tell(of("c:app:u1", customer_method::get));
  EXPECT_TRUE(says("Ann"));
  EXPECT_FALSE(says("Anna"));
  // Once and no more.
  auto at = w.journal.last();
  w.journal.commit_all();
  start_again();
  tell(of("m:1", customer_method::get));
  EXPECT_EQ(w.journal.last(), at);
}

TEST_F(customer_merge_test,
       an_undo_cut_between_its_two_records_is_completed_when_the_other_comes_back) {
  merge_with_a_lead();
  auto undo = of("c:app:u1", customer_method::unmerge);
  undo.by.id = "a2";
  tell(std::move(undo));
  w.journal.commit_some(1);
  start_again();
  tell(of("c:app:u1", customer_method::get));
  w.journal.commit_all();
  EXPECT_NE(newest().find("agent:a2"), std::string::npos) << "who undid it, not who merged";
  tell(of("c:app:u1", customer_method::get));
  EXPECT_TRUE(says("Anna"));
  tell(of("c:app:u1", customer_method::lead_list));
  EXPECT_TRUE(says("A lamp"));
}

TEST_F(customer_merge_test, a_slow_trade_center_does_not_hold_up_the_trail) {
  start_trade();
  tell(trail_note{person_id{"m:1"}, {}, {.id = "u1"}, "7", "", {}, {}, true, false});
  tell(of("m:1", customer_method::history));
  ASSERT_EQ(orders_asked.size(), 1u);
  EXPECT_EQ(orders_asked[0].member_id, "7");
  EXPECT_TRUE(out->rows.empty());
  pass(millis{300});
  ASSERT_EQ(out->rows.size(), 1u);
  EXPECT_TRUE(says("orders: no answer within 300 ms"));
}

TEST_F(customer_merge_test, orders_stand_in_the_trail_by_their_time) {
  start_trade();
  tell(trail_note{person_id{"m:1"}, {}, {.id = "u1"}, "7", "", {}, {}, true, false});
  tell(of("m:1", customer_method::history));
  ASSERT_EQ(orders_asked.size(), 1u);
  codec::packer p;
  p.map(1).str("orders").array(1).map(2);
  field(p, "order_id", "O1");
  field(p, "created", clock.time);
  orders_asked[0].reply.ok(0, p.take());
  sched.run();
  ASSERT_EQ(out->rows.size(), 1u);
  EXPECT_TRUE(says("O1"));
  EXPECT_FALSE(says("trouble"));
}

}  // namespace
}  // namespace switchboard
