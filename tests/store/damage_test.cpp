// Half a file, a flipped bit: refused or named in words, never a signal, never a wrong value.
#include "runtime/store/damage.hpp"

#include <fstream>
#include <random>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "runtime/store/page_check.hpp"
#include "runtime/store/store_verify.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;

/// Long and short values under many keys: leaf, branch and overflow pages.
class mixed_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {"long", "short"}; }
  void fold(const placed_record& r, const state_view&) override { seen_.push_back(r); }
  void flush(state_batch& batch) override {
    for (auto& r : seen_) {
      batch.put("short", "key" + std::to_string(r.at), r.body.events);
      if (r.at % 8 == 0) batch.put("long", r.body.key + std::to_string(r.at % 64), big(r));
    }
    seen_.clear();
  }
  static std::string big(const placed_record& r) {
    std::string all;
    for (int i = 0; i < 20; ++i) all += r.body.events;
    return all;
  }

 private:
  std::vector<placed_record> seen_;
};

class damage : public testing::Test {
 protected:
  static constexpr position records = 1500;
  damage() {
    auto s = open();
    for (position n = 1; n <= records; ++n) s->journal().append(sample_record(n));
    EXPECT_TRUE(s->wait_projected(records, millis{10'000}));
  }
  store_options options(const std::string& dir = "s") const {
    auto o = small_store(dir_.path(dir), clock_);
    o.on_notice = [this](std::string_view event, std::string_view) {
      ++notices_[std::string(event)];
    };
    return o;
  }
  std::unique_ptr<store> open() const {
    return must_open(options(), {std::make_shared<mixed_projection>()});
  }
  result<std::unique_ptr<store>> try_open(const std::string& dir) const {
    return open_store(options(dir), {std::make_shared<mixed_projection>()});
  }
  std::string file(const std::string& which) const { return dir_.path("s/" + which + "/data.mdb"); }
  void copy(const std::string& to) const {
    fs::remove_all(dir_.path(to));
    fs::copy(dir_.path("s"), dir_.path(to), fs::copy_options::recursive);
  }
  static void flip(const std::string& file, std::uint64_t bit) {
    std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
    f.seekg(std::streamoff(bit / 8));
    char c = 0;
    f.get(c);
    f.seekp(std::streamoff(bit / 8));
    f.put(char(c ^ (1 << bit % 8)));
  }
  /// Everything the state has, as text; what is damaged throws.
  static std::map<std::string, std::string> all_of(const state& s) {
    std::map<std::string, std::string> all;
    auto view = s.view();
    for (auto table : {"long", "short"}) {
      view->scan(table, "", [&](std::string_view key, std::string_view value) {
        all[table + ("/" + std::string(key))] = value;
        return true;
      });
    }
    return all;
  }

  hand_clock clock_;
  scratch_dir dir_;
  mutable std::map<std::string, int> notices_;
};

TEST_F(damage, half_a_file_is_refused_with_its_sizes_and_not_by_a_signal) {
  for (auto which : {"state", "journal"}) {
    for (auto part : {2, 3, 10}) {
      const auto whole = fs::file_size(file(which));
      copy("cut");
      const auto name = dir_.path("cut/" + std::string(which) + "/data.mdb");
      fs::resize_file(name, whole / 10 * (10 - part));
      auto found = check_pages(name);
      ASSERT_FALSE(found) << which << " less " << part << " tenths";
      EXPECT_NE(found.error().message.find(name), std::string::npos);
      EXPECT_NE(found.error().message.find(std::to_string(whole / 10 * (10 - part)) + " bytes"),
                std::string::npos)
          << found.error().message;
      EXPECT_EQ(try_open("cut").has_value(), std::string(which) == "state")
          << "a state is made anew, a journal is not";
    }
  }
}

TEST_F(damage, a_state_that_is_cut_is_made_anew_from_a_journal_that_has_everything) {
  const auto before = all_of(open()->state());
  fs::resize_file(file("state"), fs::file_size(file("state")) / 2);
  auto s = open();
  ASSERT_TRUE(s->wait_projected(records, millis{10'000}));
  EXPECT_EQ(all_of(s->state()), before);
  EXPECT_EQ(notices_["state_made_anew"], 1);
}

TEST_F(damage, a_state_that_is_cut_is_refused_where_the_journal_was_trimmed) {
  {
    auto s = open();
    clock_.advance(options().retention + millis{1});
    ASSERT_TRUE(wait_until([&] { return s->journal().first() > 1; }));
  }
  fs::resize_file(file("state"), fs::file_size(file("state")) / 2);
  auto refused = try_open("s");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("cut short"), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find("restore a backup"), std::string::npos);
}

TEST_F(damage, of_a_flipped_bit_in_the_state_no_reader_is_told_something_else) {
  const auto before = all_of(open()->state());
  const auto bits = fs::file_size(file("state")) * 8;
  std::mt19937_64 rng(5);
  int told = 0, anew = 0, harmless = 0;
  for (int round = 0; round < 150; ++round) {
    copy("flipped");
    const auto bit = rng() % bits;
    SCOPED_TRACE("bit " + std::to_string(bit) + " of page " + std::to_string(bit / 8 / 4096));
    flip(dir_.path("flipped/state/data.mdb"), bit);
    auto made_before = notices_["state_made_anew"];
    auto s = try_open("flipped");
    if (!s) {
      ++told;
      continue;
    }
    ASSERT_TRUE((*s)->wait_projected(records, millis{10'000}));
    anew += notices_["state_made_anew"] - made_before;
    try {
      EXPECT_EQ(all_of((*s)->state()), before);
      ++harmless;
    } catch (const damaged_data&) {
      ++told;
      EXPECT_GT((*s)->stats().damaged_values, 0u);
    }
  }
  EXPECT_GT(told, 20) << "anew " << anew << ", harmless " << harmless;
}

TEST_F(damage, of_a_flipped_bit_in_the_journal_no_reader_is_told_something_else) {
  const auto bits = fs::file_size(file("journal")) * 8;
  std::mt19937_64 rng(6);
  int told = 0;
  for (int round = 0; round < 150; ++round) {
    copy("flipped");
    const auto bit = rng() % bits;
    SCOPED_TRACE("bit " + std::to_string(bit) + " of page " + std::to_string(bit / 8 / 4096));
    flip(dir_.path("flipped/journal/data.mdb"), bit);
    auto s = try_open("flipped");
    if (!s) {
      ++told;
      continue;
    }
    auto read = (*s)->journal().read(1, records, [](const placed_record& r) {
      EXPECT_EQ(sample_flaw(r), "");
      return true;
    });
    if (!read)
      ++told;
    else
      EXPECT_EQ(*read, records + 1);
  }
  EXPECT_GT(told, 50);
}

TEST_F(damage, a_backup_of_a_damaged_store_fails_with_words) {
  auto s = open();
  ASSERT_TRUE(s->backup(dir_.path("well")));
  EXPECT_TRUE(verify_store(dir_.path("well")));
  s.reset();
  // In a value: found by its text, which is the record's own.
  std::string bytes;
  {
    std::ifstream in(file("state"), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  auto at = bytes.find(sample_record(700).events.substr(0, 100));
  ASSERT_NE(at, std::string::npos);
  while (at != std::string::npos) {
    flip(file("state"), (at + 50) * 8);
    at = bytes.find(sample_record(700).events.substr(0, 100), at + 1);
  }
  s = open();
  auto done = s->backup(dir_.path("ill"));
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("damaged values, the first in table short"),
            std::string::npos)
      << done.error().message;
  EXPECT_FALSE(verify_store(dir_.path("s"))) << "offline it is seen as well";
}

TEST_F(damage, a_damaged_value_is_said_once_and_made_anew_by_the_next_start) {
  const auto before = all_of(open()->state());
  std::string bytes;
  {
    std::ifstream in(file("state"), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const auto wanted = sample_record(701).events.substr(0, 100);
  for (auto at = bytes.find(wanted); at != bytes.npos; at = bytes.find(wanted, at + 1)) {
    flip(file("state"), (at + 50) * 8);
  }
  {
    auto s = open();
    EXPECT_THROW(s->state().view()->find("short", "key701"), damaged_data);
    EXPECT_THROW(s->state().view()->find("short", "key701"), damaged_data);
    EXPECT_EQ(s->state().view()->find("short", "key702"), sample_record(702).events);
    EXPECT_EQ(s->stats().damaged_values, 2u);
    EXPECT_EQ(notices_["state_value_damaged"], 1);
  }
  auto s = open();
  ASSERT_TRUE(s->wait_projected(records, millis{10'000}));
  EXPECT_EQ(all_of(s->state()), before);
}

TEST_F(damage, files_and_folders_are_private_whatever_the_umask) {
  const auto before = ::umask(0);
  {
    auto s = open();
    ASSERT_TRUE(s->backup(dir_.path("backup")));
  }
  ASSERT_TRUE(compact_store(options()));
  fs::create_directories(dir_.path("loose/state"));
  ::umask(before);
  for (auto top : {"s", "backup"}) {
    EXPECT_EQ(fs::status(dir_.path(top)).permissions(), fs::perms::owner_all) << top;
    for (auto& e : fs::recursive_directory_iterator(dir_.path(top))) {
      const auto mode = e.status().permissions();
      EXPECT_EQ(mode & fs::perms::others_all, fs::perms::none) << e.path();
      EXPECT_EQ(mode & fs::perms::group_write, fs::perms::none) << e.path();
      if (!e.is_directory()) continue;
      EXPECT_EQ(mode, fs::perms::owner_all) << e.path();
    }
  }
}

TEST_F(damage, loose_modes_of_before_are_tightened) {
  fs::permissions(dir_.path("s/state"), fs::perms(0755));
  fs::permissions(file("state"), fs::perms(0644));
  open();
  EXPECT_EQ(fs::status(dir_.path("s/state")).permissions(), fs::perms(0700));
  EXPECT_EQ(fs::status(file("state")).permissions(), fs::perms(0640));
}

/// Whether any file below holds the bytes.
bool holds(const std::string& dir, const std::string& bytes) {
  for (auto& e : fs::recursive_directory_iterator(dir)) {
    if (!e.is_regular_file()) continue;
    std::ifstream in(e.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    if (all.find(bytes) != std::string::npos) return true;
  }
  return false;
}

TEST_F(damage, what_was_erased_is_in_no_file_after_a_compaction) {
  const auto gone = sample_record(404).events.substr(0, 60);
  {
    auto s = open();
    auto done = s->rewrite([](const placed_record& r) -> std::optional<record_edit> {
      if (r.at % 4 != 0) return std::nullopt;
      return record_edit(std::string());
    });
    ASSERT_TRUE(done);
  }
  fs::remove_all(dir_.path("s/state"));
  ASSERT_TRUE(holds(dir_.path("s"), gone)) << "the test proves nothing";
  ASSERT_TRUE(compact_store(options()));
  EXPECT_FALSE(holds(dir_.path("s"), gone));
  EXPECT_TRUE(holds(dir_.path("s"), sample_record(405).events.substr(0, 60)));
}

}  // namespace
}  // namespace switchboard::store
