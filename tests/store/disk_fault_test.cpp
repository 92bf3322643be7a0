// A disk without room, and one that does not answer: under the journal, the state, and the files.
#include <thread>

#include <gtest/gtest.h>

#include "adapters/attachment/attachment_store.hpp"
#include "runtime/store/store_verify.hpp"
#include "tests/store/disk_faults.hpp"
#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

class faulty_disk : public testing::Test {
 protected:
  faulty_disk() : options_(small_store(dir_.path("s"), clock_)) {
    options_.on_fatal = [this](std::string_view why) {
      std::lock_guard lock(mutex_);
      fatal_ = why;
    };
    options_.on_notice = [this](std::string_view event, std::string_view words) {
      std::lock_guard lock(mutex_);
      notices_[std::string(event)] = words;
    };
    options_.trim_pause = millis{1};
    options_.projecting.tidy_pause = millis{20};
    options_.limits.commit = millis{200};
  }
  ~faulty_disk() override { set_disk_fault({}, disk_fault::none); }

  void open() {
    store_.reset();
    store_ = must_open(options_, {std::make_shared<counting_projection>()});
  }
  journal& log() { return store_->journal(); }
  void append(position n) {
    for (position i = 0; i < n; ++i) log().append(sample_record(log().last() + 1));
  }
  std::string noticed(const std::string& event) {
    std::lock_guard lock(mutex_);
    auto it = notices_.find(event);
    return it == notices_.end() ? std::string() : it->second;
  }
  std::string fatal() {
    std::lock_guard lock(mutex_);
    return fatal_;
  }
  void expect_all(position n) {
    ASSERT_TRUE(wait_durable(log(), n)) << fatal();
    ASSERT_TRUE(store_->wait_projected(n, millis{10'000})) << fatal();
    EXPECT_EQ(folded_positions(store_->state()).size(), n);
    EXPECT_EQ(fatal(), "");
  }

  hand_clock clock_;
  scratch_dir dir_;
  store_options options_;
  std::mutex mutex_;
  std::string fatal_;
  std::map<std::string, std::string> notices_;
  std::unique_ptr<store> store_;
};

TEST_F(faulty_disk, a_full_one_under_the_journal_is_said_and_waited_for_and_loses_nothing) {
  open();
  append(100);
  expect_all(100);
  set_disk_fault(dir_.path("s/journal"), disk_fault::full);
  append(500);
  ASSERT_TRUE(wait_until([&] { return !noticed("journal_full").empty(); }));
  EXPECT_NE(noticed("journal_full").find("No space left"), std::string::npos)
      << noticed("journal_full");
  EXPECT_FALSE(store_->gate().admits(work::frees).open);
  EXPECT_EQ(log().durable(), 100u) << "nobody is told of what is not written";
  // What is durable is read on, and so is the state.
  EXPECT_EQ(*log().read(1, 1000, [](const placed_record&) { return true; }), 101u);
  EXPECT_EQ(folded_positions(store_->state()).size(), 100u);
  ASSERT_TRUE(wait_until([&] { return !store_->gate().answers().open; }))
      << "an answer could not leave";
  EXPECT_GT(disk_faults_met(), 0u) << "the test proves nothing";
  set_disk_fault({}, disk_fault::none);
  expect_all(600);
  EXPECT_TRUE(wait_until([&] { return store_->gate().admits(work::begins).open; }));
  EXPECT_TRUE(store_->gate().answers().open);
  store_.reset();
  auto whole = verify_store(dir_.path("s"));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->records, 600u);
}

TEST_F(faulty_disk, a_full_one_under_the_state_ends_nothing_and_readers_see_what_is_folded) {
  open();
  append(100);
  expect_all(100);
  set_disk_fault(dir_.path("s/state"), disk_fault::full);
  append(500);
  ASSERT_TRUE(wait_until([&] { return !noticed("state_full").empty(); }));
  expect_all(600);
  EXPECT_TRUE(store_->stats().projecting.aside);
  set_disk_fault({}, disk_fault::none);
  ASSERT_TRUE(wait_until([&] { return !store_->stats().projecting.aside; }));
  store_.reset();
  auto whole = verify_store(dir_.path("s"));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->projected, 600u);
}

TEST_F(faulty_disk, one_with_room_for_half_a_write_ends_nothing_and_loses_nothing) {
  open();
  append(100);
  expect_all(100);
  std::uint64_t upto = 100;
  for (const auto* part : {"s/state", "s/journal"}) {
    set_disk_fault(dir_.path(part), disk_fault::nearly_full);
    append(300);
    upto += 300;
    const auto notice = part == std::string("s/state") ? "state_full" : "journal_full";
    ASSERT_TRUE(wait_until([&] { return !noticed(notice).empty(); })) << part;
    set_disk_fault({}, disk_fault::none);
    expect_all(upto);
  }
  store_.reset();
  auto whole = verify_store(dir_.path("s"));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->records, upto);
}
TEST_F(faulty_disk, one_that_is_full_at_the_start_is_refused_in_words_or_started_over) {
  open();
  append(100);
  expect_all(100);
  store_.reset();
  set_disk_fault(dir_.path("s"), disk_fault::full);
  auto opened = open_store(options_, {std::make_shared<counting_projection>()});
  if (!opened) {
    EXPECT_NE(opened.error().message.find("No space left"), std::string::npos)
        << opened.error().message;
  } else {
    EXPECT_EQ(folded_positions((*opened)->state()).size(), 100u);
    opened->reset();
  }
  set_disk_fault({}, disk_fault::none);
  open();
  expect_all(100);
}

