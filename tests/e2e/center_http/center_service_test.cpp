#include "adapters/center_http/center_service.hpp"

#include <algorithm>
#include <future>
#include <set>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "runtime/hosting/wall_clock.hpp"
#include "tests/e2e/center_http/test_server.hpp"

/// A company's service asked for real: Apache answers, the proxy before it spoils the answers.
namespace switchboard::center {
namespace {

using testing::HasSubstr;
using steady = std::chrono::steady_clock;

class http_service : public testing::Test {
 protected:
  http_service() {
    for (auto id : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) {
      folder_.write("www/" + std::string(id) + ".json", "{\"id\":\"" + std::string(id) + "\"}");
    }
    options_.pool.endpoint = {false, "127.0.0.1", std::to_string(proxy.port()), ""};
    options_.deadline = millis{600};
    options_.retry.most = 0;
    options_.breaker.pause = millis{200};
    options_.breaker.probes = 1;
    options_.cache.fresh_for = millis{0};
    options_.cache.stale_for = millis{0};
    thread_ = std::thread([this] { io_.run(); });
  }
  ~http_service() override {
    io_.stop();
    thread_.join();
  }

  center_service& service() {
    if (!service_) {
      auto made = make_center_service(io_, options_, clock_, 1);
      EXPECT_TRUE(made) << (made ? "" : made.error().message);
      service_ = *made;
    }
    return *service_;
  }
  std::future<answered<document>> ask(const std::string& target, freshness f = freshness::kept) {
    auto said = std::make_shared<std::promise<answered<document>>>();
    service().fetch(target, f, [said](answered<document> a) { said->set_value(std::move(a)); });
    return said->get_future();
  }
  answered<document> now(const std::string& target, freshness f = freshness::kept) {
    return ask(target, f).get();
  }
  static std::string id_of(const answered<document>& a) {
    if (!a.value) return "error: " + a.value.error().message;
    return *a.value ? (**a.value).value("id", "?") : "none";
  }

