// Damaged values of a state whose journal no longer begins at its first record.
#include <atomic>
#include <filesystem>
#include <map>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "actors/customer/trail_entry.hpp"
#include "actors/read_model/projection/row_sources.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/store/damage.hpp"
#include "runtime/store/store.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

namespace table = projecting::table;

struct moved_clock final : clock_source {
  timestamp now() const override { return from_unix_ms(ms); }
  std::atomic<std::int64_t> ms{unix_ms(noon)};
};

class mending : public testing::Test {
 protected:
  mending() {
    std::filesystem::remove_all(dir_);
    options_.dir = dir_;
    options_.journal_map_bytes = options_.state_map_bytes = std::size_t{64} << 20;
    options_.clock = &clock_;
    options_.retention = day;
    options_.trim_pause = millis{1};
    options_.projecting.flush_interval = millis{5};
    options_.mending = projecting::row_sources();
    options_.on_notice = [this](std::string_view event, std::string_view words) {
      std::lock_guard lock(mutex_);
      notices_[std::string(event)] = words;
    };
  }
  ~mending() override {
    store_.reset();
    std::filesystem::remove_all(dir_);
  }
  void open() {
    store_.reset();
    notices_.clear();
    auto opened = store::open_store(options_, all_projections());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  store::journal& journal() { return store_->journal(); }
  void all_projected() { ASSERT_TRUE(store_->wait_projected(journal().last(), millis{10'000})); }
  /// An old session that is trimmed away, and two young ones.
  void live_for_two_days() {
    open();
    session_writer old(journal(), old_);
    old.open(noon, "c1", "r1");
    old.identify("m:1", noon);
    for (int i = 0; i < 50; ++i) old.say("customer", "hello", noon + millis{i});
    old.close(noon + second);
    all_projected();
    const auto first_young = journal().last() + 1;
    clock_.ms = unix_ms(noon + 2 * day);
    for (auto* id : {&live_, &over_}) {
      session_writer s(journal(), *id);
      s.open(noon + 2 * day, "c2", "r2");
      s.identify("m:2", noon + 2 * day);
      s.assign("ann", noon + 2 * day);
      for (int i = 0; i < 50; ++i) {
        s.say("customer", "hello", noon + 2 * day + millis{i});
        if (i % 10 == 0) all_projected();  // several chunks
      }
      s.write({event::recalled{5, {"customer", "c2", ""}, {}, ""}}, noon + 2 * day + second);
      if (id == &over_) s.close(noon + 2 * day + second);
    }
    all_projected();
    for (int i = 0; i < 2000 && journal().first() < first_young; ++i)
      std::this_thread::sleep_for(millis{2});
    ASSERT_EQ(journal().first(), first_young);
  }
  static std::string without_messages(std::string_view packed) {
    trail_entry e;
    EXPECT_TRUE(codec::unpack(packed, e));
    e.messages = 0;
    return codec::pack(e);
  }
  std::map<std::string, std::string> rows() {
    std::map<std::string, std::string> out;
    auto view = store_->state().view();
    for (auto& p : all_projections()) {
      for (auto& t : p->tables()) {
        view->scan(t, "", [&](std::string_view key, std::string_view value) {
          // Where batches end is chance: so is how a transcript is cut, and how many messages the
          // trail of a live session has counted.
          if (t == table::transcript) return true;
          auto& row = out[t + "/" + std::string(key)] = value;
          if (t == table::trail) row = without_messages(value);
          return true;
        });
      }
    }
    return out;
  }
  std::string transcript(const session_id& id) {
    auto page = projecting::read_transcript(*store_->state().view(), id, 0, {1'000, 1 << 20});
    return page.events;
  }
  void damage(std::string_view of, const std::string& begins_with) {
    store_.reset();
    store::lmdb_options o;
    o.dir = dir_ + "/state";
    o.map_size = std::size_t{64} << 20;
    o.max_tables = 128;
    auto env = store::lmdb_env::open(o).value();
    auto t = env->table(std::string(of)).value();
    auto txn = env->begin_write().value();
    std::vector<std::pair<std::string, std::string>> all;
    txn.scan(t, begins_with, [&](std::string_view key, std::string_view value) {
      if (key.starts_with(begins_with)) all.emplace_back(key, value);
      return key.starts_with(begins_with);
    });
    ASSERT_FALSE(all.empty()) << of;
    for (auto& [key, value] : all) {
      value[value.size() / 2] ^= 8;
      ASSERT_TRUE(txn.put(t, key, value));
    }
    ASSERT_TRUE(txn.commit());
  }
  /// A run that meets it.
  void meet(std::string_view of) {
    open();
    EXPECT_THROW(store_->state().view()->scan(of, "", [](auto, auto) { return true; }),
                 store::damaged_data);
  }

  const std::string dir_ =
      (std::filesystem::temp_directory_path() / ("mending_" + std::to_string(::getpid()))).string();
  moved_clock clock_;
  store::store_options options_;
  std::mutex mutex_;
  std::map<std::string, std::string> notices_;
  std::unique_ptr<store::store> store_;
  const session_id old_ = make_session_id(7, noon, 1, 1),
                   live_ = make_session_id(8, noon + 2 * day, 2, 2),
                   over_ = make_session_id(9, noon + 2 * day, 3, 3);
};

TEST_F(mending, makes_anew_what_is_of_a_session_whose_records_are_all_there) {
  live_for_two_days();
  const auto before = rows();
  const auto said = transcript(live_), told = transcript(over_);
  damage(table::live, projecting::live_key(live_));
  damage(table::pulse, projecting::live_key(live_));
  damage(table::over, projecting::session_key(over_));
  damage(table::transcript, projecting::session_key(over_));
  damage(table::trail, projecting::trail_prefix(person_id{"m:2"}));
  meet(table::live);
  open();
  EXPECT_NE(notices_["state_values_mended"], "");
  EXPECT_EQ(notices_["state_values_lost"], "");
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(transcript(live_), said);
  EXPECT_EQ(transcript(over_), told);
  open();
  EXPECT_EQ(notices_["state_values_mended"], "") << "once";
}

TEST_F(mending, says_what_is_lost_of_a_session_that_is_older_than_the_journal_and_starts) {
  live_for_two_days();
  damage(table::over, projecting::session_key(old_));
  damage(table::live, projecting::live_key(live_));
  meet(table::over);
  open();
  EXPECT_NE(notices_["state_values_mended"].find("1 damaged"), std::string::npos)
      << notices_["state_values_mended"];
  EXPECT_NE(notices_["state_values_lost"].find("1 damaged values in over"), std::string::npos)
      << notices_["state_values_lost"];
  EXPECT_TRUE(projecting::read_session(*store_->state().view(), live_));
  EXPECT_THROW(projecting::read_session(*store_->state().view(), old_), store::damaged_data);
}

}  // namespace
}  // namespace switchboard
