#include <gtest/gtest.h>

#include "runtime/store/record_format.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;

class recovery : public testing::Test {
 protected:
  store_options options() const {
    auto o = small_store(dir_.path("s"), clock_);
    o.state_layout = layout_;
    return o;
  }
  std::unique_ptr<store> open() {
    return must_open(options(), {std::make_shared<counting_projection>()});
  }
  error refused() {
    auto opened = open_store(options(), {std::make_shared<counting_projection>()});
    EXPECT_FALSE(opened);
    return opened ? error{} : opened.error();
  }
  void append(store& s, position n) {
    for (position i = 0; i < n; ++i) s.journal().append(sample_record(s.journal().last() + 1));
    ASSERT_TRUE(s.wait_projected(s.journal().last(), millis{10'000}));
  }
  void write_some(position n) {
    auto s = open();
    append(*s, n);
  }
  /// As if the projector had never run: the whole journal is unprojected tail.
  void forget_state() { fs::remove_all(dir_.path("s/state")); }
  /// Changes the journal behind the store's back.
  void tamper(const std::function<void(lmdb_write&, lmdb_table)>& how) {
    auto env = lmdb_env::open(journal_environment(options()));
    ASSERT_TRUE(env);
    auto records = (*env)->table("records", key_order::integer);
    auto txn = (*env)->begin_write();
    how(*txn, *records);
    ASSERT_TRUE(txn->commit());
  }
  void flip_a_bit(position at) {
    tamper([&](lmdb_write& txn, lmdb_table records) {
      std::string bytes(*txn.get(records, integer_key(at)));
      bytes[bytes.size() / 2] ^= 1;
      ASSERT_TRUE(txn.put(records, integer_key(at), bytes));
    });
  }
  std::uint32_t layout_ = 1;
  hand_clock clock_;
  scratch_dir dir_;
};

TEST_F(recovery, goes_on_where_it_ended) {
  write_some(100);
  auto s = open();
  EXPECT_EQ(s->journal().last(), 100u);
  EXPECT_EQ(s->journal().durable(), 100u);
  EXPECT_EQ(s->state().projected(), 100u);
  EXPECT_EQ(s->journal().append(sample_record(101)), 101u);
  ASSERT_TRUE(s->wait_projected(101, millis{10'000}));
  EXPECT_EQ(folded_positions(s->state()).size(), 101u);
}

TEST_F(recovery, keeps_its_id) {
  std::string id = open()->id();
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(open()->id(), id);
}

TEST_F(recovery, folds_the_tail_that_was_not_projected) {
  write_some(1000);
  forget_state();
  auto s = open();
  ASSERT_TRUE(s->wait_projected(1000, millis{10'000}));
  EXPECT_EQ(folded_positions(s->state()).size(), 1000u);
  EXPECT_EQ(counted(s->state(), "key3"), 63u);
}

TEST_F(recovery, writes_everything_appended_before_a_stop) {
  {
    auto s = open();
    for (position n = 1; n <= 5000; ++n) s->journal().append(sample_record(n));
  }
  auto s = open();
  EXPECT_EQ(s->journal().durable(), 5000u);
  EXPECT_EQ(s->state().projected(), 5000u);
}

TEST_F(recovery, refuses_a_state_ahead_of_its_journal) {
  write_some(10);
  fs::copy(dir_.path("s"), dir_.path("old"), fs::copy_options::recursive);
  write_some(10);
  fs::copy(dir_.path("old/journal"), dir_.path("s/journal"),
           fs::copy_options::overwrite_existing | fs::copy_options::recursive);
  auto why = refused();
  EXPECT_EQ(why.code, errc::failed_precondition);
  EXPECT_NE(why.message.find("at record 20, but its journal ends at 10"), std::string::npos)
      << why.message;
}

TEST_F(recovery, refuses_a_state_of_another_store) {
  write_some(10);
  fs::rename(dir_.path("s"), dir_.path("other"));
  write_some(10);
  forget_state();
  fs::rename(dir_.path("other/state"), dir_.path("s/state"));
  EXPECT_NE(refused().message.find("not of one store"), std::string::npos);
}

TEST_F(recovery, refuses_a_state_whose_tables_are_laid_out_otherwise) {
  write_some(10);
  layout_ = 2;
  auto why = refused();
  EXPECT_EQ(why.code, errc::failed_precondition);
  EXPECT_NE(why.message.find("has table layout 1, this program reads layout 2"), std::string::npos)
      << why.message;
  // Made anew from the journal it fits.
  forget_state();
  EXPECT_TRUE(open()->wait_projected(10, millis{10'000}));
}

TEST_F(recovery, refuses_a_state_whose_journal_is_gone) {
  write_some(10);
  fs::remove_all(dir_.path("s/journal"));
  EXPECT_NE(refused().message.find("not of one store"), std::string::npos);
}

TEST_F(recovery, refuses_a_journal_that_begins_after_the_state_ends) {
  write_some(10);
  forget_state();
  tamper([](lmdb_write& txn, lmdb_table records) {
    for (position at = 1; at <= 4; ++at) ASSERT_TRUE(txn.erase(records, integer_key(at)));
  });
  EXPECT_NE(refused().message.find("begins at 5"), std::string::npos);
}

TEST_F(recovery, names_the_damaged_record_of_the_tail) {
  write_some(100);
  forget_state();
  flip_a_bit(37);
  auto why = refused();
  EXPECT_EQ(why.code, errc::internal);
  EXPECT_NE(why.message.find("record 37 is damaged: wrong checksum"), std::string::npos)
      << why.message;
}

TEST_F(recovery, names_the_missing_record_of_the_tail) {
  write_some(100);
  forget_state();
  tamper([](lmdb_write& txn, lmdb_table records) {
    ASSERT_TRUE(txn.erase(records, integer_key(position{60})));
  });
  EXPECT_NE(refused().message.find("record 60 is missing"), std::string::npos);
}

TEST_F(recovery, sees_two_records_that_changed_places) {
  write_some(100);
  forget_state();
  tamper([](lmdb_write& txn, lmdb_table records) {
    std::string a(*txn.get(records, integer_key(position{16})));
    std::string b(*txn.get(records, integer_key(position{32})));
    ASSERT_TRUE(txn.put(records, integer_key(position{16}), b));
    ASSERT_TRUE(txn.put(records, integer_key(position{32}), a));
  });
  EXPECT_NE(refused().message.find("record 16 is damaged"), std::string::npos);
}

TEST_F(recovery, starts_over_damage_below_the_projected_and_names_it_to_a_reader) {
  write_some(100);
  flip_a_bit(37);
  auto s = open();
  auto read = s->journal().read(30, 100, [](const placed_record&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("record 37 is damaged"), std::string::npos);
  EXPECT_TRUE(s->journal().read(38, 100, [](const placed_record&) { return true; }));
}

TEST_F(recovery, refuses_a_second_opening) {
  auto s = open();
  EXPECT_NE(refused().message.find("in use"), std::string::npos);
}

TEST_F(recovery, opens_backups_made_while_work_went_on) {
  auto o = options();
  o.projecting.flush_interval = millis{0};
  auto s = must_open(o, {std::make_shared<counting_projection>()});
  append(*s, 500);
  std::atomic<bool> stop{false};
  std::jthread worker([&] {
    while (!stop && s->journal().last() < 100'000) {
      for (int i = 0; i < 20; ++i) s->journal().append(sample_record(s->journal().last() + 1));
      s->wait_projected(s->journal().last(), millis{10'000});
    }
  });
  for (int round = 0; round < 5; ++round) {
    const auto to = dir_.path("backup" + std::to_string(round));
    auto done = s->backup(to);
    ASSERT_TRUE(done) << done.error().message;
    auto copy = must_open(small_store(to, clock_), {std::make_shared<counting_projection>()});
    EXPECT_EQ(copy->id(), s->id());
    EXPECT_GE(copy->journal().durable(), 500u);
    ASSERT_TRUE(copy->wait_projected(copy->journal().durable(), millis{10'000}));
    EXPECT_EQ(counted_in_all(copy->state()), copy->journal().durable());
  }
  stop = true;
  EXPECT_EQ(s->backup(dir_.path("backup0")).error().code, errc::already_exists);
}

TEST_F(recovery, finds_everything_after_a_compaction_that_shrank_the_files) {
  auto o = options();
  {
    auto s = open();
    append(*s, 3000);
    auto erased = s->rewrite([](const placed_record& r) -> std::optional<std::string> {
      if (r.at % 2 == 0) return std::nullopt;
      return std::string();
    });
    ASSERT_TRUE(erased) << erased.error().message;
    EXPECT_EQ(*erased, 1500u);
  }
  const auto before = fs::file_size(dir_.path("s/journal/data.mdb"));
  auto done = compact_store(o);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_LT(fs::file_size(dir_.path("s/journal/data.mdb")), before);
  auto s = open();
  auto read = s->journal().read(1, 5000, [](const placed_record& r) {
    EXPECT_EQ(r.body.events.size(), r.at % 2 == 0 ? 200u : 0u);
    EXPECT_EQ(r.body.entity_seq, r.at);
    return true;
  });
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, 3001u);
  EXPECT_FALSE(compact_store(o)) << "a store in use was compacted";
}

}  // namespace
}  // namespace switchboard::store
