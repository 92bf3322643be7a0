#include "actors/read_model/projection/contact_index.hpp"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/person_finding.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/store/store.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using namespace projecting;

struct still_clock final : clock_source {
  timestamp now() const override { return noon; }
};

/// A store whose contacts were indexed by a program that folded ASCII alone, and knew +86 only.
class folded_before : public testing::Test {
 protected:
  folded_before() {
    options_.dir = (std::filesystem::temp_directory_path() /
                    ("contacts_" + std::to_string(::getpid()) + "_" + std::to_string(++made_)))
                       .string();
    options_.journal_map_bytes = options_.state_map_bytes = std::size_t{64} << 20;
    options_.clock = &clock_;
    options_.renewals = {{contacts_are_outdated, [this](store::state_batch& b) {
                            ++steps_;
                            return renew_contacts(b).more;
                          }}};
  }
  ~folded_before() override {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(options_.dir, ignored);
  }

  void open() {
    auto opened = store::open_store(options_, all_projections());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void write(const std::string& person, const std::map<std::string, std::string>& fields) {
    store::record r;
    r.kind = store::entity_kind::customer;
    r.key = person;
    r.at = noon;
    encode(customer_event::profile_changed{"agent:a1", fields}, noon, r.events);
    encode(customer_event::identity_linked{{"app", person, "un-" + person, false, noon}, {}}, noon,
           r.events);
    encode(customer_event::tagged{"agent:a1", {"vip"}, {}}, noon, r.events);
    store_->journal().append(std::move(r));
  }
  void settle() { ASSERT_TRUE(store_->wait_projected(store_->journal().last(), millis{10'000})); }
  /// What the earlier program would have left: these rows, and no mark.
  void index_as_before(const std::vector<std::pair<std::string, std::string>>& rows) {
    settle();
    store_.reset();
    auto state = open_state();
    auto written = state->write(state->projected(), [&](store::state_batch& batch) {
      std::vector<std::string> gone;
      batch.scan(table::contacts, {}, [&](std::string_view key, std::string_view) {
        if (key[0] != 'u' && key[0] != 't') gone.emplace_back(key);
        return true;
      });
      for (auto& key : gone) batch.erase(table::contacts, key);
      for (auto& [value, person] : rows) batch.put(table::contacts, value + '\0' + person, person);
      batch.erase(table::folding, table::contacts);
    });
    ASSERT_TRUE(written);
  }
  std::unique_ptr<store::state_lmdb> open_state() const {
    auto opened = store::state_lmdb::open(store::state_environment(options_),
                                          {"contacts", "customers", "folding"});
    return std::move(*opened);
  }
  std::vector<std::string> found(const customer_query& q) const {
    std::vector<std::string> out;
    auto page = search_customers(*store_->state().view(), q);
    EXPECT_TRUE(page);
    for (auto& r : page->found) out.push_back(r.person.value);
    return out;
  }
  std::size_t rows() const {
    std::size_t n = 0;
    store_->state().view()->scan(table::contacts, {}, [&](auto, auto) { return ++n, true; });
    return n;
  }

  static inline int made_ = 0;
  still_clock clock_;
  store::store_options options_;
  std::unique_ptr<store::store> store_;
  int steps_ = 0;
};

using ids = std::vector<std::string>;

TEST_F(folded_before, customers_are_found_by_what_an_earlier_program_indexed_otherwise) {
  open();
  write("m:1", {{"name", "Иван"}, {"phone", "86-138 0000 0001"}, {"email", "IVAN@пример.рф"}});
  write("m:2", {{"name", " Éva"}});
  index_as_before(
      {{"nИван", "m:1"}, {"n Éva", "m:2"}, {"p8613800000001", "m:1"}, {"eivan@пример.рф", "m:1"}});
  open();
  EXPECT_EQ(found({.name = "иван"}), ids{"m:1"});
  EXPECT_EQ(found({.name = "éva"}), ids{"m:2"});
  EXPECT_EQ(found({.phone = "13800000001"}), ids{"m:1"});
  EXPECT_EQ(found({.email = "ivan@ПРИМЕР.рф"}), ids{"m:1"});
  EXPECT_EQ(found({.tag = "vip"}), (ids{"m:1", "m:2"})) << "what is not folded stays";
  EXPECT_EQ(rows(), 4u + 4u) << "and of the rows of before none is left";
}

TEST_F(folded_before, an_index_that_is_up_to_date_is_left_alone) {
  open();
  write("m:1", {{"name", "Иван"}});
  store_.reset();
  steps_ = 0;
  open();
  EXPECT_EQ(steps_, 0);
}

TEST_F(folded_before, a_start_cut_after_any_step_is_made_good_by_the_next) {
  for (int cut = 0; cut < 4; ++cut) {
    open();
    for (int n = 0; n < 30; ++n)
      write("m:" + std::to_string(cut) + "-" + std::to_string(n),
            {{"name", "ИВАН " + std::to_string(n)}});
    settle();
    auto whole = rows();
    index_as_before({{"nИВАН 0", "m:0-0"}});
    {
      auto state = open_state();
      for (int n = 0; n < cut; ++n)
        ASSERT_TRUE(
            state->write(state->projected(), [](store::state_batch& b) { renew_contacts(b); }));
    }
    open();
    EXPECT_EQ(found({.name = "иван 7"}).size(), static_cast<std::size_t>(cut + 1));
    EXPECT_EQ(rows(), whole) << cut;
    store_.reset();
  }
}

TEST_F(folded_before, persons_whose_numbers_are_one_now_stay_two_and_are_shown_to_each_other) {
  open();
  write("c:app:1", {{"phone", "13800000001"}, {"name", "One"}});
  write("c:web:2", {{"phone", "8613800000001"}, {"name", "Two"}});
  index_as_before({{"p13800000001", "c:app:1"}, {"p8613800000001", "c:web:2"}});
  open();
  auto view = store_->state().view();
  EXPECT_EQ(found({.phone = "+86 138 0000 0001"}), (ids{"c:app:1", "c:web:2"}));
  EXPECT_EQ(read_customer(*view, person_id{"c:web:2"}).profile.phone.value, "8613800000001");
  auto others = others_like(*view, read_customer(*view, person_id{"c:app:1"}));
  ASSERT_EQ(others.size(), 1u);
  EXPECT_EQ(others[0].customer_id, "c:web:2");
  auto stranger = find_person(*view, "mini", {.id = "x", .phone = "086-13800000001"}, {});
  EXPECT_EQ(stranger.person.value, "c:mini:x");
  EXPECT_EQ(stranger.conflicts, ids{"phone belongs to several customers, c:app:1 and others"});
}

TEST_F(folded_before, a_record_that_cannot_be_read_stops_nobody) {
  open();
  write("m:1", {{"name", "Иван"}});
  index_as_before({});
  {
    auto state = open_state();
    ASSERT_TRUE(state->write(
        state->projected(), [](store::state_batch& b) { b.put(table::customers, "m:0", "\xc1"); }));
    contact_step all;
    for (bool more = true; more;) {
      ASSERT_TRUE(state->write(state->projected(), [&](store::state_batch& b) {
        auto done = renew_contacts(b);
        all.records += done.records;
        all.unreadable += done.unreadable;
        more = done.more;
      }));
    }
    EXPECT_EQ(all.records, 2u);
    EXPECT_EQ(all.unreadable, 1u);
  }
  open();
  EXPECT_EQ(found({.name = "иван"}), ids{"m:1"});
}

}  // namespace
}  // namespace switchboard
