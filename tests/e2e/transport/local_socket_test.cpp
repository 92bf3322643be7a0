#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/e2e/transport/transport_fixture.hpp"

namespace switchboard::e2e {

namespace fs = std::filesystem;

class local_socket : public transport_test {
 protected:
  local_socket() { fs::create_directory(directory_); }
  ~local_socket() override {
    server.reset();
    fs::remove_all(directory_);
  }

  std::string path() const { return (directory_ / "client.sock").string(); }
  channel::transport_options at_path() const {
    channel::transport_options o;
    o.unix_path = path();
    return o;
  }
  std::unique_ptr<client::rpc_client> connect_local() const {
    client::connection_options o;
    o.unix_path = path();
    auto c = std::make_unique<client::rpc_client>(o);
    auto connected = c->connect();
    EXPECT_TRUE(connected.has_value()) << connected.error().message;
    EXPECT_TRUE(c->hello({}).has_value());
    return c;
  }
  result<void> start_second() {
    channel::tcp_server second(at_path(), journal, service);
    return second.start();
  }
  /// What a killed process leaves: a bound socket's file with nobody behind it.
  void leave_stale_file() const {
    auto fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path().copy(at.sun_path, sizeof at.sun_path - 1);
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ::close(fd);
  }

 private:
  fs::path directory_ =
      fs::temp_directory_path() / ("local_socket_test_" + std::to_string(::getpid()));
};

TEST_F(local_socket, a_call_is_answered_over_it_and_the_peer_is_local_and_plain) {
  serve(at_path());
  auto c = connect_local();
  EXPECT_EQ(c->call("echo", text_map("hello")), text_map("hello"));
  EXPECT_EQ(server->port(), 0);
  ASSERT_EQ(service.peers().size(), 1u);
  EXPECT_EQ(service.peers().front()->remote_address(), "local");
  EXPECT_FALSE(service.peers().front()->encrypted());
}

TEST_F(local_socket, answers_wait_for_the_journal_as_over_tcp) {
  serve(at_path());
  auto c = connect_local();
  std::atomic<bool> there{false};
  c->call_async("gated", map_of({{"after", 5}}), [&](auto answer) { there = answer.has_value(); });
  ASSERT_TRUE(eventually([&] { return service.calls == 2; }));
  journal.commit(4);
  std::this_thread::sleep_for(millis{50});
  EXPECT_FALSE(there);
  journal.commit(5);
  EXPECT_TRUE(eventually([&] { return there.load(); }));
}

TEST_F(local_socket, certificate_and_public_address_do_not_matter_to_it) {
  auto o = at_path();
  o.address = "0.0.0.0";
  o.certificate_file = "no such file";
  serve(o);
  EXPECT_TRUE(connect_local()->call("echo", "\x80").has_value());
}

TEST_F(local_socket, only_this_user_may_open_it) {
  serve(at_path());
  struct stat found {};
  ASSERT_EQ(::stat(path().c_str(), &found), 0);
  EXPECT_TRUE(S_ISSOCK(found.st_mode));
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
}

TEST_F(local_socket, its_file_goes_when_the_server_stops) {
  serve(at_path());
  ASSERT_TRUE(fs::exists(path()));
  server->stop();
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(local_socket, a_file_that_a_killed_process_left_is_replaced) {
  leave_stale_file();
  serve(at_path());
  EXPECT_TRUE(connect_local()->call("echo", "\x80").has_value());
}

TEST_F(local_socket, a_socket_in_use_is_left_alone) {
  serve(at_path());
  auto second = start_second();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, errc::unavailable);
  EXPECT_TRUE(connect_local()->call("echo", "\x80").has_value());
}

TEST_F(local_socket, a_file_that_is_no_socket_is_left_alone) {
  std::ofstream(path()) << "precious";
  auto started = start_second();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, errc::failed_precondition);
  EXPECT_EQ(fs::file_size(path()), 8u);
}

TEST_F(local_socket, a_path_the_system_cannot_hold_is_refused) {
  auto o = at_path();
  o.unix_path += std::string(200, 'x');
  channel::tcp_server s(o, journal, service);
  auto started = s.start();
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, errc::invalid_argument);
}

}  // namespace switchboard::e2e
