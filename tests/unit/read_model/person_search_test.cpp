#include <set>

#include <gtest/gtest.h>

#include "actors/read_model/projection/customer_changes.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/person_finding.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using namespace projecting;

struct person_search_test : testing::Test {
  memory_world w;

  void write(const std::string& person, const std::vector<customer_payload>& events) {
    store::record r;
    r.kind = store::entity_kind::customer;
    r.key = person;
    r.at = noon;
    for (auto& e : events) encode(e, noon, r.events);
    w.journal.append(r);
    w.journal.commit_all();
  }
  void write(const std::string& person, const std::map<std::string, std::string>& fields) {
    write(person, {customer_event::profile_changed{"agent:a1", fields}});
  }
  void identity(const std::string& person, const std::string& channel, const std::string& id,
                const std::string& union_id = {}) {
    write(person, {customer_event::identity_linked{{channel, id, union_id, false, noon}, {}}});
  }
  void merge(const std::string& from, const std::string& into) {
    absorbed_person a;
    a.person = person_id{from};
    write(into, {customer_event::absorbed{a}});
    write(from, {customer_event::merged_away{{person_id{into}, "x", noon}}});
  }
  std::vector<std::string> found(const customer_query& q) {
    auto page = search_customers(*w.state.view(), q);
    std::vector<std::string> ids;
    if (page) {
      for (auto& r : page->found) ids.push_back(r.person.value);
    }
    return ids;
  }
  person_match who(const std::string& channel, channel_customer c, const std::string& member = {}) {
    return find_person(*w.state.view(), channel, c, member);
  }
};

using ids = std::vector<std::string>;

TEST_F(person_search_test, a_customer_is_found_by_each_thing_that_is_indexed) {
  write("m:1", {{"name", "Wang Fang"}, {"phone", "+86 13800000001"}, {"email", "Fang@X.cn"}});
  write("m:2", {{"name", "王芳"}, {"phone", "13900000002"}});
  write("m:2", {customer_event::tagged{"agent:a1", {"vip"}, {}}});
  EXPECT_EQ(found({.name = "wang f"}), ids{"m:1"});
  EXPECT_EQ(found({.name = "王"}), ids{"m:2"});
  EXPECT_EQ(found({.phone = "138 0000 0001"}), ids{"m:1"});
  EXPECT_EQ(found({.email = "fang@x.CN"}), ids{"m:1"});
  EXPECT_EQ(found({.tag = "vip"}), ids{"m:2"});
  EXPECT_EQ(found({.name = "王", .tag = "vip"}), ids{"m:2"});
  EXPECT_EQ(found({.name = "wang", .tag = "vip"}), ids{});
  EXPECT_EQ(found({.phone = "139"}), ids{}) << "a whole number, not a beginning";
}

TEST_F(person_search_test, a_customer_is_found_in_whatever_script_case_and_spelling) {
  write("m:1", {{"name", "Иван"}, {"phone", "13800000001"}});
  write("m:2", {{"name", " Éva\u00a0 Nagy"}, {"phone", "+86 139 0000 0002"}});
  write("m:3", {{"name", "İpek"}, {"email", "ｉｐｅｋ@x.cn"}});
  write("m:4", {{"name", "ΝΙΚΟΣ"}});
  write("m:5", {{"name", "ﾊﾅｺ"}});
  EXPECT_EQ(found({.name = "иван"}), ids{"m:1"});
  EXPECT_EQ(found({.name = "ИВ"}), ids{"m:1"});
  EXPECT_EQ(found({.name = "e\u0301va nagy"}), ids{"m:2"});
  EXPECT_EQ(found({.name = "ipek"}), ids{"m:3"});
  EXPECT_EQ(found({.name = "νικος"}), ids{"m:4"});
  EXPECT_EQ(found({.name = "ハナコ"}), ids{"m:5"});
  EXPECT_EQ(found({.email = "IPEK@X.cn"}), ids{"m:3"});
  for (auto phone : {"8613800000001", "86-138-0000-0001", "08613800000001", "１３８００００００01",
                     "\u202d13800000001\u202c", "'13800000001", "١٣٨٠٠٠٠٠٠٠١"}) {
    EXPECT_EQ(found({.phone = phone}), ids{"m:1"}) << phone;
    EXPECT_EQ(who("web", {.id = "w1", .phone = phone}).person.value, "m:1") << phone;
  }
  EXPECT_EQ(found({.phone = "8613900000002"}), ids{"m:2"});
}

TEST_F(person_search_test, a_changed_name_is_found_under_the_new_one_alone) {
  write("m:1", {{"name", "Wang"}});
  write("m:1", {{"name", "Zhao"}});
  EXPECT_EQ(found({.name = "wang"}), ids{});
  EXPECT_EQ(found({.name = "zhao"}), ids{"m:1"});
}

TEST_F(person_search_test, pages_follow_each_other_without_gap_or_repetition) {
  for (int i = 0; i < 25; ++i)
    write("m:" + std::to_string(100 + i), {{"name", "Li " + std::to_string(100 + i)}});
  customer_query q{.name = "li"};
  q.limit = 10;
  ids all;
  for (int pages = 0; pages < 5; ++pages) {
    auto page = search_customers(*w.state.view(), q);
    ASSERT_TRUE(page);
    for (auto& r : page->found) all.push_back(r.person.value);
    if (page->next.empty()) break;
    q.after = page->next;
  }
  EXPECT_EQ(all.size(), 25u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 25u);
}

