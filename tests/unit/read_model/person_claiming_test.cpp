#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "actors/read_model/projection/person_finding.hpp"
#include "tests/unit/read_model/session_writer.hpp"

/// Requests that come before the state knows of the ones before them.
namespace switchboard {
namespace {

using namespace projecting;

/// A state whose views are a moment old by the time they are read.
struct dawdling_state final : store::state {
  explicit dawdling_state(const store::state& of) : of_(of) {}
  std::unique_ptr<store::state_view> view() const override {
    auto v = of_.view();
    if (dawdles) std::this_thread::sleep_for(std::chrono::microseconds{100});
    return v;
  }
  store::position projected() const override { return of_.projected(); }
  bool dawdles = false;

 private:
  const store::state& of_;
};

struct person_claiming : testing::Test {
  memory_world w;
  dawdling_state state{w.state};
  identity_claims claims;
  customer_record ann, bob;

  person_match open(const std::string& channel, channel_customer who,
                    const std::string& member = {}) {
    return claim_person(state, claims, channel, who, member, noon);
  }
  std::string person(const std::string& channel, channel_customer who,
                     const std::string& member = {}) {
    return open(channel, std::move(who), member).person.value;
  }
  /// As a person's actor does it: a record, and the word of it.
  void record(customer_record& r, const std::vector<customer_payload>& events) {
    auto before = identity_keys(r);
    auto was = r.merged_into;
    store::record out;
    out.kind = store::entity_kind::customer;
    out.key = r.person.value;
    out.at = noon;
    for (auto& e : events) {
      apply(r, e, noon);
      encode(e, noon, out.events);
    }
    auto at = w.journal.append(out);
    claims.recorded(r.person, before, identity_keys(r), at);
    if (r.merged_into && !was) claims.merged(r.person, r.merged_into->survivor, at);
    if (!r.merged_into && was) claims.merged(r.person, r.person, at);
  }
  void link(customer_record& r, const std::string& channel, const std::string& id) {
    record(r, {customer_event::identity_linked{{channel, id, {}, false, noon}, {}}});
  }
  void set(customer_record& r, const std::map<std::string, std::string>& fields) {
    record(r, {customer_event::profile_changed{"agent:a1", fields}});
  }
  person_claiming() {
    ann.person = person_id{"c:app:u1"};
    bob.person = person_id{"c:app:u2"};
  }
};

TEST_F(person_claiming, two_channels_that_open_at_once_for_one_telephone_find_one_person) {
  EXPECT_EQ(person("app", {.id = "u1", .phone = "13800000001"}), "c:app:u1");
  for (auto phone :
       {"138-0000-0001", "+86 13800000001", "１３８００００００01", "tel:+86 138 0000 0001"})
    EXPECT_EQ(person("web", {.id = "w1", .phone = phone}), "c:app:u1") << phone;
  EXPECT_EQ(person("web", {.id = "w1"}), "c:app:u1") << "known by its identity from then on";
}

TEST_F(person_claiming, whatever_a_request_shows_leads_to_whom_it_led_first) {
  EXPECT_EQ(person("app", {.id = "u1", .email = "Ann@X.cn"}), "c:app:u1");
  EXPECT_EQ(person("web", {.id = "w1", .email = "<ann@x.CN>"}), "c:app:u1");
  EXPECT_EQ(person("app", {.id = "u2", .union_id = "n2"}), "c:app:u2");
  EXPECT_EQ(person("web", {.id = "w2", .union_id = "n2"}), "c:app:u2");
  EXPECT_EQ(person("app", {.id = "u3", .phone = "13800000003"}, "7"), "m:7");
  EXPECT_EQ(person("web", {.id = "w3", .phone = "13800000003"}), "m:7");
}

TEST_F(person_claiming,
       the_same_request_again_within_the_gap_is_the_same_person_without_a_conflict) {
  channel_customer who{.id = "u1", .phone = "13800000001", .email = "ann@x.cn"};
  for (int i = 0; i < 3; ++i) {
    auto m = open("app", who);
    EXPECT_EQ(m.person.value, "c:app:u1");
    EXPECT_TRUE(m.conflicts.empty());
  }
}

TEST_F(
    person_claiming,
    a_request_that_joins_two_recent_persons_is_told_as_a_conflict_before_and_after_the_projection) {
  person("app", {.id = "u1", .phone = "13800000001"});
  person("app", {.id = "u2", .email = "bob@x.cn"});
  auto joins = [&] {
    return open("web", {.id = "w1", .phone = "13800000001", .email = "bob@x.cn"});
  };
  auto claimed = joins();
  EXPECT_EQ(claimed.person.value, "c:app:u1");
  EXPECT_EQ(claimed.conflicts,
            std::vector<std::string>{"email belongs to another customer, c:app:u2"});
  link(ann, "app", "u1");
  set(ann, {{"phone", "13800000001"}});
  link(bob, "app", "u2");
  set(bob, {{"email", "bob@x.cn"}});
  EXPECT_EQ(joins().conflicts, claimed.conflicts) << "recorded";
  w.journal.commit_all();
  EXPECT_EQ(joins().conflicts, claimed.conflicts) << "projected";
  EXPECT_EQ(joins().person.value, "c:app:u1");
}

TEST_F(person_claiming, a_number_taken_away_from_somebody_is_free_before_the_state_knows) {
  link(ann, "app", "u1");
  set(ann, {{"phone", "13800000001"}});
  w.journal.commit_all();
  set(ann, {{"phone", "13800000009"}});
  EXPECT_EQ(person("web", {.id = "w1", .phone = "13800000001"}), "c:web:w1");
  EXPECT_EQ(person("web", {.id = "w9", .phone = "13800000009"}), "c:app:u1");
}

TEST_F(person_claiming, one_merged_away_within_the_gap_is_found_as_whom_it_is_shown) {
  link(ann, "app", "u1");
  link(bob, "app", "u2");
  w.journal.commit_all();
  set(ann, {{"phone", "13800000001"}});
  record(ann, {customer_event::merged_away{{bob.person, "x", noon}}});
  EXPECT_EQ(person("web", {.id = "w1", .phone = "13800000001"}), "c:app:u2");
  EXPECT_EQ(person("app", {.id = "u1"}), "c:app:u1") << "an identity stays with whom it came to";
  auto both = open("app", {.id = "u2", .phone = "13800000001"});
  EXPECT_TRUE(both.conflicts.empty()) << "they are one";
  record(ann, {customer_event::came_back{}});
  EXPECT_EQ(person("web", {.id = "w2", .phone = "13800000001"}), "c:app:u1");
  w.journal.commit_all();
  EXPECT_EQ(person("web", {.id = "w3", .phone = "13800000001"}), "c:app:u1");
}

TEST_F(person_claiming, an_erased_person_leads_nowhere_before_the_state_knows) {
  link(ann, "app", "u1");
  set(ann, {{"phone", "13800000001"}});
  w.journal.commit_all();
  record(ann, {customer_event::erased{"x"}});
  EXPECT_EQ(person("web", {.id = "w1", .phone = "13800000001"}), "c:web:w1");
}

TEST_F(person_claiming, a_look_claims_nothing) {
  EXPECT_EQ(
      find_person(w.state, claims, "app", {.id = "u1", .phone = "13800000001"}, {}).person.value,
      "c:app:u1");
  EXPECT_EQ(claims.claims(), 0u);
  EXPECT_EQ(person("web", {.id = "w1", .phone = "13800000001"}), "c:web:w1");
}

TEST_F(person_claiming,
       a_person_found_before_a_restart_gets_its_claims_back_but_for_what_somebody_has) {
  link(bob, "app", "u2");
  set(bob, {{"email", "bob@x.cn"}});
  w.journal.commit_all();
  claim_for(w.state, claims, "app", {.id = "u1", .phone = "13800000001", .email = "bob@x.cn"},
            ann.person, noon);
  EXPECT_EQ(person("web", {.id = "w1", .phone = "13800000001"}), "c:app:u1");
  EXPECT_EQ(person("web", {.id = "w2", .email = "bob@x.cn"}), "c:app:u2");
}

/// Threads that ask for the same telephones at once, under an identity of their own each time.
struct person_claiming_race : person_claiming {
  static constexpr int threads = 3, rounds = 50;
  std::vector<std::set<std::string>> heard{rounds};
  std::mutex lock;

