#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "adapters/web/web_server.hpp"
#include "tests/e2e/transport/raw_socket.hpp"

namespace switchboard::e2e {

/// A listener on a free port, with "/ok", "/echo" (POST), "/page", "/large" and "/never".
class web_test : public testing::Test {
 protected:
  void serve(web::web_options o = {}) {
    web::router r;
    r.add("GET", "/ok",
          [](const web::request&, const web::answer& to) { to(web::plain(200, "fine")); });
    r.add("POST", "/echo", [](const web::request& what, const web::answer& to) {
      web::response out;
      out.body = what.body;
      to(std::move(out));
    });
    r.add("GET", "/large", [](const web::request&, const web::answer& to) {
      web::response out;
      out.body = std::string(32u << 20, 'x');
      to(std::move(out));
    });
    r.add("GET", "/page", [](const web::request&, const web::answer& to) {
      web::response out;
      out.body = std::string(64u << 10, 'x');
      to(std::move(out));
    });
    r.add("GET", "/never",
          [this](const web::request&, const web::answer& to) { unanswered.push_back(to); });
    server = std::make_unique<web::web_server>(o, std::move(r));
    auto started = server->start();
    ASSERT_TRUE(started.has_value()) << started.error().message;
  }
  raw_socket connect() const { return raw_socket(server->port()); }
  static std::string get(const std::string& path, const std::string& more = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n";
  }
  /// One request on a line of its own; all that came back.
  std::string ask(const std::string& text, millis within = millis{2'000}) const {
    auto line = connect();
    line.send(text);
    std::string all;
    line.closes(within, &all);
    return all;
  }
  std::string ask_ok() const { return ask(get("/ok", "Connection: close\r\n")); }
  static bool eventually(const std::function<bool()>& holds, millis within = millis{3'000}) {
    auto until = std::chrono::steady_clock::now() + within;
    while (!holds()) {
      if (std::chrono::steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(millis{2});
    }
    return true;
  }

  std::vector<web::answer> unanswered;
  std::unique_ptr<web::web_server> server;
};

}  // namespace switchboard::e2e
