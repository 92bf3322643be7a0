#include "adapters/web/side_worker.hpp"

#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace switchboard::web {
namespace {

TEST(side_worker, answers_come_from_beside_and_an_exception_costs_one_answer_only) {
  side_worker worker;
  std::promise<response> broken, good;
  aside(worker, [](const request&) -> response { throw std::runtime_error("no"); })(
      {}, [&](response r) { broken.set_value(std::move(r)); });
  request asked;
  asked.path = "/a";
  aside(worker, [](const request& r) { return plain(200, r.path); })(
      asked, [&](response r) { good.set_value(std::move(r)); });
  EXPECT_EQ(broken.get_future().get().status, 500u);
  EXPECT_EQ(good.get_future().get().body, "/a\n");
}

TEST(side_worker, whoever_comes_while_too_many_wait_is_told_so_at_once) {
  side_worker worker;
  std::promise<void> held, begun;
  worker.post([&] {
    begun.set_value();
    held.get_future().wait();
  });
  begun.get_future().wait();
  for (std::size_t i = 0; i < side_worker::most_queued; ++i) ASSERT_TRUE(worker.post([] {}));
  unsigned status = 0;
  aside(worker, [](const request&) { return plain(200, "late"); })(
      {}, [&](response r) { status = r.status; });
  EXPECT_EQ(status, 503u);
  held.set_value();
}

TEST(side_worker, nothing_runs_after_stop) {
  side_worker worker;
  worker.stop();
  bool ran = false;
  EXPECT_FALSE(worker.post([&] { ran = true; }));
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace switchboard::web