  template <class After> void ask_all(int asks, After after) {
    std::atomic<int> ready{0};
    auto ask = [&](int n) {
      for (int i = 0; i < rounds; ++i) {
        for (++ready; ready < threads * (i + 1);) std::this_thread::yield();
        for (int k = 0; k < asks; ++k) {
          auto phone = std::to_string(13'800'000'000 + i);
          auto id = phone + "-" + std::to_string(n) + "-" + std::to_string(k);
          auto who = person("app", {.id = id, .phone = phone});
          if (who == "c:app:" + id) after(who, id, phone);
          std::lock_guard hold(lock);
          heard[static_cast<std::size_t>(i)].insert(who);
        }
      }
    };
    std::vector<std::thread> all;
    for (int n = 0; n < threads; ++n) all.emplace_back(ask, n);
    for (auto& t : all) t.join();
  }
  void expect_one_person_each() {
    for (auto& h : heard) EXPECT_EQ(h.size(), 1u) << *h.begin();
  }
};

TEST_F(person_claiming_race, all_hear_of_one_person) {
  ask_all(1, [](auto&...) {});
  expect_one_person_each();
}

TEST_F(person_claiming_race,
       all_hear_of_one_person_while_it_records_itself_and_the_projector_goes_on) {
  state.dawdles = true;
  std::atomic<bool> over{false};
  std::thread projector([&] {
    while (!over) {
      w.journal.commit_all();
      claims.projected(w.state.projected());
    }
  });
  ask_all(6, [&](const std::string& who, const std::string& id, const std::string& phone) {
    customer_record r;
    r.person = person_id{who};
    link(r, "app", id);
    set(r, {{"phone", phone}});
    claims.settle(r.person, identity_keys("app", {.id = id, .phone = phone}));
  });
  over = true;
  projector.join();
  expect_one_person_each();
  EXPECT_EQ(claims.claims(), rounds * (6u * threads - 1))
      << "the identities of those who came second, whom nobody records here";
}

}  // namespace
}  // namespace switchboard
