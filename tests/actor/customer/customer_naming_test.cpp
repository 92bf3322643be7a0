#include "runtime/codec/byte_reader.hpp"
#include "tests/actor/customer/customer_fixture.hpp"

namespace switchboard {
namespace {

/// What agents and administrators name customers by, from outside.
struct customer_naming_test : customer_fixture {
  customer_naming_test() { start_directory(); }

  /// A session of that customer of a channel was identified as the person.
  void come(const std::string& person, const std::string& channel, const std::string& id,
            const std::string& phone = {}, const std::string& union_id = {}) {
    trail_note n;
    n.person = person_id{person};
    n.entry.session = numbered_session(++sessions);
    n.entry.channel = channel;
    n.entry.opened_at = clock.time;
    n.seen_as.id = id;
    n.seen_as.phone = phone;
    n.seen_as.union_id = union_id;
    tell(std::move(n));
  }
  void ask(customer_call m) {
    caf::anon_send(persons(), std::move(m));
    sched.run();
  }
  customer_call of(const std::string& name, customer_method method = customer_method::get) {
    auto m = call(method);
    m.person = person_id{name};
    return m;
  }
  /// The customer's id in the answer to customer.get, or the error's code.
  std::string who_is(const std::string& name) {
    ask(of(name));
    return last_answer();
  }
  std::string last_answer() {
    auto& row = out->rows.back();
    if (row.why) return std::string(to_string(row.why->code));
    codec::byte_reader r(row.packed);
    for (auto left = r.map().value_or(0); left > 0; --left) {
      auto key = r.text();
      if (key == "customer_id") return std::string(r.text().value_or(""));
      r.skip();
    }
    return "an answer without a customer";
  }
  void fall_asleep() {
    w.journal.commit_all();
    pass(services.options.idle_after);
    pass(services.options.idle_after);
    ASSERT_EQ(awake(), 0u);
  }
  std::uint64_t sessions = 0;
};

TEST_F(customer_naming_test, every_identity_of_a_person_names_it) {
  come("c:app:base", "app", "base", "13800000001", "un1");
  come("c:app:base", "web", "c1", "13800000001");
  fall_asleep();
  for (auto name : {"c:app:base", "c:web:c1", "web:c1", "web/c1", "app/base", "un1", "13800000001",
                    "+86 138 0000 0001"})
    EXPECT_EQ(who_is(name), "c:app:base") << name;
}

TEST_F(customer_naming_test,
       a_block_under_another_channel_s_id_blocks_the_person_on_every_channel) {
  block_list blocks;
  services.blocks = &blocks;
  come("c:app:base", "app", "base", "13800000001");
  come("c:app:base", "web", "c1", "13800000001");
  fall_asleep();
  auto block = of("c:web:c1", customer_method::block);
  block.text = "abuse";
  ask(block);
  EXPECT_FALSE(out->rows.back().why);
  channel_customer who;
  who.id = "c1";
  EXPECT_TRUE(blocks.find("web", who, clock.time));
  who.id = "base";
  EXPECT_TRUE(blocks.find("app", who, clock.time));
  who.id = "new here";
  who.phone = "138 0000 0001";
  EXPECT_TRUE(blocks.find("mini", who, clock.time));
}

TEST_F(customer_naming_test, whoever_never_was_is_not_found_makes_no_record_and_no_actor) {
  come("c:app:base", "app", "base");
  fall_asleep();
  auto before = w.journal.last();
  for (auto method :
       {customer_method::get, customer_method::update, customer_method::tag, customer_method::block,
        customer_method::unblock, customer_method::history, customer_method::changes,
        customer_method::lead_create, customer_method::lead_list, customer_method::settle}) {
    ask(of("c:app:bsae", method));
    ASSERT_TRUE(out->rows.back().why) << static_cast<int>(method);
    EXPECT_EQ(out->rows.back().why->code, errc::not_found) << static_cast<int>(method);
    EXPECT_EQ(out->rows.back().why->field, "customer_id");
  }
  EXPECT_EQ(w.journal.last(), before);
  EXPECT_EQ(awake(), 0u);
}

TEST_F(customer_naming_test, many_reads_of_ids_that_never_were_make_no_actors) {
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(who_is("c:app:" + std::to_string(i)), "not_found");
  EXPECT_EQ(awake(), 0u);
}

TEST_F(customer_naming_test, nobody_is_merged_into_whom_nobody_knows) {
  come("c:app:base", "app", "base");
  fall_asleep();
  auto merge = of("c:app:base", customer_method::merge);
  merge.other = "c:app:bsae";
  ask(merge);
  ASSERT_TRUE(out->rows.back().why);
  EXPECT_EQ(out->rows.back().why->code, errc::not_found);
  EXPECT_EQ(out->rows.back().why->field, "into");
}

TEST_F(customer_naming_test, one_merged_away_answers_as_its_survivor_by_any_of_its_names) {
  come("c:app:base", "app", "base");
  come("c:web:w1", "web", "w1", "13800000002");
  fall_asleep();
  auto merge = of("web/w1", customer_method::merge);
  merge.other = "app/base";
  ask(merge);
  ASSERT_FALSE(out->rows.back().why) << out->rows.back().why->message;
  fall_asleep();
  for (auto name : {"c:web:w1", "web/w1", "13800000002"}) EXPECT_EQ(who_is(name), "c:app:base");
  ask(of("web/w1", customer_method::unmerge));
  EXPECT_EQ(last_answer(), "c:web:w1");
}

TEST_F(customer_naming_test, a_telephone_that_several_have_names_nobody) {
  come("c:app:a", "app", "a", "13800000003");
  come("c:app:b", "app", "b", "13800000003");
  fall_asleep();
  EXPECT_EQ(who_is("13800000003"), "failed_precondition");
  EXPECT_EQ(out->rows.back().why->message,
            "customer_id: belongs to several customers: c:app:a c:app:b");
}

TEST_F(customer_naming_test, who_came_a_moment_ago_is_found_before_the_state_knows_them) {
  come("c:app:new", "app", "new");
  EXPECT_EQ(who_is("c:app:new"), "c:app:new");
  auto answers = out->rows.size();
  ask(of("app/new"));
  EXPECT_EQ(out->rows.size(), answers) << "waits for the state";
  w.journal.commit_all();
  pass(services.options.look_again);
  ASSERT_EQ(out->rows.size(), answers + 1);
  EXPECT_EQ(last_answer(), "c:app:new");
}

TEST_F(customer_naming_test,
       a_record_made_by_mistake_under_an_identity_is_not_taken_for_the_person) {
  come("c:app:base", "app", "base");
  come("c:app:base", "web", "c1");
  auto tag = call(customer_method::tag);
  tag.person = person_id{"c:web:c1"};
  tag.add = {"ghost"};
  tell(tag);  // as an actor: as it was before
  fall_asleep();
  EXPECT_EQ(who_is("c:web:c1"), "c:app:base");
}

}  // namespace
}  // namespace switchboard