TEST_F(person_search_test, nonsense_is_refused_by_its_field) {
  auto refused = [&](const customer_query& q) {
    auto page = search_customers(*w.state.view(), q);
    return page ? std::string("none") : page.error().field;
  };
  EXPECT_EQ(refused({}), "name");
  EXPECT_EQ(refused({.phone = "abc"}), "phone");
  EXPECT_EQ(refused({.email = "abc"}), "email");
  EXPECT_EQ(refused({.name = "a", .after = "zz"}), "after");
  EXPECT_EQ(refused({.name = "a", .after = "00"}), "after");
}

TEST_F(person_search_test, one_merged_away_is_found_as_its_survivor_once) {
  write("m:1", {{"name", "Li Lei"}});
  write("c:app:u1", {{"name", "Li L"}, {"phone", "13800000001"}});
  merge("c:app:u1", "m:1");
  EXPECT_EQ(found({.name = "li"}), ids{"m:1"});
  EXPECT_EQ(found({.phone = "13800000001"}), ids{"m:1"});
}

TEST_F(person_search_test, a_stranger_is_whoever_has_shown_the_same_before) {
  identity("c:app:u1", "app", "u1", "un1");
  write("c:app:u1", {{"phone", "13800000001"}, {"email", "a@x.cn"}});
  EXPECT_EQ(who("app", {.id = "u1"}).person.value, "c:app:u1");
  EXPECT_EQ(who("web", {.id = "w1", .union_id = "un1"}).person.value, "c:app:u1");
  EXPECT_EQ(who("web", {.id = "w1", .phone = "+8613800000001"}).person.value, "c:app:u1");
  EXPECT_EQ(who("web", {.id = "w1", .email = "A@X.cn"}).person.value, "c:app:u1");
  EXPECT_EQ(who("web", {.id = "w1", .phone = "13900000009"}).person.value, "c:web:w1");
  EXPECT_EQ(who("web", {.id = "u1"}).person.value, "c:web:u1") << "an id is its channel's";
}

TEST_F(person_search_test, contradicting_keys_merge_nobody_and_are_told) {
  identity("c:app:u1", "app", "u1", "un1");
  write("c:web:w2", {{"phone", "13800000002"}});
  auto m = who("mini", {.id = "x", .phone = "13800000002", .union_id = "un1"});
  EXPECT_EQ(m.person.value, "c:app:u1") << "the union id is the stronger key";
  EXPECT_EQ(m.conflicts, ids{"phone belongs to another customer, c:web:w2"});
  m = who("mini", {.id = "x", .phone = "13800000002"}, "7");
  EXPECT_EQ(m.person.value, "m:7");
  EXPECT_EQ(m.conflicts.size(), 1u);
}

TEST_F(person_search_test, a_key_that_several_share_finds_nobody) {
  write("c:a:1", {{"phone", "13800000001"}, {"email", "a@x.cn"}});
  write("c:a:2", {{"phone", "13800000001"}});
  auto m = who("web", {.id = "w", .phone = "13800000001", .email = "a@x.cn"});
  EXPECT_EQ(m.person.value, "c:web:w");
  EXPECT_FALSE(m.conflicts.empty());
  merge("c:a:2", "c:a:1");
  EXPECT_EQ(who("web", {.id = "w", .phone = "13800000001"}).person.value, "c:a:1")
      << "merged they are one";
}

TEST_F(person_search_test, who_may_be_the_same_is_shown_with_the_reason) {
  write("c:a:1", {{"phone", "13800000001"}});
  write("c:a:2", {{"phone", "13800000001"}, {"name", "Two"}});
  auto view = w.state.view();
  auto others = others_like(*view, read_customer(*view, person_id{"c:a:1"}));
  ASSERT_EQ(others.size(), 1u);
  EXPECT_EQ(others[0].customer_id, "c:a:2");
  EXPECT_EQ(others[0].name, "Two");
  EXPECT_EQ(others[0].by, ids{"phone"});
}

TEST_F(person_search_test, the_history_of_a_profile_tells_value_source_and_what_was_before) {
  write("m:1", {{"name", "Wang"}});
  write("m:1", {{"name", "Zhao"}});
  write("m:2", {{"name", "Other"}});
  auto page = read_changes(*w.state.view(), person_id{"m:1"}, {}, 1);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].before, "Wang");
  EXPECT_EQ(page->rows[0].after, "Zhao");
  EXPECT_EQ(page->rows[0].source, "agent:a1");
  page = read_changes(*w.state.view(), person_id{"m:1"}, page->next, 1);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].after, "Wang");
  EXPECT_TRUE(page->next.empty());
  EXPECT_EQ(read_changes(*w.state.view(), person_id{"m:1"}, "xyz", 1).error().field, "before");
}

TEST_F(person_search_test, an_erased_customer_is_in_no_table) {
  sales_lead lead;
  lead.id = "l1";
  identity("c:app:u1", "app", "u1", "un1");
  write("c:app:u1", {{"name", "Li"}, {"phone", "13800000001"}});
  write("c:app:u1", {customer_event::lead_created{lead}, customer_event::tagged{"x", {"vip"}, {}},
                     customer_event::blocked{{"abuse", "x", noon, {}}}});
  write("c:app:u1", {customer_event::erased{"admin:x"}});
  for (auto name : {table::customers, table::contacts, table::callers, table::leads, table::changes,
                    table::blocked}) {
    w.state.view()->scan(name, {}, [&](std::string_view key, std::string_view) {
      ADD_FAILURE() << name << " still holds " << key;
      return true;
    });
  }
  write("c:app:u1", {{"name", "Again"}});
  EXPECT_EQ(found({.name = "again"}), ids{"c:app:u1"}) << "who comes back is new";
}

}  // namespace
}  // namespace switchboard
