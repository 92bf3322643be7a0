#include "runtime/log/log.hpp"

#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace switchboard {
namespace {

namespace fs = std::filesystem;

struct logging : testing::Test {
  logging() { fs::create_directory(directory); }
  ~logging() override {
    log::stop();
    fs::remove_all(directory);
  }
  void start(log::options o = {}) {
    o.file = file();
    auto started = log::start(o);
    ASSERT_TRUE(started.has_value()) << started.error().message;
  }
  std::string file() const { return (directory / "log").string(); }
  /// Ends the log and reads what it wrote.
  std::vector<std::string> lines() {
    log::stop();
    return lines_of(file());
  }
  static std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> all;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
  static std::string after_time(const std::string& line) { return line.substr(25); }

  fs::path directory = fs::temp_directory_path() / ("log_test_" + std::to_string(::getpid()));
  session_id session = make_session_id(7, from_unix_ms(1'700'000'000'000), 1, 2);
};

TEST_F(logging, an_event_is_one_line_of_text) {
  start();
  log::info("session_opened", {{"session", session}, {"wait", millis{40}}, {"late", false}});
  auto all = lines();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(after_time(all[0]),
            "info session_opened session=" + session.text() + " wait=40 late=false");
  EXPECT_EQ(all[0][10], 'T');
  EXPECT_EQ(all[0][23], 'Z');
}

TEST_F(logging, an_event_is_one_object_of_json) {
  start({.format = "json"});
  log::warn("disk_nearly_full", {{"percent", 93.5},
                                 {"left", std::uint64_t{1} << 63},
                                 {"group", group_id{"sales"}},
                                 {"code", errc::resource_exhausted},
                                 {"state", "draining"},
                                 {"rate", 1.0 / 0.0}});
  auto all = lines();
  ASSERT_EQ(all.size(), 1u);
  auto o = nlohmann::json::parse(all[0]);
  EXPECT_EQ(o["level"], "warn");
  EXPECT_EQ(o["event"], "disk_nearly_full");
  EXPECT_EQ(o["percent"], 93.5);
  EXPECT_EQ(o["left"], std::uint64_t{1} << 63);
  EXPECT_EQ(o["group"], "sales");
  EXPECT_EQ(o["code"], "resource_exhausted");
  EXPECT_EQ(o["state"], "draining");
  EXPECT_EQ(o["rate"], "none");
  EXPECT_EQ(o["time"].get<std::string>().size(), 24u);
}

TEST_F(logging, text_that_could_be_taken_for_more_is_quoted) {
  start();
  log::error("start_failed", {{"why", log::technical{"no \"file\"\nfake=1"}},
                              {"path", log::technical{"/var/x"}},
                              {"none", log::technical{""}}});
  auto all = lines();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(after_time(all[0]),
            R"(error start_failed why="no \"file\"\u000afake=1" path=/var/x none="")");
}

TEST_F(logging, broken_utf8_still_makes_json) {
  start({.format = "json"});
  log::info("odd", {{"text", log::technical{"a\xff\x01"}}, {"good", log::technical{"派单"}}});
  auto o = nlohmann::json::parse(lines().at(0));
  EXPECT_EQ(o["text"], "a\xef\xbf\xbd\x01");
  EXPECT_EQ(o["good"], "派单");
}

TEST_F(logging, lines_below_the_level_are_not_written_and_it_may_change) {
  start({.level = "warn"});
  log::info("a");
  EXPECT_TRUE(log::set_level("debug"));
  EXPECT_FALSE(log::set_level("loud"));
  log::debug("b");
  log::trace("c");
  log::error("d");
  auto all = lines();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(after_time(all[0]), "debug b");
  EXPECT_EQ(after_time(all[1]), "error d");
}

TEST_F(logging, what_cannot_work_is_said_at_the_start) {
  EXPECT_EQ(log::start({.level = "loud"}).error().field, "log.level");
  EXPECT_EQ(log::start({.format = "xml"}).error().field, "log.format");
  EXPECT_EQ(log::start({.file = directory.string() + "/no/such"}).error().code, errc::unavailable);
  start();
  EXPECT_EQ(log::start({}).error().code, errc::failed_precondition);
}

TEST_F(logging, before_start_and_after_stop_nothing_happens) {
  log::error("early");
  start();
  log::info("between");
  EXPECT_EQ(lines().size(), 1u);
  log::error("late");
  EXPECT_EQ(lines_of(file()).size(), 1u);
}

TEST_F(logging, a_file_moved_away_is_followed_by_a_new_one) {
  start();
  log::info("a");
  while (lines_of(file()).empty()) std::this_thread::yield();
  fs::rename(file(), file() + ".1");
  log::reopen();
  log::info("b");
  EXPECT_EQ(lines().size(), 1u);
  EXPECT_EQ(lines_of(file() + ".1").size(), 1u);
}

TEST_F(logging, many_threads_write_whole_lines_and_every_one_is_written_or_counted) {
  auto before = log::so_far();
  start({.format = "json", .queue = 64});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 5'000; ++i) log::info("tick", {{"thread", t}, {"i", i}});
    });
  }
  for (auto& t : threads) t.join();
  auto all = lines();
  for (auto& line : all) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  auto now = log::so_far();
  EXPECT_EQ(now.written - before.written, all.size());
  EXPECT_EQ(now.written - before.written + now.dropped - before.dropped, 20'000u);
}

// No way in for what a client sent, nor for who a customer is.
static_assert(!std::is_constructible_v<log::value, std::string>);
static_assert(!std::is_constructible_v<log::value, std::string_view>);
static_assert(!std::is_constructible_v<log::value, person_id>);
static_assert(std::is_constructible_v<log::value, agent_id>);

}  // namespace
}  // namespace switchboard
