#include "runtime/store/lmdb_env.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "runtime/store/env_copy.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

class lmdb_environment : public testing::Test {
 protected:
  lmdb_environment() { open(); }
  void open(bool read_only = false) {
    env_.reset();
    auto opened = lmdb_env::open(options(read_only));
    ASSERT_TRUE(opened) << opened.error().message;
    env_ = std::move(*opened);
  }
  lmdb_options options(bool read_only = false) const {
    lmdb_options o;
    o.dir = dir_.path("env");
    o.map_size = 4 << 20;
    o.max_tables = 4;
    o.max_readers = 8;
    o.read_only = read_only;
    return o;
  }
  lmdb_table table(const char* name, key_order order = key_order::bytes) {
    auto t = env_->table(name, order);
    EXPECT_TRUE(t) << t.error().message;
    return *t;
  }
  void put(lmdb_table t, std::string_view key, std::string_view value) {
    auto txn = env_->begin_write();
    ASSERT_TRUE(txn);
    ASSERT_TRUE(txn->put(t, key, value));
    ASSERT_TRUE(txn->commit());
  }
  std::string at(lmdb_table t, std::string_view key) {
    return std::string(env_->begin_read()->get(t, key).value_or("(none)"));
  }
  scratch_dir dir_;
  std::unique_ptr<lmdb_env> env_;
};

TEST_F(lmdb_environment, keeps_what_was_committed_over_a_reopening) {
  put(table("a"), "key", "value");
  open();
  EXPECT_EQ(at(table("a"), "key"), "value");
}

TEST_F(lmdb_environment, drops_what_was_not_committed) {
  auto t = table("a");
  {
    auto txn = env_->begin_write();
    ASSERT_TRUE(txn->put(t, "key", "value"));
    EXPECT_EQ(txn->get(t, "key"), "value");
  }
  EXPECT_EQ(at(t, "key"), "(none)");
}

TEST_F(lmdb_environment, keeps_tables_apart) {
  put(table("a"), "key", "1");
  put(table("b"), "key", "2");
  EXPECT_EQ(at(table("a"), "key"), "1");
  EXPECT_EQ(at(table("b"), "key"), "2");
}

TEST_F(lmdb_environment, shows_a_reader_what_was_there_when_it_began) {
  auto t = table("a");
  put(t, "key", "old");
  auto view = env_->begin_read();
  put(t, "key", "new");
  EXPECT_EQ(view->get(t, "key"), "old");
  EXPECT_EQ(at(t, "key"), "new");
}

TEST_F(lmdb_environment, lets_a_reader_move_to_another_thread) {
  auto t = table("a");
  put(t, "key", "value");
  auto view = env_->begin_read();
  std::jthread([&, moved = std::move(*view)] { EXPECT_EQ(moved.get(t, "key"), "value"); });
}

TEST_F(lmdb_environment, scans_in_key_order_from_a_key_on) {
  auto t = table("a");
  for (const char* key : {"d", "a", "c", "b"}) put(t, key, key);
  std::string seen;
  auto view = env_->begin_read();
  view->scan(t, "b", [&](std::string_view key, std::string_view) {
    seen += key;
    return key != "c";
  });
  EXPECT_EQ(seen, "bc");
  seen.clear();
  view->scan(t, {}, [&](std::string_view key, std::string_view) { return seen += key, true; });
  EXPECT_EQ(seen, "abcd");
  EXPECT_EQ(view->first(t)->key, "a");
  EXPECT_EQ(view->last(t)->key, "d");
  EXPECT_EQ(view->count(t), 4u);
}

TEST_F(lmdb_environment, has_neither_first_nor_last_in_an_empty_table) {
  auto t = table("a");
  auto view = env_->begin_read();
  EXPECT_FALSE(view->first(t));
  EXPECT_FALSE(view->last(t));
  EXPECT_EQ(view->count(t), 0u);
}

TEST_F(lmdb_environment, orders_integer_keys_as_numbers) {
  auto t = table("n", key_order::integer);
  for (std::uint64_t n : {256u, 1u, 70000u, 255u}) put(t, integer_key(n), "x");
  std::vector<std::uint64_t> seen;
  env_->begin_read()->scan(t, {}, [&](std::string_view key, std::string_view) {
    seen.push_back(integer_of(key));
    return true;
  });
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 255, 256, 70000}));
}

TEST_F(lmdb_environment, appends_rising_keys_and_refuses_a_lower_one) {
  auto t = table("n", key_order::integer);
  auto txn = env_->begin_write();
  for (std::uint64_t n = 1; n <= 1000; ++n) ASSERT_TRUE(txn->append(t, integer_key(n), "value"));
  EXPECT_FALSE(txn->append(t, integer_key(std::uint64_t{5}), "value"));
}

