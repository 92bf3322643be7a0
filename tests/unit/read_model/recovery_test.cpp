#include "actors/read_model/recovery/recovery.hpp"

#include <filesystem>
#include <map>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "runtime/store/store.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

using writers = std::vector<std::unique_ptr<session_writer>>;

void expect_same_live(const writers& all, const recovery::recovered_world& world) {
  std::map<session_id, const session_state*> found;
  for (auto& s : world.sessions) found[s.id] = &s;
  std::size_t live = 0;
  for (auto& w : all) {
    if (w->state.seq == 0 || w->state.over()) {
      EXPECT_FALSE(found.contains(w->state.id));
      continue;
    }
    ++live;
    ASSERT_TRUE(found.contains(w->state.id));
    EXPECT_EQ(codec::pack(*found[w->state.id]), codec::pack(w->state));
  }
  EXPECT_EQ(world.sessions.size(), live);
}

std::string whole_transcript(const store::state_view& view, const session_id& id) {
  std::string read;
  for (std::uint64_t after = 0;;) {
    auto page = projecting::read_transcript(view, id, after);
    read += page.events;
    if (!page.more) return read;
    after = page.last;
  }
}

/// What was written, with the messages that were taken back made tombstones.
std::string expected_transcript(const session_writer& w) {
  std::string all;
  for (auto& e : w.events) all += e;
  for (auto seq : w.state.recalled) {
    if (auto rest = projecting::without_message(all, seq)) all = *rest;
  }
  return all;
}

class snapshot_and_tail : public testing::TestWithParam<unsigned> {};

TEST_P(snapshot_and_tail, equal_a_full_replay_wherever_the_batches_end) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  std::mt19937_64 rng(GetParam());
  memory_world w;
  writers all;
  for (std::uint64_t i = 0; i < 25; ++i) {
    all.push_back(std::make_unique<session_writer>(
        w.journal, numbered_session(i, static_cast<shard_id>(i * 11))));
  }
  for (int i = 0; i < 500; ++i) {
    all[rng() % all.size()]->random_command(rng, noon + millis{i});
    if (rng() % 8 == 0) w.journal.commit_some(rng() % 20);
    if (rng() % 60 == 0) w.state.hold(rng() % 2 == 0);
    if (rng() % 90 == 0) w.state.restart(all_projections());
  }
  w.journal.commit_all();
  auto world = recovery::load(w.state, w.journal, {.threads = 1 + GetParam() % 3});
  ASSERT_TRUE(world) << world.error().message;
  EXPECT_EQ(world->upto, w.journal.last());
  expect_same_live(all, *world);

  w.state.hold(false);
  auto view = w.state.view();
  for (auto& s : all) {
    if (s->state.seq == 0) continue;
    auto read = projecting::read_session(*view, s->state.id);
    ASSERT_TRUE(read);
    EXPECT_EQ(codec::pack(*read), codec::pack(s->state));
    EXPECT_EQ(whole_transcript(*view, s->state.id), expected_transcript(*s));
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, snapshot_and_tail, testing::Range(1u, 26u));

TEST(recovery, counts_a_groups_waiters_by_shard_and_finds_its_latest_assignment_in_state_and_tail) {
  memory_world w;
  session_writer waits(w.journal, numbered_session(1, 3)),
      served(w.journal, numbered_session(2, 4)), later(w.journal, numbered_session(3, 4));
  waits.open(noon);
  waits.write({event::queued{
                  group_id{"sales"}, {}, {}, {0, {group_id{"sales"}, group_id{"care"}}, {}}, {}}},
              noon);
  served.open(noon);
  served.assign("a1", noon + second);
  served.close(noon + 2 * second);
  w.journal.commit_all();
  w.state.hold(true);
  later.open(noon);
  later.assign("a2", noon + 3 * second, "care");
  w.journal.commit_all();
  auto world = recovery::load(w.state, w.journal);
  ASSERT_TRUE(world);
  EXPECT_EQ(world->groups[group_id{"sales"}].waiters, 1u);
  EXPECT_EQ(world->groups[group_id{"care"}].waiters_by_shard[3], 1u);
  EXPECT_EQ(world->groups[group_id{"sales"}].latest.agent, agent_id{"a1"});
  EXPECT_EQ(world->groups[group_id{"care"}].latest.agent, agent_id{"a2"});
  EXPECT_EQ(world->tail_records, 2u);
}

