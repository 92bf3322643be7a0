#include "actors/read_model/projection/customer_projection.hpp"

#include <gtest/gtest.h>

#include "actors/read_model/projection/customer_changes.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using projecting::contact_kind;

struct customer_projection_test : testing::Test {
  memory_world w;
  customer_record expected;

  auto write(const std::string& person, std::vector<customer_payload> events) {
    store::record r;
    r.kind = store::entity_kind::customer;
    r.key = person;
    for (auto& e : events) encode(e, noon, r.events);
    w.journal.append(r);
    w.journal.commit_all();
    return w.state.view();
  }
};

TEST_F(customer_projection_test, a_person_is_found_by_telephone_until_it_changes) {
  write("m:1", {customer_event::profile_changed{"agent:a1", {{"phone", "138"}, {"email", "x@y"}}}});
  auto view = write("m:2", {customer_event::profile_changed{"agent:a1", {{"phone", "138"}}}});
  EXPECT_EQ(projecting::find_persons(*view, contact_kind::phone, "138"),
            (std::vector{person_id{"m:1"}, person_id{"m:2"}}));
  EXPECT_TRUE(projecting::find_persons(*view, contact_kind::email, "138").empty());
  view = write("m:1", {customer_event::profile_changed{"agent:a1", {{"phone", "139"}}}});
  EXPECT_EQ(projecting::find_persons(*view, contact_kind::phone, "138"),
            std::vector{person_id{"m:2"}});
  EXPECT_EQ(projecting::find_persons(*view, contact_kind::phone, "139"),
            std::vector{person_id{"m:1"}});
  EXPECT_EQ(projecting::find_persons(*view, contact_kind::email, "x@y"),
            std::vector{person_id{"m:1"}});
}

TEST_F(customer_projection_test, a_lead_is_found_by_its_id_as_it_is_now) {
  sales_lead lead;
  lead.id = "l1";
  lead.stage = "new";
  write("m:1", {customer_event::lead_created{lead}});
  lead.stage = "won";
  auto view = write("m:1", {customer_event::lead_changed{lead}});
  auto row = projecting::find_lead(*view, "l1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->person, person_id{"m:1"});
  EXPECT_EQ(row->lead.stage, "won");
  EXPECT_EQ(projecting::read_customer(*view, person_id{"m:1"}).leads.size(), 1u);
}

TEST_F(customer_projection_test, an_id_too_long_for_the_store_has_a_key_of_its_own) {
  std::string one(600, 'a'), two(600, 'a');
  two.back() = 'b';
  write(one, {customer_event::profile_changed{"x", {{"name", "One"}}}});
  auto view = write(two, {customer_event::profile_changed{"x", {{"name", "Two"}}}});
  EXPECT_EQ(projecting::read_customer(*view, person_id{one}).profile.name.value, "One");
  EXPECT_EQ(projecting::read_customer(*view, person_id{two}).profile.name.value, "Two");
}

TEST_F(customer_projection_test, the_history_forgets_merges_with_one_that_is_erased) {
  absorbed_person two;
  two.person = person_id{"m:2"};
  auto three = two;
  three.person = person_id{"m:3"};
  write("m:1",
        {customer_event::profile_changed{"x", {{"name", "One"}}}, customer_event::absorbed{two},
         customer_event::given_back{{two.person, "a", {}}}, customer_event::absorbed{three}});
  auto view = write("m:1", {customer_event::forgot{two.person}});
  auto page = projecting::read_changes(*view, person_id{"m:1"}, {}, 10);
  ASSERT_TRUE(page);
  std::vector<std::string> told;
  for (auto& row : page->rows) told.push_back(row.what + row.before + row.after);
  EXPECT_EQ(told, (std::vector<std::string>{"mergem:3", "profileOne"}));
}

}  // namespace
}  // namespace switchboard