TEST_F(faulty_disk,
       one_that_does_not_answer_holds_up_no_reader_and_says_that_answers_cannot_leave) {
  open();
  append(100);
  expect_all(100);
  EXPECT_TRUE(store_->gate().answers().open);
  set_disk_fault(dir_.path("s/journal"), disk_fault::hangs);
  append(1);
  EXPECT_TRUE(store_->gate().answers().open) << "a commit may take a moment";
  ASSERT_TRUE(wait_until([&] { return !store_->gate().answers().open; }));
  EXPECT_NE(store_->gate().answers().reason.find("something to write"), std::string::npos);
  EXPECT_EQ(*log().read(1, 1000, [](const placed_record&) { return true; }), 101u);
  EXPECT_EQ(folded_positions(store_->state()).size(), 100u);
  EXPECT_GT(store_->room().journal.in_use(), 0u) << "who asks how it is does not hang";
  EXPECT_EQ(store_->stats().durable, 100u);
  set_disk_fault({}, disk_fault::none);
  expect_all(101);
  EXPECT_TRUE(wait_until([&] { return store_->gate().answers().open; }));
}

}  // namespace
}  // namespace switchboard::store

namespace switchboard::attachment {
namespace {

using store::disk_fault;
using store::set_disk_fault;

TEST(faulty_disk_of_files,
     a_full_one_refuses_a_piece_or_its_end_and_takes_the_same_again_when_there_is_room) {
  store::scratch_dir dir;
  auto files =
      attachment_store::open(dir.path("a"), {}, [] { return std::uint64_t{1} << 40; }).value();
  const auto now = from_unix_ms(1'700'000'000'000);
  record r;
  r.session = "s2001M82K6C3QT13BE0NB066G2130";
  r.id = r.session + ".f1";
  r.channel = "app";
  r.by = "channel:app";
  r.type = "file";
  r.name = "a.txt";
  r.size = 11;
  ASSERT_TRUE(files->begin(r, {}, now));
  set_disk_fault(dir.path("a"), disk_fault::full);
  auto piece = files->append(r.id, r.by, 0, "hello world", now);
  ASSERT_FALSE(piece);
  EXPECT_EQ(piece.error().code, errc::resource_exhausted) << piece.error().message;
  set_disk_fault({}, disk_fault::none);
  ASSERT_EQ(files->append(r.id, r.by, 0, "hello world", now), 11u);
  set_disk_fault(dir.path("a"), disk_fault::full);
  auto done = files->finish(r.id, r.by, {}, {}, now);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::resource_exhausted) << done.error().message;
  EXPECT_FALSE(files->claim(r.id, r.session, r.by, "m1", "file"));
  set_disk_fault({}, disk_fault::none);
  // Begun anew it goes through, and what was refused has left nothing.
  ASSERT_TRUE(files->begin(r, {}, now));
  ASSERT_TRUE(files->append(r.id, r.by, 0, "hello world", now));
  ASSERT_TRUE(files->finish(r.id, r.by, {}, {}, now));
  ASSERT_TRUE(files->claim(r.id, r.session, r.by, "m1", "file"));
  EXPECT_EQ(files->read(r.id, 0, 100)->data, "hello world");
  EXPECT_EQ(files->used().attachments, 1u);
}

}  // namespace
}  // namespace switchboard::attachment
