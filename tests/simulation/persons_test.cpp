#include "tests/simulation/stage.hpp"
#include "tools/simulation/person_check.hpp"

/// One customer on several channels at one instant, by symptom.
namespace switchboard::simulation {
namespace {

const std::string two_channels = R"(
groups: [{id: general}]
agents: [{id: a, groups: [general], capacity: 9}]
channels: [{id: app}, {id: web}]
rules: [{name: all, steps: [{group: general}]}]
session: {identification_deadline: 300ms}
)";

struct meeting : stage {
  explicit meeting(std::uint64_t seed) : stage(two_channels, seed) { everybody_online(); }

  simulated_customer& ann = customer("app", {.phone = "13800000001"});
  simulated_customer& same = customer("web", {.phone = "+86 138-0000-0001"});

  const journal_checker::identity& who(const simulated_customer& c) {
    return *node.truth().find(*c.session())->who;
  }
  std::string person(const simulated_customer& c) { return who(c).found.person.value; }
  bool blocked(const std::string& channel, const std::string& id) {
    return node.node_().blocks().find(channel, {.id = id}, node.wall()).has_value();
  }
  void tell_person(customer_call m) {
    m.by = {"admin", "xu", ""};
    m.reply = {node.connect([](const line::arrival& a) {
                 EXPECT_NE(a.what, line::arrival::kind::failure) << a.why.message;
               }),
               1};
    caf::anon_send(node.node_().directory().customers_of(m.person), std::move(m));
  }
  void check_persons() { compare_persons(node.truth(), node.found()); }
};

TEST(found, two_channels_that_open_at_once_for_one_telephone_make_two_persons) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    meeting s(seed);
    s.ann.open();
    s.same.open();
    s.node.settle();
    EXPECT_EQ(s.person(s.ann), s.person(s.same)) << "seed " << seed;
    s.check_persons();
    s.check();
  }
}

TEST(found, a_block_of_a_customer_who_came_by_two_channels_at_once_misses_one) {
  meeting s(1);
  s.ann.open();
  s.same.open();
  s.node.settle();
  customer_call block;
  block.method = customer_method::block;
  block.person = person_id{s.person(s.ann)};
  block.text = "abuse";
  s.tell_person(block);
  s.node.settle();
  EXPECT_TRUE(s.blocked("app", "customer0"));
  EXPECT_TRUE(s.blocked("web", "customer1")) << "shown by its identity alone";
}

TEST(found, a_block_set_before_the_second_channel_is_identified_misses_it) {
  meeting s(1);
  // The projector comes to none of it.
  s.node.state().hold(true);
  s.ann.open();
  s.node.settle();
  customer_call block;
  block.method = customer_method::block;
  block.person = person_id{s.person(s.ann)};
  block.text = "abuse";
  s.tell_person(block);
  s.same.open();
  s.node.settle();
  EXPECT_TRUE(s.blocked("web", "customer1"));
  s.node.state().hold(false);
}

TEST(found, a_second_channel_before_the_projector_has_the_first_makes_two_persons) {
  meeting s(1);
  s.node.state().hold(true);
  s.ann.open();
  s.node.settle();
  s.same.open();
  s.node.settle();
  EXPECT_EQ(s.person(s.ann), s.person(s.same));
  s.node.state().hold(false);
}

TEST(found, a_customer_merged_a_moment_ago_is_found_as_before_the_merge) {
  meeting s(1);
  auto& other = s.customer("app", {.email = "bob@x.cn"});
  s.ann.open();
  other.open();
  s.node.settle();
  s.node.state().hold(true);
  customer_call merge;
  merge.method = customer_method::merge;
  merge.person = person_id{s.person(s.ann)};
  merge.other = s.person(other);
  s.tell_person(merge);
  s.node.settle();
  s.same.open();
  s.node.settle();
  EXPECT_EQ(s.person(s.same), s.person(other)) << "her telephone leads to whom she is shown as";
  s.node.state().hold(false);
}

TEST(found, what_a_request_showed_is_lost_with_the_power_though_its_session_is_kept) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    meeting s(seed);
    s.node.quick_disk = false;
    s.ann.open();
    s.node.settle();
    // Of all that was written only the beginning is durable, up to what the session says of its
    // customer.
    while (true) {
      s.node.commit(1);
      bool identified = false;
      auto& disk = s.node.disk();
      ASSERT_TRUE(disk.read(disk.durable(), 1, [&](const store::placed_record& r) {
        session_codec::for_each(r.body.events, [&](const session_codec::stored_event& e) {
          auto known =
              r.body.kind == store::entity_kind::session ? session_codec::decode(e) : std::nullopt;
          identified |= known && std::holds_alternative<event::identified>(known->what);
        });
        return true;
      }));
      if (identified || disk.uncommitted() == 0) break;
    }
    s.node.quick_disk = true;
    s.restart();
    for (auto& c : s.customers) c->server_restarted();
    s.same.open();
    s.node.settle();
    ASSERT_EQ(s.node.truth().sessions().size(), 2u);
    s.check_persons();
    for (auto& [id, page] : s.node.truth().sessions())
      EXPECT_EQ(page.who->found.person.value, "c:app:customer0");
  }
}

TEST(found, a_person_who_was_asked_too_late_before_a_crash_is_not_known_by_what_it_showed) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    meeting s(seed);
    s.node.schedule().hold_up("customer");
    s.ann.open();
    s.node.pass(millis{400});  // past the deadline: the session goes on without the trail
    ASSERT_FALSE(s.who(s.ann).found.heard_by_person());
    s.restart();
    for (auto& c : s.customers) c->server_restarted();
    s.same.open();
    s.node.settle();
    EXPECT_EQ(s.person(s.same), "c:app:customer0") << "seed " << seed;
    s.node.pass(millis{20'000});
    auto& again = s.customer("app", {.phone = "13800000001"});
    again.open();
    s.node.settle();
    EXPECT_EQ(s.person(again), "c:app:customer0") << "and the person has recorded it";
  }
}

TEST(found, a_session_that_went_on_without_identification_never_hears_who_its_customer_is) {
  meeting s(1);
  s.ann.open();
  s.node.settle();
  s.node.schedule().hold_up("identification");
  s.same.open();
  s.node.pass(millis{60'000});
  ASSERT_TRUE(s.who(s.same).found.guessed());
  s.node.schedule().let_all_go();
  s.node.settle();
  EXPECT_EQ(s.person(s.same), s.person(s.ann));
}

}  // namespace
}  // namespace switchboard::simulation
