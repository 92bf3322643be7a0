#include "runtime/hosting/worker_progress.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(worker_progress, workers_that_sleep_with_nothing_to_do_get_on) {
  EXPECT_TRUE(advanced({{{4, 4}, {7, 7}}, 0}, {{{4, 4}, {7, 7}}, 0}));
}

TEST(worker_progress, a_worker_that_sits_in_one_job_does_not_however_busy_the_other_is) {
  EXPECT_FALSE(advanced({{{4, 3}, {7, 7}}, 0}, {{{4, 3}, {900, 900}}, 0}));
  EXPECT_TRUE(advanced({{{4, 3}, {7, 7}}, 0}, {{{5, 4}, {900, 900}}, 0}));
}

TEST(worker_progress, jobs_that_wait_while_all_workers_sleep_are_no_progress) {
  EXPECT_FALSE(advanced({{{4, 4}, {7, 7}}, 3}, {{{4, 4}, {7, 7}}, 3}));
  EXPECT_TRUE(advanced({{{4, 4}, {7, 7}}, 3}, {{{6, 6}, {7, 7}}, 3}));
  EXPECT_TRUE(advanced({{{4, 4}, {7, 7}}, 0}, {{{4, 4}, {7, 7}}, 3}));
}

TEST(worker_progress, the_first_look_finds_no_fault) {
  EXPECT_TRUE(advanced({}, {{{4, 3}, {7, 7}}, 3}));
}

}  // namespace
}  // namespace switchboard
