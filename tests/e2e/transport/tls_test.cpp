#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/e2e/transport/raw_socket.hpp"
#include "tests/e2e/transport/transport_fixture.hpp"

namespace switchboard::e2e {
namespace {

/// A self-signed certificate for 127.0.0.1, made for this test and gone with it.
class certificate {
 public:
  certificate()
      : directory_(std::filesystem::temp_directory_path() /
                   ("tls_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directory(directory_);
    auto key = EVP_EC_gen("P-256");
    auto cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    auto name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(cert, name);
    auto host = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(cert, host, -1);
    X509_EXTENSION_free(host);
    X509_sign(cert, key, EVP_sha256());
    save(certificate_file(), [&](FILE* f) { PEM_write_X509(f, cert); });
    save(key_file(),
         [&](FILE* f) { PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(cert);
    EVP_PKEY_free(key);
  }
  ~certificate() { std::filesystem::remove_all(directory_); }

  std::string certificate_file() const { return (directory_ / "cert.pem").string(); }
  std::string key_file() const { return (directory_ / "key.pem").string(); }

 private:
  static void save(const std::string& path, const std::function<void(FILE*)>& write) {
    auto f = std::fopen(path.c_str(), "w");
    write(f);
    std::fclose(f);
  }
  std::filesystem::path directory_;
};

}  // namespace

class tls : public transport_test {
 protected:
  channel::transport_options with_tls() const {
    channel::transport_options o;
    o.certificate_file = cert.certificate_file();
    o.private_key_file = cert.key_file();
    return o;
  }
  client::connection_options trusting() const {
    auto o = to_server();
    o.tls = true;
    o.ca_file = cert.certificate_file();
    return o;
  }
  certificate cert;
};

TEST_F(tls, a_client_that_trusts_the_certificate_is_served) {
  serve(with_tls());
  client::rpc_client c(trusting());
  auto connected = c.connect();
  ASSERT_TRUE(connected.has_value()) << connected.error().message;
  ASSERT_TRUE(c.hello({}).has_value());
  auto big = text_map(std::string(60'000, 'x'));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(c.call("echo", big).value_or(""), big);
}

TEST_F(tls, many_calls_outstanding_are_all_answered) {
  serve(with_tls());
  client::rpc_client c(trusting());
  ASSERT_TRUE(c.connect().has_value());
  ASSERT_TRUE(c.hello({}).has_value());
  std::atomic<int> answered{0};
  for (int i = 0; i < 2'000; ++i)
    c.call_async("echo", text_map("x"), [&](auto a) { answered += a.has_value(); });
  EXPECT_TRUE(eventually([&] { return answered == 2'000; }));
}

TEST_F(tls, a_client_that_does_not_trust_it_refuses) {
  serve(with_tls());
  auto o = trusting();
  o.ca_file.clear();
  client::rpc_client c(o);
  auto connected = c.connect();
  ASSERT_FALSE(connected.has_value());
  EXPECT_NE(connected.error().message.find("TLS"), std::string::npos);
  EXPECT_TRUE(eventually([&] { return counters().connections_open == 0; }));
  EXPECT_EQ(counters().tls_failures, 1u);
}

TEST_F(tls, plain_bytes_on_a_tls_port_are_refused) {
  serve(with_tls());
  raw_socket s(server->port());
  s.send("GET / HTTP/1.1\r\nHost: example\r\n\r\n");
  EXPECT_TRUE(s.closes(millis{2'000}));
}

TEST_F(tls, a_handshake_never_begun_ends_at_the_hello_deadline) {
  auto o = with_tls();
  o.hello_deadline = millis{150};
  serve(o);
  raw_socket s(server->port());
  EXPECT_TRUE(s.closes(millis{1'500}));
}

TEST_F(tls, a_service_may_close_after_its_answer) {
  serve(with_tls());
  client::rpc_client c(trusting());
  ASSERT_TRUE(c.connect().has_value());
  ASSERT_TRUE(c.hello({}).has_value());
  EXPECT_TRUE(c.call("quit", "\x80").has_value());
  EXPECT_TRUE(eventually([&] { return !c.open(); }));
  server->stop();
}

TEST_F(tls, an_unreadable_certificate_is_said_at_start) {
  auto o = with_tls();
  o.port = 0;
  o.private_key_file = "no/such/key.pem";
  channel::tcp_server s(o, journal, service);
  auto started = s.start();
  ASSERT_FALSE(started.has_value());
  EXPECT_NE(started.error().message.find("no/such/key.pem"), std::string::npos);
}

}  // namespace switchboard::e2e