TEST(recovery, agents_come_back_from_their_snapshot_and_the_tail) {
  memory_world w;
  agent_record expected;
  auto write = [&](agent_payload e, timestamp at) {
    store::record r;
    r.kind = store::entity_kind::agent;
    r.key = "a1";
    encode(e, at, r.events);
    apply(expected, e, at);
    r.entity_seq = expected.seq;
    w.journal.append(r);
    w.journal.commit_all();
  };
  write(agent_event::presence_changed{agent_status::online, ""}, noon);
  w.state.hold(true);
  write(agent_event::offer_missed{numbered_session(1), 1}, noon + second);
  auto world = recovery::load(w.state, w.journal);
  ASSERT_TRUE(world);
  EXPECT_EQ(codec::pack(world->agents.at(agent_id{"a1"})), codec::pack(expected));
}

/// A state whose projector ran on after it was asked how far it is.
struct overtaken_state final : store::state {
  overtaken_state(const store::state& real, store::position said) : real(real), said(said) {}
  std::unique_ptr<store::state_view> view() const override { return real.view(); }
  store::position projected() const override { return said; }
  const store::state& real;
  store::position said;
};

TEST(recovery, takes_no_event_twice_when_the_projector_runs_on_meanwhile) {
  std::mt19937_64 rng(7);
  memory_world w;
  writers all;
  for (std::uint64_t i = 0; i < 8; ++i)
    all.push_back(std::make_unique<session_writer>(w.journal, numbered_session(i)));
  for (int i = 0; i < 400; ++i) all[rng() % all.size()]->random_command(rng, noon + millis{i});
  w.journal.commit_all();
  for (store::position said : {0, 100, 250, 399}) {
    auto world = recovery::load(overtaken_state(w.state, said), w.journal);
    ASSERT_TRUE(world);
    EXPECT_EQ(world->upto, w.journal.last());
    expect_same_live(all, *world);
  }
}

struct scratch {
  scratch() { std::filesystem::remove_all(path); }
  ~scratch() { std::filesystem::remove_all(path); }
  std::string path =
      (std::filesystem::temp_directory_path() / ("projection_test_" + std::to_string(::getpid())))
          .string();
};
struct still_clock final : clock_source {
  timestamp now() const override { return noon; }
};

TEST(recovery, works_the_same_on_the_real_store_while_its_projector_runs) {
  scratch dir;
  still_clock clock;
  store::store_options options;
  options.dir = dir.path;
  options.journal_map_bytes = options.state_map_bytes = std::size_t{256} << 20;
  options.clock = &clock;
  options.projecting.flush_interval = millis{5};
  auto opened = store::open_store(options, all_projections());
  ASSERT_TRUE(opened) << opened.error().message;
  auto& db = **opened;
  std::mt19937_64 rng(42);
  writers all;
  for (std::uint64_t i = 0; i < 60; ++i) {
    all.push_back(std::make_unique<session_writer>(
        db.journal(), numbered_session(i, static_cast<shard_id>(i * 4))));
  }
  for (int i = 0; i < 3000; ++i) all[rng() % all.size()]->random_command(rng, noon + millis{i});
  while (db.journal().durable() < db.journal().last()) std::this_thread::yield();
  auto during = recovery::load(db.state(), db.journal());
  ASSERT_TRUE(during) << during.error().message;
  expect_same_live(all, *during);
  ASSERT_TRUE(db.wait_projected(db.journal().last(), millis{20'000}));
  auto after = recovery::load(db.state(), db.journal());
  ASSERT_TRUE(after);
  EXPECT_EQ(after->tail_records, 0u);
  expect_same_live(all, *after);
  auto view = db.state().view();
  for (auto& s : all) EXPECT_EQ(whole_transcript(*view, s->state.id), expected_transcript(*s));
}

TEST(recovery, goes_on_without_a_session_whose_row_is_damaged_and_makes_no_half_one_of_its_tail) {
  memory_world w;
  session_writer damaged(w.journal, numbered_session(1)), sound(w.journal, numbered_session(2));
  damaged.open(noon);
  sound.open(noon);
  w.journal.commit_all();
  w.state.hold(true);
  damaged.say("customer", "hello", noon + second);
  sound.say("customer", "hello", noon + second);
  w.journal.commit_all();
  w.state.damage("live", projecting::live_key(damaged.state.id));
  auto world = recovery::load(w.state, w.journal, {.threads = 3});
  ASSERT_TRUE(world) << world.error().message;
  ASSERT_EQ(world->sessions.size(), 1u);
  EXPECT_EQ(codec::pack(world->sessions.front()), codec::pack(sound.state));
}

}  // namespace
}  // namespace switchboard
