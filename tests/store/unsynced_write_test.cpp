// Power cuts. A child's writes to its data files are recorded with their syncs; then the files are
// made as a power cut could have left them: what was synced is there, of what was not any part may
// be missing. Each such store must open and have every record that was acknowledged before the cut.
// After the idea of ALICE (Pillai and others, OSDI 2014).
#include <algorithm>
#include <array>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "tests/store/child_process.hpp"
#include "tests/store/store_fixture.hpp"
#include "tests/store/write_recorder.hpp"

namespace switchboard::store {
namespace {

constexpr std::size_t page = 4096;

void apply(std::string& image, const recorded& r) {
  if (r.what == recorded::kind::truncate) return image.resize(r.offset);
  if (image.size() < r.offset + r.bytes.size()) image.resize(r.offset + r.bytes.size());
  image.replace(r.offset, r.bytes.size(), r.bytes);
}

/// One file as the disk has it for certain, and what is on its way, page by page.
struct disk_file {
  std::string synced;
  std::vector<recorded> pending;

  void take(const recorded& r) {
    if (r.what == recorded::kind::sync) {
      for (const auto& p : pending) apply(synced, p);
      pending.clear();
    } else if (r.synced) {
      apply(synced, r);
    } else {
      for (std::size_t at = 0; at < std::max<std::size_t>(r.bytes.size(), 1); at += page) {
        pending.push_back({r.what, r.file, false, r.offset + at, r.bytes.substr(at, page)});
      }
    }
  }
  /// What a cut leaves when of the pending writes those arrive for which `arrives` is true.
  template <class Arrives> std::string cut(Arrives arrives) const {
    std::string image = synced;
    for (std::size_t i = 0; i < pending.size(); ++i) {
      if (arrives(i)) apply(image, pending[i]);
    }
    return image;
  }
};

/// Both data files as one of four kinds of cut leaves them: nothing arrives of what is pending, all
/// of it, a first part, any part.
std::vector<std::string> cut(const std::array<disk_file, 4>& files, std::size_t way,
                             std::mt19937& rng) {
  const auto first = rng() % 20;
  auto arrives = [&](std::size_t i) {
    if (way == 2) return i < first;
    return way == 1 || (way == 3 && rng() % 2 == 0);
  };
  return {files[0].cut(arrives), files[1].cut(arrives)};
}

/// So many first events are the making of a store.
constexpr std::size_t making = 40;
/// Of the others one in so many is tried.
constexpr std::size_t stride = sanitized ? 16 : 2;

class unsynced_writes : public testing::TestWithParam<bool> {
 protected:
  std::vector<recorded> record(unsigned seed) {
    child_process child({"append", dir_.path("s"), dir_.path("acks"), dir_.path("log")},
                        {{"STORE_CHILD_SEED", std::to_string(seed)},
                         {"STORE_CHILD_BURSTS", "60"},
                         {"STORE_CHILD_TRIMS", GetParam() ? "1" : "0"}},
                        dir_.path("errors"));
    EXPECT_EQ(child.wait(), 0) << slurp(dir_.path("errors"));
    return load_recording(dir_.path("log"));
  }

  /// Opens what is left of the store after a cut and checks it. `promised` was acknowledged before.
  void expect_recovers(const std::vector<std::string>& images, position promised) {
    const auto root = dir_.path("cut");
    std::filesystem::remove_all(root);
    for (std::size_t f = 0; f < images.size(); ++f) {
      const std::filesystem::path name = root + "/" + recorded_files()[f];
      std::filesystem::create_directories(name.parent_path());
      if (images[f].empty()) continue;
      std::ofstream(name, std::ios::binary) << images[f];
    }
    auto opened = open_store(small_store(root, clock_), {std::make_shared<counting_projection>()});
    ASSERT_TRUE(opened) << opened.error().message;
    auto& s = **opened;
    auto& j = s.journal();
    ASSERT_GE(j.durable(), promised);
    const position first = j.durable() == 0 ? 1 : j.first();
    EXPECT_LE(first, s.state().projected() + 1) << "trimmed what was not projected";
    position expected = first;
    auto read = j.read(first, 1'000'000, [&](const placed_record& r) {
      EXPECT_EQ(r.at, expected++);
      EXPECT_EQ(sample_flaw(r), "");
      return true;
    });
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(expected, j.durable() + 1);
    ASSERT_TRUE(s.wait_projected(j.durable(), millis{10'000}));
    EXPECT_EQ(folded_positions(s.state()).size(), j.durable());
    EXPECT_EQ(counted_in_all(s.state()), j.durable()) << "a record was folded twice or never";
  }

  scratch_dir dir_;
  hand_clock clock_;
};

TEST_P(unsynced_writes, may_vanish_in_any_part_without_loss_of_what_was_acknowledged) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 rng(seed);
  const auto log = record(seed);
  const auto writes = std::count_if(
      log.begin(), log.end(), [](const recorded& r) { return r.what == recorded::kind::write; });
  ASSERT_GT(writes, 200);
  std::array<disk_file, 4> files;
  position promised = 0;
  for (std::size_t at = 0; at < log.size() && !HasFatalFailure(); ++at) {
    const recorded& r = log[at];
    if (r.what == recorded::kind::acknowledge) {
      promised = r.offset;
      continue;
    }
    if (r.what == recorded::kind::rename) {
      files[r.offset] = std::move(files[r.file]);
    } else {
      files[r.file].take(r);
    }
    SCOPED_TRACE("cut after " + std::to_string(at));
    // The making of a store is cut in every way each time, its life in one way in turn.
    for (std::size_t way = 0; way < 4; ++way) {
      if (at < making || at % (4 * stride) == way * stride)
        expect_recovers(cut(files, way, rng), promised);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(store, unsynced_writes, testing::Values(false, true), [](const auto& p) {
  return p.param ? "while_trimming" : "while_growing";
});

}  // namespace
}  // namespace switchboard::store