  test_folder folder_;
  apache_server apache_{folder_};
  fault_proxy proxy{apache_.port()};
  service_options options_;
  wall_clock clock_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_;
  std::shared_ptr<center_service> service_;
};

TEST_F(http_service, one_connection_is_used_again_and_again) {
  for (auto target : {"/a.json", "/b.json", "/c.json", "/none.json", "/d.json"}) now(target);
  std::set<int> connections;
  for (auto [connection, serving] : proxy.requests()) connections.insert(connection);
  EXPECT_EQ(connections.size(), 1u);
  EXPECT_EQ(id_of(now("/a.json")), "a");
  EXPECT_EQ(id_of(now("/none.json")), "none");
}

TEST_F(http_service, a_connection_that_was_closed_while_idle_costs_no_failure) {
  proxy.mode("hangup");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(id_of(now("/a.json")), "a");
  EXPECT_EQ(service().health().failed, 0u);
  EXPECT_EQ(service().health().breaker, "closed");
}

TEST_F(http_service, a_failure_is_tried_again_and_the_caller_hears_nothing_of_it) {
  options_.retry = {.most = 2, .pause = millis{10}};
  proxy.mode("fail_first 2");
  EXPECT_EQ(id_of(now("/a.json")), "a");
  EXPECT_EQ(service().health().retries, 2u);
  EXPECT_EQ(service().health().failed, 0u);
}

TEST_F(http_service, every_kind_of_failure_ends_within_the_deadline_and_says_what_it_was) {
  options_.breaker.window = 1000;
  struct kind {
    const char *mode, *says;
  };
  for (auto [mode, says] :
       {kind{"status 500", "the service answered 500"}, kind{"garbage", "no JSON"},
        kind{"nonsense", "no answer that is HTTP"}, kind{"reset", "no answer that is HTTP"},
        kind{"hang", "no answer"}, kind{"status 403", "the service answered 403"},
        kind{"slow 2", "no answer"}}) {
    proxy.mode(mode);
    auto began = steady::now();
    auto answer = now("/a.json");
    ASSERT_FALSE(answer.value) << mode;
    EXPECT_THAT(answer.value.error().message, HasSubstr(says)) << mode;
    EXPECT_LT(steady::now() - began, millis{900}) << mode;
    EXPECT_THAT(service().health().last_trouble, HasSubstr(says)) << mode;
  }
}

TEST_F(http_service, a_host_where_nobody_listens_is_named_as_such) {
  options_.pool.endpoint.port = "1";
  auto answer = now("/a.json");
  ASSERT_FALSE(answer.value);
  EXPECT_EQ(answer.value.error().code, errc::unavailable);
  EXPECT_THAT(answer.value.error().message, HasSubstr("cannot connect"));
}

TEST_F(http_service, after_some_failures_nobody_is_sent_until_a_probe_succeeds) {
  proxy.mode("status 500");
  for (int i = 0; i < 5; ++i) now("/a.json");
  EXPECT_EQ(service().health().breaker, "open");
  auto before = proxy.requests().size();
  auto kept_back = now("/a.json");
  ASSERT_FALSE(kept_back.value);
  EXPECT_EQ(kept_back.value.error().code, errc::unavailable);
  EXPECT_EQ(proxy.requests().size(), before);
  EXPECT_EQ(service().health().kept_back, 1u);
  proxy.mode("pass");
  std::this_thread::sleep_for(millis{250});
  EXPECT_EQ(id_of(now("/a.json")), "a");
  EXPECT_EQ(service().health().breaker, "closed");
}

TEST_F(http_service, one_who_refuses_is_alive_and_opens_no_breaker) {
  proxy.mode("status 401");
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(now("/a.json").value);
  EXPECT_EQ(service().health().breaker, "closed");
  EXPECT_EQ(service().health().refused, 10u);
}

TEST_F(http_service, a_fresh_answer_is_asked_for_once) {
  options_.cache.fresh_for = millis{60'000};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(id_of(now("/a.json")), "a");
  EXPECT_EQ(proxy.requests().size(), 1u);
  EXPECT_EQ(id_of(now("/a.json", freshness::asked_anew)), "a");
  EXPECT_EQ(proxy.requests().size(), 2u);
}

TEST_F(http_service, an_older_answer_stands_in_for_one_that_fails_and_tells_its_age) {
  options_.cache.stale_for = millis{60'000};
  EXPECT_EQ(now("/a.json").age, millis{0});
  std::this_thread::sleep_for(millis{50});
  for (auto mode : {"status 500", "garbage", "reset"}) {
    proxy.mode(mode);
    auto answer = now("/a.json");
    EXPECT_EQ(id_of(answer), "a") << mode;
    EXPECT_GE(answer.age, millis{50}) << mode;
  }
  EXPECT_FALSE(now("/b.json").value);
}

TEST_F(http_service, a_slow_service_is_not_waited_for_when_an_older_answer_is_at_hand) {
  options_.cache.stale_for = millis{60'000};
  options_.stale_after = millis{50};
  now("/a.json");
  folder_.write("www/a.json", "{\"id\":\"newer\"}");
  proxy.mode("slow 0.3");
  auto began = steady::now();
  EXPECT_EQ(id_of(now("/a.json")), "a");
  EXPECT_LT(steady::now() - began, millis{250});
  // The new answer is taken up when it comes.
  std::this_thread::sleep_for(millis{400});
  proxy.mode("status 500");
  EXPECT_EQ(id_of(now("/a.json")), "newer");
}

TEST_F(http_service, equal_questions_asked_at_once_go_out_once) {
  proxy.mode("slow 0.1");
  std::vector<std::future<answered<document>>> all;
  for (int i = 0; i < 50; ++i) all.push_back(ask("/a.json"));
  for (auto& one : all) EXPECT_EQ(id_of(one.get()), "a");
  EXPECT_EQ(proxy.requests().size(), 1u);
}

TEST_F(http_service, no_more_calls_are_out_than_may_be_and_no_more_wait) {
  options_.in_flight = 2;
  options_.waiting = 4;
  proxy.mode("slow 0.05");
  std::vector<std::future<answered<document>>> all;
  for (auto id : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    all.push_back(ask("/" + std::string(id) + ".json"));
  }
  int refused = 0;
  for (auto& one : all) {
    auto answer = one.get();
    refused += !answer.value && answer.value.error().code == errc::resource_exhausted;
  }
  EXPECT_EQ(refused, 2);
  auto seen = proxy.requests();
  EXPECT_EQ(seen.size(), 6u);
  for (auto [connection, serving] : seen) EXPECT_LE(serving, 2);
}

TEST_F(http_service, calls_that_wait_for_a_place_have_the_same_deadline) {
  options_.in_flight = 1;
  proxy.mode("hang");
  auto first = ask("/a.json"), second = ask("/b.json");
  auto began = steady::now();
  EXPECT_EQ(second.get().value.error().code, errc::deadline_exceeded);
  EXPECT_EQ(first.get().value.error().code, errc::deadline_exceeded);
  EXPECT_LT(steady::now() - began, millis{900});
  proxy.mode("pass");
  EXPECT_EQ(id_of(now("/c.json")), "c");
}

TEST_F(http_service, the_proof_of_who_asks_goes_with_each_request) {
  options_.proof = {credential_kind::hmac, "key1", "s3cret"};
  now("/a.json");
  EXPECT_THAT(proxy.log(), HasSubstr("x-key-id=key1"));
  EXPECT_THAT(proxy.log(), HasSubstr("x-signature="));
}

TEST_F(http_service, an_answer_longer_than_the_limit_is_refused) {
  options_.pool.answer_bytes = 1024;
  folder_.write("www/big.json", "\"" + std::string(5000, 'x') + "\"");
  EXPECT_FALSE(now("/big.json").value);
  EXPECT_EQ(id_of(now("/a.json")), "a");
}

class https_service : public http_service {
 protected:
  std::string over_tls(const std::string& host, const std::string& ca) {
    options_.pool.endpoint = {true, host, std::to_string(secure_.port()), ""};
    options_.pool.ca_file = ca.empty() ? "" : folder_.path(ca);
    options_.deadline =
        millis{5'000};  // it is about trust here, and a handshake takes its time on a busy machine
    return id_of(now("/a.json"));
  }
  apache_server secure_{folder_, true};
};

TEST_F(https_service, a_service_is_asked_over_tls) {
  EXPECT_EQ(over_tls("127.0.0.1", "ca.pem"), "a");
  // It is counted once it lies in the pool again, a moment after the answer.
  for (int i = 0; i < 500 && service().health().connections == 0; ++i)
    std::this_thread::sleep_for(millis{10});
  EXPECT_EQ(service().health().connections, 1u);
}

TEST_F(https_service, one_who_is_not_who_was_meant_is_not_asked) {
  EXPECT_THAT(over_tls("127.0.0.2", "ca.pem"), HasSubstr("no TLS with the service"));
}

TEST_F(https_service, one_nobody_trusted_vouches_for_is_not_asked) {
  EXPECT_THAT(over_tls("127.0.0.1", ""), HasSubstr("no TLS with the service"));
}

}  // namespace
}  // namespace switchboard::center