TEST_F(lmdb_environment, appends_to_two_tables_and_erases_in_between) {
  auto n = table("n", key_order::integer);
  auto m = table("m", key_order::integer);
  auto txn = env_->begin_write();
  for (std::uint64_t i = 1; i <= 100; ++i) {
    ASSERT_TRUE(txn->append(n, integer_key(i), "n"));
    ASSERT_TRUE(txn->append(m, integer_key(i), "m"));
    if (i > 10) {
      ASSERT_TRUE(txn->erase(n, integer_key(i - 10)));
    }
  }
  ASSERT_TRUE(txn->commit());
  EXPECT_EQ(env_->begin_read()->count(n), 10u);
  EXPECT_EQ(env_->begin_read()->count(m), 100u);
}

TEST_F(lmdb_environment, erases_and_clears) {
  auto t = table("a");
  put(t, "one", "1");
  put(t, "two", "2");
  auto txn = env_->begin_write();
  EXPECT_TRUE(txn->erase(t, "one"));
  EXPECT_TRUE(txn->erase(t, "never there"));
  ASSERT_TRUE(txn->commit());
  EXPECT_EQ(at(t, "one"), "(none)");
  auto clearing = env_->begin_write();
  EXPECT_TRUE(clearing->clear(t));
  ASSERT_TRUE(clearing->commit());
  EXPECT_EQ(env_->begin_read()->count(t), 0u);
}

TEST_F(lmdb_environment, refuses_keys_that_are_empty_or_too_long) {
  auto t = table("a");
  auto txn = env_->begin_write();
  EXPECT_EQ(txn->put(t, "", "x").error().code, errc::invalid_argument);
  EXPECT_EQ(txn->put(t, std::string(512, 'k'), "x").error().code, errc::invalid_argument);
  EXPECT_TRUE(txn->put(t, std::string(511, 'k'), "x"));
  EXPECT_FALSE(txn->get(t, ""));
  EXPECT_FALSE(txn->get(t, std::string(512, 'k')));
}

TEST_F(lmdb_environment, says_when_the_map_is_full) {
  auto t = table("a");
  auto txn = env_->begin_write();
  result<void> last;
  for (int i = 0; i < 100 && last; ++i) {
    last = txn->put(t, std::to_string(i), std::string(100'000, 'x'));
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, errc::resource_exhausted);
  EXPECT_NE(last.error().message.find("MDB_MAP_FULL"), std::string::npos);
  EXPECT_FALSE(txn->commit());
}

TEST_F(lmdb_environment, says_when_readers_run_out) {
  std::vector<lmdb_read> views;
  for (int i = 0; i < 8; ++i) views.push_back(std::move(*env_->begin_read()));
  EXPECT_EQ(env_->begin_read().error().code, errc::resource_exhausted);
  views.pop_back();
  EXPECT_TRUE(env_->begin_read());
}

TEST_F(lmdb_environment, counts_used_and_free_space) {
  auto t = table("a");
  put(t, "big", std::string(1 << 20, 'x'));
  auto full = env_->usage(true);
  EXPECT_EQ(full.map_size, 4u << 20);
  EXPECT_GE(full.in_use(), 1u << 20);
  auto txn = env_->begin_write();
  ASSERT_TRUE(txn->erase(t, "big"));
  ASSERT_TRUE(txn->commit());
  auto empty = env_->usage(true);
  EXPECT_GE(empty.high_water, full.high_water);
  EXPECT_LT(empty.in_use(), 1u << 18);
}

TEST_F(lmdb_environment, is_opened_once_in_a_process) {
  auto second = lmdb_env::open(options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::failed_precondition);
  env_.reset();
  EXPECT_TRUE(lmdb_env::open(options()));
}

TEST_F(lmdb_environment, opened_for_reading_finds_tables_and_makes_none) {
  put(table("a"), "key", "value");
  open(true);
  EXPECT_EQ(at(table("a"), "key"), "value");
  EXPECT_EQ(env_->table("b").error().code, errc::not_found);
  EXPECT_FALSE(env_->begin_write());
}

TEST_F(lmdb_environment, refuses_a_file_that_is_none) {
  env_.reset();
  std::filesystem::resize_file(dir_.path("env/data.mdb"), 0);
  if (FILE* f = std::fopen(dir_.path("env/data.mdb").c_str(), "w")) {
    for (int i = 0; i < 4096; ++i) std::fputs("not a database", f);
    std::fclose(f);
  }
  auto opened = lmdb_env::open(options());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find(dir_.path("env")), std::string::npos);
}

TEST_F(lmdb_environment, copies_itself_while_it_is_in_use) {
  auto t = table("a");
  put(t, "key", "value");
  auto view = env_->begin_read();
  ASSERT_TRUE(copy_entries(*env_, dir_.path("copy"), {.map_size = 4 << 20}));
  auto o = options();
  o.dir = dir_.path("copy");
  auto copy = lmdb_env::open(o);
  ASSERT_TRUE(copy);
  auto copied = *(*copy)->table("a");
  EXPECT_EQ((*copy)->begin_read()->get(copied, "key"), "value");
}

}  // namespace
}  // namespace switchboard::store
